"""A corpus into the same site for Hugo: the same pages, facets and lists of twenty.

Hugo's settings and templates are in ``hugo/``; they print the same head, box, body and rows as
Gongkai's theme. What Hugo cannot do is left out: a search index and an account of the sources.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from bench.corpus import (
    ANNOTATION,
    HERE,
    ROOT,
    VOCABULARIES,
    Corpus,
    Item,
    Office,
    guide_text,
    own_columns,
    settle,
    write,
)
from gongkai.domain import vocab

# taxonomy → its name; the first eight are the facets of gongkai.derive.directory
TAXONOMIES = {
    "agency": "按单位",
    "column": "按栏目",
    "subject": "按主题",
    "genre": "按体裁",
    "instrument": "按文件性质",
    "year": "按年份",
    "article20": "按法定公开事项",
    "validity": "按有效性",
    "lapsed": "废止和失效文件",
    "tree": "栏目",
    "unitcolumn": "单位栏目",
    "unityear": "单位年份",
}
APART_WHEN_LAPSED = ("regulations", "normative")
ALWAYS_THERE = ("tree", "unitcolumn", "lapsed")  # have a page though no entry stands there


def write_hugo(corpus: Corpus, folder: Path) -> None:
    """Write Hugo's project into ``folder``, which must not exist."""
    shutil.copytree(HERE / "hugo", folder)
    shutil.copytree(ROOT / "theme" / "assets", folder / "static" / "assets")
    terms = _terms(corpus)
    site = yaml.safe_load((HERE / "site.yml").read_text("utf-8"))
    for name, value in {"site": site, "labels": terms, "columns": _columns()}.items():
        text = json.dumps(value, ensure_ascii=False, indent=1, default=str)
        write(folder / "data" / f"{name}.json", text)
    content = folder / "content"
    for taxonomy, label in TAXONOMIES.items():
        write(content / taxonomy / "_index.md", _page({"title": label}))
        for weight, (code, name) in enumerate(terms[taxonomy].items(), 1):
            page = _page({"title": name, "weight": weight})
            write(content / taxonomy / code / "_index.md", page)
    for office in corpus.offices:
        for path, page in _office_pages(office):
            write(content / path, page)
    for item in corpus.items:
        write(content / hugo_path(item), hugo_text(item))
    settle(folder)


def hugo_path(item: Item) -> str:
    """Return where an entry stands below Hugo's content/; the first folder is its section."""
    return f"{item.office.id}/{item.issued.year}-{item.serial:05d}.md"


def hugo_text(item: Item) -> str:
    """Return one entry as Hugo's page."""
    front: dict[str, object] = {
        "title": item.title,
        "date": f"{item.published:%Y-%m-%dT%H:%M:00}+08:00",
        "url": f"/i/{item.number}.html",
        "number": item.number,
        "issued": f"{item.issued}",
        "document_number": item.document_number,
        "kind_of": item.kind,
        "agency_id": item.office.id,
        "column_id": item.column,
        "addressees": item.addressees,
        "annotation": ANNOTATION if item.document_number else "",
        "keywords": item.keywords or item.tags,
        "channels": "、".join(item.channels) or "政府网站",
        "effective": str(item.effective or ""),
        "expires": str(item.expires or ""),
        "repealed": str(item.repealed or ""),
        "relations": [
            {"group": group, "page": f"/{hugo_path(other).removesuffix('.md')}"}
            for group, other in item.relations
        ],
        **_classes(item),
    }
    target = f"/i/{item.link.number}.html" if item.link else ""
    return _page({key: value for key, value in front.items() if value}, item.body(target))


def _classes(item: Item) -> dict[str, list[str]]:
    """Return the terms of an entry by taxonomy, as ``build_directory`` files it."""
    columns, chain, code = _columns(), [], item.column
    while code and not (item.is_lapsed and item.column in APART_WHEN_LAPSED):
        chain.append(code)
        code = columns[code]["parent"]
    agency, year = item.office.id, str(item.issued.year)
    return {
        "agency": [agency],
        "column": [item.column],
        "subject": [item.subject.lower()],
        "genre": [item.genre],
        "instrument": [item.standing],
        "year": [year],
        "article20": [str(item.article_20 or columns[item.column]["article_20"])],
        "validity": [item.validity],
        "lapsed": ["lapsed"] if item.is_lapsed else [],
        "tree": chain,
        "unitcolumn": [f"{agency}-{code}" for code in chain],
        "unityear": [f"{agency}-{year}"],
    }


def _terms(corpus: Corpus) -> dict[str, dict[str, str]]:
    """Return code and label of each taxonomy's terms, in order; Hugo writes codes in lower case."""
    columns = {code: facts["name"] for code, facts in _columns().items() if not facts["page"]}
    years = {str(year): f"{year}年" for year in range(2026, 2014, -1)}
    used: dict[str, set[str]] = {}
    for item in corpus.items:
        for taxonomy, codes in _classes(item).items():
            used.setdefault(taxonomy, set()).update(codes)
    named: dict[str, Mapping[str, str]] = {
        "agency": {o.id: o.name for o in corpus.offices},
        "column": columns,
        "subject": _vocabulary("subjects"),
        "genre": _vocabulary("genres"),
        "instrument": vocab.INSTRUMENT_LABELS,
        "year": years,
        "article20": _vocabulary("article-20"),
        "validity": vocab.VALIDITY_LABELS,
        "lapsed": {"lapsed": TAXONOMIES["lapsed"]},
        "tree": columns,
        "unitcolumn": _crossed(corpus.offices, columns),
        "unityear": _crossed(corpus.offices, years),
    }
    return {
        taxonomy: {
            code: name
            for code, name in terms.items()
            if taxonomy in ALWAYS_THERE or code in used[taxonomy]
        }
        for taxonomy, terms in named.items()
    }


def _crossed(offices: tuple[Office, ...], terms: Mapping[str, str]) -> dict[str, str]:
    return {f"{o.id}-{code}": f"{o.short}：{name}" for o in offices for code, name in terms.items()}


def _vocabulary(name: str) -> dict[str, str]:
    written = yaml.safe_load((VOCABULARIES / f"{name}.yml").read_text("utf-8"))
    return {term["code"].lower(): term["name"] for term in written["terms"]}


@cache
def _columns() -> dict[str, dict[str, Any]]:
    """Return what templates and lists need of each column, parents first."""
    preset = resources.files("gongkai").joinpath("presets", "statutory.yml").read_text("utf-8")
    found: dict[str, dict[str, Any]] = {}

    def add(columns: list[dict[str, Any]], parent: str) -> None:
        for column in columns:
            found[column["code"]] = {
                "name": column["name"],
                "type": column.get("type", "信息公开目录"),
                "description": column.get("description", column["name"]),
                "article_20": column.get("article_20", ["15"])[0],
                "page": column.get("page", ""),
                "parent": parent,
            }
            add(column.get("children", []), column["code"])

    for text in (preset, own_columns()):
        add(yaml.safe_load(text)["columns"], "")
    return found


def _office_pages(office: Office) -> Iterator[tuple[str, str]]:
    """Yield an agency's platform, guide, request page and empty list of reports."""
    home, about = f"/a/{office.id}", {"agency_id": office.id}
    yield (
        f"{office.id}/_index.md",
        _page({"title": office.name, "url": f"{home}/index.html"} | about),
    )
    _, fields, text = guide_text(office).split("---\n", 2)
    items = "\n".join(f"- {line}" for line in fields.splitlines())
    for name, title, body in (
        ("guide", "政府信息公开指南", f"{text}\n{items}\n"),
        ("apply", "依申请公开", text),
        ("report/index", "政府信息公开年报", "尚无年报。\n"),
    ):
        front = {"title": f"{office.name}{title}", "url": f"{home}/{name}.html"} | about
        yield f"pages/{office.id}-{name.split('/')[0]}.md", _page(front, body)


def _page(front: Mapping[str, object], body: str = "") -> str:
    """Return a page; a JSON value is a YAML value too, and is never misread."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
    return "\n".join(["---", *lines, "---", body])

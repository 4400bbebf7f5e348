"""Every string field that an author can fill, filled with hostile text: what comes out is inert.

The fields are found by looking at the models, so that a new one is tried without a change here.
A field whose own rules refuse the text is given back what it held; all others keep it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import types
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import openpyxl
import pytest
from lxml import etree

import inert
from acceptance.project import Project, demonstration
from gongkai.domain.agency import Agency
from gongkai.domain.assessment import Assessment, Sheet
from gongkai.domain.corpus import Judged
from gongkai.domain.guide import Guide
from gongkai.domain.kinds import KINDS
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.site import Site
from gongkai.domain.values import Item
from gongkai.intake.front_matter import read_front_matter, read_yaml
from gongkai.intake.settings import ColumnsFile, TermsFile, WithdrawnFile
from gongkai.kernel.place import Located
from gongkai.kernel.problems import Problem, Severity
from gongkai.pipeline.build import Build, Options

PAYLOADS = {
    "markup": "=1+1|{n}\"'><xpay onxpay=x><img src=x onerror=xpay()></title></script>{{{{7*7}}}}"
    "<!--",
    "scheme": "javascript:xpay({n})//\"'><xpay onxpay=x>",
}
GRAVE = """\
withdrawn:
  - {index_number: QH0000028/2026-09999, withdrawn_on: 2026-11-01, reason: error, title: 旧通知}
"""
# free text by its nature: were one of these refused, the test would prove nothing
FREE = {
    "Entry.title",
    "Entry.summary",
    "Entry.source",
    "Agency.name",
    "Agency.introduction",
    "Leader.duties",
    "Site.description",
    "Term.name",
    "Tombstone.note",
    "Guide.title",
}
# what other files name things by; hostile ones are tried in tests/golden
CODES = {
    "Agency.codes",
    "ColumnSpec.agencies",
    "ColumnSpec.code",
    "ColumnSpec.owner",
    "ColumnSpec.period",
    "PresetUse.agencies",
    "PresetUse.owner",
    "IndexNumberForm.regex",
    "Site.attachment_types",
    "Term.code",
}


@dataclass
class Source:
    """One file whose string fields are made hostile."""

    path: str
    model: type[Item]
    data: dict[str, Any]
    body: str
    refused: dict[str, str] = field(default_factory=dict)  # dotted field → code
    filled: dict[str, str] = field(default_factory=dict)  # dotted field → Model.field
    held: dict[str, Any] = field(default_factory=dict)  # dotted field → what it held

    def text(self, payload: str) -> str:
        self.filled.clear()
        self.held.clear()
        filled = self._fill(self.model, self.data, "", payload)
        head = "".join(f"{key}: {json.dumps(v, ensure_ascii=False)}\n" for key, v in filled.items())
        return f"---\n{head}---\n{self.body}" if self.path.endswith(".md") else head

    def _fill(self, model: type[Item], data: dict[str, Any], at: str, payload: str) -> Any:
        out = dict(data)
        for name, info in model.model_fields.items():
            if model is Agency and name == "id":
                continue  # the folder's name
            key = info.title if info.title in data else name
            value = self._hostile(
                info.annotation, data.get(key), f"{at}{name}", f"{model.__name__}.{name}", payload
            )
            if value is not None:
                out[key] = value
        return out

    def _hostile(self, kind: Any, value: Any, at: str, name: str, payload: str) -> Any:
        if at in self.refused or name in CODES:
            return value
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        if get_origin(kind) in (Union, types.UnionType):
            kinds = [one for one in get_args(kind) if one is not type(None)]
            kind = str if str in kinds else kinds[0]
        if kind is str:
            self.filled[at], self.held[at] = name, value
            return payload.format(n=len(self.filled))
        if get_origin(kind) is tuple:
            values = value if isinstance(value, list) else [value]
            made = [
                self._hostile(get_args(kind)[0], one, f"{at}.{n}", name, payload)
                for n, one in enumerate(values)
            ]
            return [one for one in made if one is not None] or None
        if isinstance(kind, type) and issubclass(kind, Item):
            if value is None and name.startswith(f"{kind.__name__}."):
                return None  # a tree has no end
            given = value if isinstance(value, dict) else {}
            return self._fill(kind, given, f"{at}.", payload) or None
        return value

    def refuse(self, at: str, code: str) -> bool:
        """Give a field, or what holds it, back what it held; ``False`` when none is left."""
        while at in self.refused:
            at = at.rpartition(".")[0]
        if at:
            self.refused[at] = code
        return bool(at)


def plain(located: Any) -> Any:
    value = located.value if isinstance(located, Located) else located
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def source(content: Path, path: str, model: type[Item] | None) -> Source:
    text = (content / path).read_text("utf-8")
    if path.endswith(".md"):
        fields, body, _, _ = read_front_matter(path, text)
    else:
        fields, body = read_yaml(path, text, limit_kb=512)[0], ""
    assert fields is not None, path
    data = {key: plain(value) for key, value in fields.items()}
    return Source(path, model or KINDS[str(data.get("kind", "document"))].model, data, body)


def sources(content: Path) -> Iterator[Source]:
    """Yield one file of every kind that authors write."""
    kinds: set[str] = set()
    for file in sorted(content.glob("agencies/[cm]zj/catalogue/*/*.md")) + sorted(
        content.glob("agencies/*/catalogue/*/*.md")
    ):
        one = source(content, file.relative_to(content).as_posix(), None)
        kind = str(one.data.get("kind", "document"))
        if kind not in kinds and one.data.get("disclosure", "proactive") == "proactive":
            kinds.add(kind)
            yield one
    assert kinds == set(KINDS)
    (content / "agencies/mzj/withdrawn.yml").write_text(GRAVE, "utf-8")
    yield source(content, "agencies/mzj/withdrawn.yml", WithdrawnFile)
    yield source(content, "agencies/mzj/agency.yml", Agency)
    yield source(content, "agencies/mzj/guide.md", Guide)
    yield source(content, "agencies/mzj/reports/2025.md", AnnualReport)
    yield source(content, "site.yml", Site)
    yield source(content, "vocab/columns.yml", ColumnsFile)
    for name in ("article-20", "audiences", "channels", "genres", "reasons", "subjects"):
        yield source(content, f"vocab/{name}.yml", TermsFile)
    for file in sorted(content.glob("agencies/*/assessments/*.yml"))[:1]:
        yield source(content, file.relative_to(content).as_posix(), Assessment)
    for file in sorted(content.glob("vocab/assessments/*.yml"))[:1]:
        yield source(content, file.relative_to(content).as_posix(), Sheet)


def judge(project: Project) -> Judged:
    options = Options(project.content, project.root / "theme", project.cache, workers=1)
    build = Build(options)
    judged = build.load()
    build.cache.close()
    return judged


def places(judged: Judged, path: str) -> dict[tuple[int, int], str]:
    """Return the dotted field that was written at each place of a file."""
    corpus = judged.corpus
    records: list[Any] = [*corpus.entries, *corpus.guides.values(), *corpus.reports]
    records += corpus.assessments.values()
    written = next((r.places for r in records if r.path == path), corpus.places.get(path, {}))
    return {tuple(at): dotted for dotted, at in written.items()}


def located(one: Source, problem: Problem, judged: Judged) -> str:
    """Return the field that a problem is about, or nothing where it names the whole file."""
    at = places(judged, one.path).get((problem.place.line, problem.place.column), "")
    return at or str(problem.facts.get("key", ""))


def refuse(found: dict[str, Source], problems: list[Problem], judged: Judged) -> None:
    """Give back the fields that problems are about; of a whole file, when nothing else is left."""
    told = [
        found[x.place.path].refuse(located(found[x.place.path], x, judged), x.code.id)
        for x in problems
    ]
    if any(told):
        return
    for problem in problems:
        one = found[problem.place.path]
        rest = [a for a in one.filled if a not in one.refused]
        one.refuse(rest[-1] if rest else "", problem.code.id)


@pytest.fixture(scope="module", params=list(PAYLOADS))
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, list[Source]]:
    """The demonstration with every free text hostile, built."""
    project = demonstration(tmp_path_factory.mktemp("hostile") / "project")
    shutil.rmtree(project.content / "ledger")  # what it says was published is another text
    found = {one.path: one for one in sources(project.content)}
    payload = PAYLOADS[request.param]
    for _ in range(25):
        for one in found.values():
            project.write(one.path, one.text(payload))
        judged = judge(project)
        errors = [x for x in judged.problems if x.severity is Severity.ERROR]
        if not errors:
            break
        own = [x for x in errors if x.place.path in found]
        refuse(found, own, judged)
        if not own:  # what other files name is a name, and no free text
            named = {str(x.facts.get("value", "")) for x in errors}
            hits = [(s, at) for s in found.values() for at, v in s.held.items() if v in named]
            assert hits, errors[0].line()
            for one, at in hits:
                one.refuse(at, "named elsewhere")
    else:
        raise AssertionError([x.line() for x in errors][:10])
    project.build()
    return project, list(found.values())


def test_free_text_is_not_refused(hostile: tuple[Project, list[Source]]) -> None:
    _, made = hostile
    kept = {name for one in made for name in one.filled.values()}
    assert kept >= FREE, FREE - kept
    assert len(kept) > 60
    # what was refused was refused by a rule of its own, and of no file everything
    for one in made:
        assert one.filled, (one.path, one.refused)


def test_no_page_is_live(hostile: tuple[Project, list[Source]]) -> None:
    project, _ = hostile
    seen = 0
    for address, data in project.tree().items():
        if address.endswith(".html"):
            assert inert.faults(data) == [], address
            seen += inert.MARK.encode() in data
    assert seen > 50, "the hostile text is on the pages, as text"


def test_every_xml_file_holds_the_text_as_text(hostile: tuple[Project, list[Source]]) -> None:
    for address, data in hostile[0].tree().items():
        if address.endswith((".xml", ".svg", ".atom", ".rss")):
            check_xml(address, data)


def check_xml(address: str, data: bytes) -> None:
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    for node in root.iter():
        assert isinstance(node.tag, str) or inert.MARK not in (node.text or ""), address
        names = [str(node.tag), *map(str, node.attrib)]
        assert not [n for n in names if inert.MARK in n.rpartition("}")[2]], address
        for name, value in node.attrib.items():
            is_target = str(name).rpartition("}")[2].lower() in ("href", "target", "url", "src")
            assert not (is_target and re.match(r"\s*javascript:", value, re.I)), (address, value)
        if str(node.tag).rpartition("}")[2].lower() in ("link", "loc", "id", "guid", "url"):
            assert not re.match(r"\s*javascript:", node.text or "", re.I), (address, node.text)


def test_every_table_opens_without_a_formula(hostile: tuple[Project, list[Source]]) -> None:
    for address, data in hostile[0].tree().items():
        if address.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
                live = [c for c in row if re.match(r"[=+@\t\r]|-(?![\d.])", c)]
                assert live == [], address
        elif address.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(data))
            for sheet in book.worksheets:
                for cells in sheet.iter_rows():
                    for cell in cells:
                        is_formula = cell.data_type == "f" and inert.MARK in str(cell.value)
                        assert not is_formula, (address, cell.coordinate)
                        assert cell.hyperlink is None or not re.match(
                            r"javascript:", str(cell.hyperlink.target), re.I
                        ), address


def test_office_files_are_whole_and_hold_no_field(hostile: tuple[Project, list[Source]]) -> None:
    for address, data in hostile[0].tree().items():
        if address.endswith((".docx", ".xlsx")):
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                for name in package.namelist():
                    if name.endswith((".xml", ".rels")):
                        part = package.read(name)
                        check_xml(f"{address} {name}", part)
                        fields = re.findall(rb"<w:instrText[^>]*>([^<]*)<", part)
                        assert not [f for f in fields if inert.MARK.encode() in f], address


def test_data_for_programs_is_data(hostile: tuple[Project, list[Source]]) -> None:
    project, _ = hostile
    for address, data in project.tree().items():
        assert inert.MARK not in address and not re.search(r"[<>\"'{}|\x00-\x1f]", address), address
        if address.endswith((".json", ".jsonl", ".geojson", ".webmanifest")):
            for line in data.decode().splitlines() if address.endswith("jsonl") else [data]:
                json.loads(line)
        elif address.endswith((".js", ".mjs", ".css", ".map", ".conf", ".tsv")):
            assert not re.search(r"(?m)^[^\"']*onxpay", data.decode("utf-8")), address


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
def test_nothing_of_it_runs_in_a_browser_without_a_policy(
    hostile: tuple[Project, list[Source]],
) -> None:
    """The pages are opened from disk, where no header protects them."""
    project, _ = hostile
    marked = [
        address
        for address, data in project.tree().items()
        if address.endswith(".html") and inert.MARK.encode() in data
    ]
    kinds = {re.sub(r"[0-9a-z-]*[0-9][0-9a-z-]*", "0", a, flags=re.I): a for a in marked}
    assert len(kinds) > 10
    chosen = [(project.site / address).as_uri() for address in sorted(kinds.values())[:40]]
    with ThreadPoolExecutor(1) as thread:  # another test's browser may live in this one
        assert thread.submit(what_runs, chosen).result() == []


def what_runs(pages: list[str]) -> list[str]:
    """Open pages one after the other; return what ran, asked or spoke."""
    from playwright.sync_api import sync_playwright

    wrong: list[str] = []
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page()
        page.add_init_script("globalThis.xpay = () => { globalThis.xpaid = true; alert('xpay'); }")
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda r: r.url.startswith("file:") or wrong.append(f"asks for {r.url}"))
        page.on("console", lambda m: inert.MARK in m.text and wrong.append(f"console: {m.text}"))
        for address in pages:
            page.goto(address, wait_until="load")
            if page.evaluate("globalThis.xpaid === true"):
                wrong.append(f"{address}: it ran")
            found = page.evaluate("document.querySelectorAll('xpay, [onxpay], [onerror]').length")
            if found:
                wrong.append(f"{address}: {found} live elements")
        browser.close()
    return wrong


def test_verify_has_nothing_to_say(hostile: tuple[Project, list[Source]]) -> None:
    result = hostile[0].run("verify")
    assert "活动内容" not in result.said, result.said

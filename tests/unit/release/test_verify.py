"""A published folder is read as a browser would: what a drawing may hold, and what is named."""

from __future__ import annotations

import hashlib
import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.release.pages import Reader
from gongkai.release.verify import verify
from gongkai.views import chart
from served_copy import ROWS, commitment, put, relist, tiles, write_checkpoint, write_ledger


def site_with(folder: Path, body: str, **others: str) -> list[str]:
    """Return what is found in a sound site of one page with ``body``, and of other files."""
    content, site = folder / "content", folder / "site"
    (site / "data").mkdir(parents=True)
    content.mkdir(exist_ok=True)
    files = {
        "index.html": f"<!doctype html><title>首页</title><body>{body}</body>",
        "data/build.json": json.dumps({"files": {}, "counts": {}}),
        "data/catalogue.json": json.dumps({"entries": []}),
        **others,
    }
    lines = []
    for address, text in files.items():
        data = text.encode()
        (site / address).parent.mkdir(parents=True, exist_ok=True)
        (site / address).write_bytes(data)
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        lines.append(f"{digest}\t{len(data)}\t{address}\n")
    (site / "data" / "manifest.tsv").write_text("".join(lines), "utf-8")
    return verify(content, site)[0]


CHARTS = {
    "bars": chart.bars("图", [("网站", Decimal(46)), ("微信", Decimal(0))], "条"),
    "lines": chart.series(
        "图", (2023, 2024, 2025), [("收到", [Decimal(1), None, Decimal(3)])], "件"
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_no_active_content(tmp_path: Path, name: str) -> None:
    assert "<svg" in CHARTS[name].svg
    assert site_with(tmp_path, CHARTS[name].svg) == []


def test_a_drawing_of_shapes_and_words_is_no_active_content(tmp_path: Path) -> None:
    drawing = (
        '<svg role="img" aria-labelledby="t"><title id="t">图</title><desc>说明</desc>'
        '<defs><pattern id="p" width="4" height="4"><path d="M0 0h4"/></pattern></defs>'
        '<g><rect width="1" height="1" fill="url(#p)"/><circle r="1"/><line x1="0" x2="1"/>'
        '<polyline points="0,0 1,1"/><polygon points="0,0 1,1 1,0"/>'
        "<text>46<tspan>条</tspan></text></g></svg>"
    )
    assert site_with(tmp_path, drawing) == []


ACTIVE = {
    "a script": '<script src="index.html"></script>',
    "a script of its own": "<script>alert(1)</script>",
    "a style sheet": "<style>@import 'https://a.example/x.css'</style>",
    "a link": '<a href="index.html"><text>x</text></a>',
    "a link of old": '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
    "foreign content": "<foreignObject><p>x</p></foreignObject>",
    "a copy of something": '<use href="https://a.example/x.svg#a"/>',
    "a copy of old": '<use xlink:href="#a"/>',
    "a picture": '<image href="https://a.example/x.png"/>',
    "a movement": '<animate attributeName="href" to="javascript:alert(1)"/>',
    "a change": '<set attributeName="href" to="javascript:alert(1)"/>',
    "a filter": "<filter><feImage/></filter>",
    "a pattern of another's": '<pattern href="https://a.example/x.svg#p"></pattern>',
    "a handler": '<rect onclick="alert(1)"/>',
    "a style": '<rect style="fill:url(https://a.example/x)"/>',
}


@pytest.mark.parametrize("part", ACTIVE.values(), ids=ACTIVE.keys())
def test_what_could_run_or_load_in_a_drawing_is_named(tmp_path: Path, part: str) -> None:
    found = site_with(tmp_path, f"<svg>{part}</svg>")
    assert any(one.startswith("index.html: 含有活动内容 ") for one in found), found


@pytest.mark.parametrize("part", ["<use href='#a'/>", "<foreignObject></foreignObject>"])
def test_what_is_named_is_the_part_and_that_it_is_in_a_drawing(tmp_path: Path, part: str) -> None:
    name = part[1:].split(" ")[0].split(">")[0].lower()
    assert site_with(tmp_path, f"<svg>{part}</svg>") == [f"index.html: 含有活动内容 <svg> <{name}>"]


def test_a_link_behind_a_drawing_is_a_link(tmp_path: Path) -> None:
    assert site_with(tmp_path, '<svg><rect/></svg><a href="index.html">x</a>') == []


@pytest.mark.parametrize("part", ['<use href="https://a.example/x.svg#a"/>', "<animate/>"])
def test_what_stands_behind_a_mark_of_a_drawing_is_named_too(tmp_path: Path, part: str) -> None:
    drawing = f'<svg><svg class="gk-chart__mark"><circle r="1"/></svg>{part}</svg>'
    assert site_with(tmp_path, drawing) != []


@pytest.mark.parametrize("name", ["fill", "stroke", "filter", "mask", "clip-path", "cursor"])
def test_a_drawing_refers_to_nothing_on_another_host(tmp_path: Path, name: str) -> None:
    found = site_with(tmp_path, f'<svg><rect {name}="url(https://a.example/x.svg#a)"/></svg>')
    assert found != []


HARMFUL = {
    "a script behind a script": '<script src="a.js">alert(1)</script>',
    "a handler": '<p onmouseover="alert(1)">x</p>',
    "a style": '<p style="position:fixed">x</p>',
    "a style sheet": "<style>p{}</style>",
    "a javascript link": '<a href="javascript:alert(1)">x</a>',
    "one with a line end in it": '<a href="java\nscript:alert(1)">x</a>',
    "one behind a blank": '<a href=" \x01javascript:alert(1)">x</a>',
    "one in entities": '<a href="&#106;avascript&colon;alert(1)">x</a>',
    "a data link": '<a href="data:text/html,x">x</a>',
    "a map": '<map><area href="javascript:alert(1)"></map>',
    "a form to elsewhere": '<form action="https://bet.example/"></form>',
    "a form of the same scheme": '<form action="//bet.example/"></form>',
    "a button's own": '<form><button formaction="https://bet.example/">x</button></form>',
    "a frame": '<iframe srcdoc="x"></iframe>',
    "a base": '<base href="https://bet.example/">',
    "a jump": '<meta http-equiv="refresh" content="0;url=https://bet.example/">',
    "a picture from elsewhere": '<img alt="" srcset="a.png 1x, https://bet.example/a.png 2x">',
    "a hint to elsewhere": '<link rel="preconnect" href="https://bet.example/">',
    "a count of clicks": '<a href="index.html" ping="https://bet.example/">x</a>',
    "an old background": '<table background="https://bet.example/a.png"></table>',
    "two readings of a quote": '<a title="><img src=x onerror=alert(1)>">x</a>',
    "a tag without an end": "<p><img src=x onerror=alert(1) ",
    "a comment with a tag": "<!-- <p> --!><script>alert(1)</script>",
    "a stroke for a blank": "<svg/onload=alert(1)>",
    "what is no text": "<textarea></textarea><noframes><script>a()</script></noframes>",
}


@pytest.mark.parametrize("part", HARMFUL.values(), ids=HARMFUL.keys())
def test_what_runs_loads_or_leads_astray_is_named(tmp_path: Path, part: str) -> None:
    assert site_with(tmp_path, part, **{"a.js": "", "a.png": ""}) != []


HARMLESS = {
    "words that look like code": "<p>&lt;script&gt;alert(1)&lt;/script&gt; {{ x }} a &gt; b</p>",
    "its own script": '<script src="a.js" defer></script>',
    "its own form": '<form action="index.html" method="get"><input name="q"></form>',
    "a link elsewhere": '<a href="https://www.gov.cn/" rel="noopener">x</a>',
    "post": '<a href="mailto:a@qinghe.example">x</a>',
    "values without quotes": '<p class=x id=y hidden><a href="#y">x</a><br/></p>',
    "a comment": "<!-- a remark -->",
}


@pytest.mark.parametrize("part", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_a_page_needs_is_not_named(tmp_path: Path, part: str) -> None:
    assert site_with(tmp_path, part, **{"a.js": ""}) == []


SVG = '<svg xmlns="http://www.w3.org/2000/svg">'
FILES = {
    "a drawing with a script": ("a.svg", f"{SVG}<script>a()</script></svg>"),
    "one with a handler": ("a.svg", f'{SVG}<rect onload="a()"/></svg>'),
    "one that loads": ("a.svg", f'{SVG}<image href="https://bet.example/a.png"/></svg>'),
    "one with a link": ("a.svg", f'{SVG}<a xlink:href="javascript:a()"><g/></a></svg>'),
    "one with a page": ("a.svg", f"{SVG}<foreignObject><p/></foreignObject></svg>"),
    "one with another name": ("a.svg", f"{SVG}<x:script xmlns:x='x'>a()</x:script></svg>"),
    "one with entities": ("a.svg", f'<!DOCTYPE svg [<!ENTITY a "b">]>{SVG}</svg>'),
    "one with a style": ("a.svg", f"{SVG}<style>g{{fill:url(https://b.example)}}</style></svg>"),
    "a feed with a style": ("a.xml", '<?xml-stylesheet href="https://b.example"?><a/>'),
    "a feed with a script": ("a.xml", "<a><script xmlns='x'>a()</script></a>"),
    "data that end a script": ("a.json", '{"a": "</script><script>a()</script>"}'),
    "a formula": ("a.csv", 'a,b\n1,"=HYPERLINK(""https://b.example"")"\n'),
    "a formula behind a sign": ("a.csv", "a,b\n1,@SUM(A1)\n"),
    "a sum": ("a.csv", "a,b\n+cmd|' /C calc'!A0,1\n"),
    "a style sheet from elsewhere": ("a.css", "p{background:url( 'https://bet.example/a')}"),
    "an import": ("a.css", "@import 'https://bet.example/a.css';"),
}


@pytest.mark.parametrize(("name", "text"), FILES.values(), ids=FILES.keys())
def test_what_harms_in_other_files_is_named(tmp_path: Path, name: str, text: str) -> None:
    found = site_with(tmp_path, "", **{name: text})
    assert [one for one in found if one.startswith(f"{name}: 含有活动内容 ")], found


SOUND_FILES = {
    "a drawing": ("a.svg", f'{SVG}<defs><g id="a"/></defs><use href="#a" fill="url(#b)"/></svg>'),
    "figures": ("a.csv", '\ufeffa,b\n-1.5,"+3,000"\n-12%,0-1\n'),
    "escaped cells": ("a.csv", "a,b\n'=1+1,x=y\n"),
    "escaped data": ("a.json", '{"a": "\\u003c/script>"}'),
    "a feed": ("a.xml", '<?xml version="1.0"?><feed><title>&lt;script&gt;</title></feed>'),
}


@pytest.mark.parametrize(("name", "text"), SOUND_FILES.values(), ids=SOUND_FILES.keys())
def test_what_other_files_need_is_not_named(tmp_path: Path, name: str, text: str) -> None:
    assert site_with(tmp_path, "", **{name: text}) == []


def published(folder: Path, **changes: Any) -> list[str]:
    """Return what is found in a site with a ledger, pages of all its rows, and its log."""
    write_ledger(folder / "content")
    rows = {f"{row[3]}.html": "<!doctype html><p>x</p>" for row in ROWS}
    files = {address: text for address, text in rows.items() if address != changes.get("lost")}
    site_with(folder, "", **files)
    site = folder / "site"
    data = [commitment(n, changes.get("salt", "")) for n in range(changes.get("size", len(ROWS)))]
    for address, tile in tiles(data).items():
        put(site, address, tile)
    relist(site)
    write_checkpoint(site, data)
    return verify(folder / "content", site)[0]


ACCOUNTS = [f"ledger/mzj.tsv: {words}" for words in ("源文件没有记入 data/build.json",)]


def test_the_log_of_a_site_is_the_tree_over_the_ledger(tmp_path: Path) -> None:
    assert published(tmp_path) == ACCOUNTS


@pytest.mark.parametrize("changes", [{"salt": "other"}, {"size": 5}, {"size": 0}])
def test_a_log_of_something_else_is_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    found = published(tmp_path, **changes)
    assert [one for one in found if one.startswith("log/checkpoint: ")], found


def test_an_address_of_the_ledger_that_is_gone_is_named(tmp_path: Path) -> None:
    address = f"{ROWS[2][3]}.html"
    found = published(tmp_path, lost=address)
    assert f"ledger/mzj.tsv:4: 公布过的网址 {address} 没有页面，也没有撤下说明" in found


def test_a_site_without_the_log_of_its_ledger_is_named(tmp_path: Path) -> None:
    write_ledger(tmp_path / "content")
    found = site_with(tmp_path, "")
    assert "log/checkpoint: 登记簿有 7 条，网站没有发布日志" in found


@pytest.mark.parametrize(
    ("sha256", "count"), [(hashlib.sha256(b"text").hexdigest(), 0), ("0" * 64, 1)]
)
def test_published_hashes_of_attachments_are_those_of_the_files(
    tmp_path: Path, sha256: str, count: int
) -> None:
    row = {"address": "i/a/b/1-0123.txt", "sha256": sha256, "size": 4}
    files = {"i/a/b/1-0123.txt": "text", "data/files.json": json.dumps({"files": [row]})}
    found = site_with(tmp_path, "", **files)
    assert len(found) == count
    assert all("与 data/files.json 公布的摘要不符" in one for one in found)


def test_counts_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    account = json.dumps({"files": {}, "counts": {"published": 1}, "entries": 3})
    found = site_with(tmp_path, "", **{"data/build.json": account})
    assert "data/build.json: 各状态之和 1 不等于文件数 0" in found
    assert "data/build.json: 条目数 3 与公布的 0 条不符" in found


@pytest.mark.parametrize("part", ["<", "<a ", '<a "', "<script ", "<svg>", "<!--", "</", "&#"])
def test_a_page_of_nonsense_is_read_in_time_that_grows_with_its_length(part: str) -> None:
    begun = time.process_time()
    Reader().read(part * (1_000_000 // len(part)))
    assert time.process_time() - begun < 5

"""A published folder is read as a browser would: what a drawing may hold, and what is named."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.release.verify import verify
from gongkai.views import chart


def site_with(folder: Path, body: str) -> list[str]:
    """Return what is found in a sound site of one page with ``body``."""
    content, site = folder / "content", folder / "site"
    (site / "data").mkdir(parents=True)
    content.mkdir()
    files = {
        "index.html": f"<!doctype html><title>首页</title><body>{body}</body>",
        "data/build.json": json.dumps({"files": {}, "counts": {}}),
        "data/catalogue.json": json.dumps({"entries": []}),
    }
    lines = []
    for address, text in files.items():
        data = text.encode()
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

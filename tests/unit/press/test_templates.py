"""Templates escape whatever an author wrote, and addresses fit the page they stand on."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from gongkai.press.shell import MARKS, Shell
from gongkai.press.templates import MissingWord, Templates, Words, relative
from gongkai.views.pages import ListingPage, StubPage, WithheldPage
from gongkai.views.shared import EntryRow, Fact, Head, Link

HOSTILE = "<script>alert(1)</script>\"' onmouseover=x gkslot7main7kg {{ 7*7 }} ="
SHELL = Shell.split("<title>{title}</title>{head}<main>{main}</main>".format(**MARKS))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def scan(page: bytes) -> Tags:
    tags = Tags()
    tags.feed(page.decode())
    return tags


def hostile_pages() -> dict[str, object]:
    head = Head(HOSTILE, (("ArticleTitle", HOSTILE),), f"https://a.example/{HOSTILE}")
    row = EntryRow("i/a/b.html", *[HOSTILE] * 8, True, *[HOSTILE] * 3)
    link = Link(HOSTILE, "i/a/b.html", HOSTILE)
    fact = Fact(HOSTILE, HOSTILE, "d/index.html", HOSTILE)
    return {
        "listing": ListingPage(
            head, (link, Link(HOSTILE)), HOSTILE, HOSTILE, (fact,), (row,), None, (), HOSTILE
        ),
        "stub": StubPage(head, (link,), HOSTILE, link),
        "withheld": WithheldPage(
            head, (link,), HOSTILE, (fact,), HOSTILE, HOSTILE, link, HOSTILE, HOSTILE, HOSTILE
        ),
    }


@pytest.mark.parametrize("kind", ["listing", "stub", "withheld"])
def test_every_field_may_be_hostile(kind: str, theme: Path) -> None:
    page = Templates(theme).press(SHELL, kind, hostile_pages()[kind], "i/a/b.html")
    tags = scan(page)
    assert "script" not in tags.tags
    assert not [name for name in tags.attributes if name.startswith("on") and name != "on"]
    assert "49" not in tags.text
    assert page.count(b"</main>") == 1
    assert HOSTILE in tags.text


@pytest.mark.parametrize(
    ("address", "page", "link"),
    [
        ("i/a/b.html", "index.html", "i/a/b.html"),
        ("i/a/b.html", "d/index.html", "../i/a/b.html"),
        ("i/a/b.html", "a/x/c/y/p1.html", "../../../../i/a/b.html"),
        ("https://a.example/", "d/index.html", "https://a.example/"),
        ("mailto:a@b.example", "d/index.html", "mailto:a@b.example"),
        ("#main", "d/index.html", "#main"),
        ("", "d/index.html", ""),
    ],
)
def test_an_address_is_made_relative_to_its_page(address: str, page: str, link: str) -> None:
    assert relative(address, page) == link


def test_a_missing_word_is_an_error_and_facts_fill_a_word() -> None:
    words = Words({"a": "共{total}条"})
    assert words("a", total=3) == "共3条"
    with pytest.raises(MissingWord):
        words("b")


def test_an_undefined_name_is_an_error(tmp_path: Path) -> None:
    for name, text in (
        ("words/zh.json", "{}"),
        ("pages/_head.html", ""),
        ("pages/x.html", "{{ view.nothing }}"),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    view = hostile_pages()["stub"]
    with pytest.raises(jinja2.UndefinedError):
        Templates(tmp_path).press(SHELL, "x", view, "index.html")


def test_any_change_of_a_template_or_word_changes_the_digest(tmp_path: Path) -> None:
    seen = set()
    for name in ("words/zh.json", "pages/a.html", "partials/gk/b.html"):
        for text in ("{}", "{} "):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not (tmp_path / "words" / "zh.json").exists():
                (tmp_path / "words").mkdir(exist_ok=True)
                (tmp_path / "words" / "zh.json").write_text("{}", "utf-8")
            path.write_text(text, "utf-8")
            seen.add(Templates(tmp_path).digest)
    assert len(seen) == 6

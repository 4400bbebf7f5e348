"""Old addresses: what is accepted, what two spellings share, where a static page can stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from gongkai.domain.old_address import LONGEST, take_apart

OWN = "www.qinghe.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "art/1.html",
        "//other.example/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://",
        "http://[::1/",
        "http://a@old.example/x",
        "http://old.example",
        "http://old.example?x=1",
        "http://old.example:99999999/x",
        "/",
        "/?id=1",
        "/a/../b",
        "/a/%2E%2e/b",
        "/./a",
        "/a\\b",
        "/a%5cb",
        "/a%00",
        "/a%0d%0aSet-Cookie",
        "/a?x=%0a",
        "/a b",
        "/a\u202eb",
        "/a\u3000b",
        "/a#b",
        '/a"b',
        "/a'b<",
        "/{a}",
        "/%",
        "/%4",
        "/" + "a" * LONGEST,
    ],
)
def test_what_no_server_is_asked_for_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        take_apart(text)
    assert caught.value.type == "GK770"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("/art/ABC.html", "/ART/abc.html"),
        ("/art/5/", "/art/5"),
        ("/art//5", "/art/5"),
        ("/art/%61.html", "/art/a.html"),
        ("/%e4%bd%a0.html", "/你.html"),
        (f"http://{OWN}/art/5", "/art/5"),
        (f"https://{OWN.upper()}:443/art/5", "/art/5"),
        ("http://old.example/x.jsp?ID=%39", "https://old.example:8080/x.jsp?id=9"),
    ],
)
def test_two_spellings_of_one_address_are_one(left: str, right: str) -> None:
    assert take_apart(left).identity(OWN) == take_apart(right).identity(OWN)


@pytest.mark.parametrize(
    ("left", "right"),
    [("/x.jsp?id=9", "/x.jsp?id=8"), ("http://old.example/art/5", "/art/5"), ("/a/b", "/a-b")],
)
def test_two_addresses_are_two(left: str, right: str) -> None:
    assert take_apart(left).identity(OWN) != take_apart(right).identity(OWN)


@pytest.mark.parametrize(
    ("text", "stub"),
    [
        ("/art/2012/3/5/art_123_456.html", "art/2012/3/5/art_123_456.html"),
        (f"http://{OWN}/xxgk/1.htm", "xxgk/1.htm"),
        ("/one.html", "one.html"),
        ("http://old.example/art/1.html", None),
        ("/art/1.html?id=2", None),
        ("/art/1.shtml", None),
        ("/art/1.HTML", None),
        ("/art/你.html", None),
        ("/art/.hidden.html", None),
        ("/.well-known/x.html", None),
        ("/one.html/two.html", None),
        ("/con/x.html", None),
        ("/art/nul.html", None),
        ("/dot./x.html", None),
        ("/i/QH0000028/2026-00001.html", None),
        ("/Data/x.html", None),
        ("/" + "a/" * 110 + "x.html", None),
    ],
)
def test_a_page_stands_only_at_a_plain_path_of_this_site(text: str, stub: str | None) -> None:
    assert take_apart(text).stub(OWN) == stub


@given(st.text(max_size=80))
def test_whatever_is_accepted_climbs_nowhere_and_breaks_no_line(text: str) -> None:
    try:
        address = take_apart("/" + text)
    except PydanticCustomError:
        return
    key = address.key(OWN)
    assert address.path.startswith("/") and ".." not in address.path.split("/")
    assert not any(c < " " or c in "\\\x7f" for c in key)
    stub = address.stub(OWN)
    assert stub is None or (not stub.startswith(("/", ".")) and ":" not in stub)

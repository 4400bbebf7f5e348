"""The table of old addresses: what a web server reads out of it, and that nothing breaks out."""

from __future__ import annotations

import random
import re
from pathlib import Path
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from gongkai.domain.old_address import take_apart
from gongkai.pipeline.old_addresses import redirects

BASE = "https://www.qinghe.example/"
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s;"{}]+)|([;{}])')


def read_map(text: str) -> dict[str, str]:
    """Read what stands in an nginx ``map`` block: pairs of tokens, each closed by a semicolon.

    A comment begins with # where a token may begin; in quotes a backslash takes the next character
    as it is. Names are compared without case, and one that stands twice is refused.
    """
    found: dict[str, str] = {}
    tokens: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        else:
            match = _TOKEN.match(text, at)
            assert match, text[at : at + 40]
            at = match.end()
            if match[3] is None:
                plain = re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2]
                tokens.append(plain)
                continue
            assert match[3] == ";" and len(tokens) == 2, tokens
            assert tokens[0].lower() not in found, tokens
            found[tokens[0].lower()] = tokens[1]
            tokens = []
    assert tokens == []
    return found


def test_each_old_address_leads_to_a_whole_new_one() -> None:
    text = redirects(
        [("/art/1.html", "i/QH/1.html"), ("old.example/x.jsp?id=9", "i/QH/2.html")], BASE
    )
    assert read_map(text) == {
        "/art/1.html": f"{BASE}i/QH/1.html",
        "old.example/x.jsp?id=9": f"{BASE}i/QH/2.html",
    }


def test_the_order_is_that_of_the_old_addresses() -> None:
    rows = [(f"/art/{n}.html", f"i/QH/{n}.html") for n in range(50)]
    shuffled = random.Random(5).sample(rows, len(rows))
    assert redirects(rows, BASE) == redirects(shuffled, BASE)


def test_quotes_and_dollar_signs_stay_inside() -> None:
    hostile = '/a";} server { return 200 "$host";} #'
    text = redirects([(hostile, "i/QH/1.html")], "https://a.example/$host/")
    assert read_map(text) == {hostile.lower(): "https://a.example/%24host/i/QH/1.html"}


def test_addresses_that_a_server_takes_for_one_stand_once() -> None:
    text = redirects([("/A.html", "i/QH/1.html"), ("/a.html", "i/QH/2.html")], BASE)
    assert len(read_map(text)) == 1


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=30), max_size=8))
def test_whatever_is_accepted_stands_on_a_line_of_its_own(texts: list[str]) -> None:
    rows = []
    for n, text in enumerate(texts):
        try:
            rows.append((take_apart("/" + text).key(""), f"i/QH/{n}.html"))
        except PydanticCustomError:
            continue
    held = read_map(redirects(rows, BASE))
    assert held.keys() == {key.lower() for key, _ in rows}
    assert redirects(rows, BASE).count("\n") == len(held) + 1


HELP = Path(__file__).parents[3] / "site_src" / "help" / "operator.md"
_MAP = re.compile(r"map (?P<source>\S+) (?P<name>\$\w+) \{(?P<inside>[^}]*)\}")


def moved(config: str, table: str, host: str, request: str) -> str:
    """Return what ``$gongkai_moved`` holds for a request under a configuration, as nginx has it."""
    path, mark, query = request.partition("?")
    values = {"$host": host, "$uri": unquote(path), "$is_args": mark, "$args": query}
    for found in _MAP.finditer(config):
        assert found["inside"].count("include /srv/www/data/redirects.map;") == 1
        (default,) = re.findall(r"default (\S+);", found["inside"])
        source = "".join(values[name] for name in re.findall(r"\$\w+", found["source"]))
        other = "" if default == '""' else values[default]
        values[found["name"]] = read_map(table).get(source.lower(), other)
    return values["$gongkai_moved"]


def test_the_configuration_in_the_help_leads_old_addresses_on() -> None:
    blocks = re.findall(r"```nginx\n(.*?)```", HELP.read_text("utf-8"), re.DOTALL)
    (config,) = [block for block in blocks if "gongkai_moved" in block]
    assert "if ($gongkai_moved) {\n        return 301 $gongkai_moved;" in config
    assert config.index("$gongkai_path {") < config.index("$gongkai_moved {")
    own = "www.qinghe.example"
    written = ["/art/1.html", "/x.jsp?id=9", "http://old.example/x.jsp?id=9", f"https://{own}/b/"]
    written += ["/%e4%bd%a0/1.html", "/q?n=你"]
    rows = [(take_apart(text).key(own), f"i/QH/{n}.html") for n, text in enumerate(written)]
    table = redirects(rows, BASE)
    for host, request, n in (
        (own, "/art/1.html", 0),
        ("any.example", "/ART/1.html", 0),
        (own, "/x.jsp?id=9", 1),
        ("old.example", "/x.jsp?id=9", 2),
        (own, "/b/", 3),
        (own, "/%E4%BD%A0/1.html", 4),
        (own, "/q?n=%E4%BD%A0", 5),
    ):
        assert moved(config, table, host, request) == f"{BASE}i/QH/{n}.html", request
    for request in ("/", "/art/1.html?x", "/x.jsp", "/i/QH/1.html"):
        assert moved(config, table, own, request) == "", request

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

from gongkai.press.writers.opensearch import opensearch

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def read(data: bytes) -> dict[str, str]:
    root = ElementTree.fromstring(data)
    assert root.tag == f"{SPACE}OpenSearchDescription"
    return {
        element.tag.removeprefix(SPACE): element.get("template") or element.text or ""
        for element in root
    }


def test_the_description_names_the_search_page_and_its_query() -> None:
    found = read(opensearch("青禾县政府信息公开", "检索公开的信息", "https://qinghe.example/zwgk/"))
    assert found["ShortName"] == "青禾县政府信息公开"
    assert found["Description"] == "检索公开的信息"
    assert found["Language"] == "zh-CN"
    assert found["InputEncoding"] == "UTF-8"
    address = found["Url"].replace("{searchTerms}", quote("低保 标准"))
    assert address == (
        "https://qinghe.example/zwgk/search/index.html#q=%E4%BD%8E%E4%BF%9D%20%E6%A0%87%E5%87%86"
    )


def test_names_are_cut_to_what_browsers_take_and_markup_is_text() -> None:
    name, words = 'A&B<"甲">\x00' + "乙" * 20, "</Description>" + "丙" * 2000
    found = read(opensearch(name, words, "https://x.example/?a=1&b='\""))
    assert found["ShortName"] == 'A&B<"甲">乙乙乙乙乙乙乙乙'
    assert len(found["ShortName"]) == 16
    assert found["Description"].startswith("</Description>丙") and len(found["Description"]) == 1024
    assert found["Url"] == "https://x.example/?a=1&b='\"search/index.html#q={searchTerms}"
    assert ElementTree.fromstring(opensearch(name, words, "")).find(f"{SPACE}Image") is None


def test_the_same_words_give_the_same_bytes() -> None:
    assert opensearch("甲", "乙", "https://x.example/") == opensearch(
        "甲", "乙", "https://x.example/"
    )

"""The search engine alone: its text contract, its files, its answers, its ways out of trouble."""

from __future__ import annotations

import base64
import json
import random
import re
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from acceptance.project import Project
from gongkai.kernel import hanzi
from gongkai.kernel.terms import identifier_key, normalise, number_keys, terms

Rows = list[dict[str, Any]]
Visit = Callable[..., Any]
HERE = Path(__file__).parent
SHARED: dict[str, Any] = json.loads((HERE.parent / "segment.json").read_text("utf-8"))
SOURCES = HERE.parent.parent / "theme" / "assets" / "search"
LOAD = """(address) => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = address;
  script.onload = () => {
    self.engine = gongkaiSearch.create({ base: new URL(".", script.src).href });
    gongkaiSearch.contract.setVariants("\\n");
    resolve();
  };
  script.onerror = reject;
  document.head.append(script);
})"""
TRY = """async ([method, args]) => {
  try {
    return { result: await engine[method](...args) };
  } catch (error) {
    return { error: { kind: error.kind, file: error.file } };
  }
}"""


class Engine:
    """The engine on a page of the site, asked from here."""

    def __init__(self, visitor: Any) -> None:
        self.visitor = visitor
        self.page: Page = visitor.go("about.html")
        self.page.evaluate(LOAD, visitor.base + "search/engine.js")

    def ask(self, method: str, *args: Any) -> Any:
        """Return what a method answers."""
        told = self.page.evaluate(TRY, [method, list(args)])
        assert "error" not in told, told
        return told["result"]

    def fails(self, method: str, *args: Any) -> dict[str, str]:
        """Return the error with which a method refuses."""
        error: dict[str, str] = self.page.evaluate(TRY, [method, list(args)])["error"]
        return error

    def search(self, q: str, **options: Any) -> Any:
        return self.ask("search", {"q": q, **options})

    def titles(self, q: str, **options: Any) -> list[str]:
        return [hit["card"]["title"] for hit in self.search(q, **options)["hits"]]


@pytest.fixture
def engine(visitor: Any) -> Engine:
    """A fresh engine on a page that has no search of its own open."""
    return Engine(visitor)


def contract(page: Page, work: str, given: Any) -> Any:
    """Return what an expression over the contract ``c`` and ``given`` says."""
    return page.evaluate(
        f"(given) => {{ const c = gongkaiSearch.contract; return {work}; }}", given
    )


def test_the_browser_keeps_the_shared_contract(engine: Engine) -> None:
    table = f"{hanzi.TRADITIONAL}\n{hanzi.SIMPLIFIED}"
    contract(engine.page, "c.setVariants(given)", table)
    texts = [case["text"] for case in SHARED["cases"]]
    found = contract(engine.page, "given.map(c.terms)", texts)
    assert found == [case["terms"] for case in SHARED["cases"]]
    words = [case["term"] for case in SHARED["keys"]]
    assert contract(engine.page, "given.map(c.keyOf)", words) == [c["key"] for c in SHARED["keys"]]
    texts = [case["text"] for case in SHARED["identifiers"]]
    found = contract(engine.page, "given.map((text) => '=' + c.squeeze(text))", texts)
    assert found == [case["key"] for case in SHARED["identifiers"]]
    concepts = SHARED["concepts"]
    for case in concepts["queries"]:
        given = [case["text"], {"synonyms": concepts["groups"]}]
        assert contract(engine.page, "c.parse(...given).concepts", given) == case["keys"], case


def test_every_character_is_cut_alike_in_both_languages(engine: Engine) -> None:
    """Characters newer than Python's tables are left out: browsers know more of them."""
    known = [
        chr(code)
        for code in range(0x31350)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    rng = random.Random(4)
    mixed = ["".join(rng.choices(known, k=rng.randint(2, 12))) for _ in range(3000)]
    texts = [f"字{character}a" for character in known] + mixed
    contract(engine.page, "c.setVariants(given)", f"{hanzi.TRADITIONAL}\n{hanzi.SIMPLIFIED}")
    found = contract(engine.page, "given.map((text) => c.terms(text).join(' '))", texts)
    expected = [" ".join(terms(text)) for text in texts]
    wrong = [(t, a, b) for t, a, b in zip(texts, found, expected, strict=True) if a != b]
    assert wrong == []


def test_a_query_names_at_least_the_numbers_that_a_text_does(engine: Engine) -> None:
    for case in SHARED["numbers"]:
        assert number_keys(normalise(case["text"])) == case["keys"]
        found = contract(engine.page, "c.parse(given).numbers", case["text"])
        assert set(case["keys"]) <= set(found), case


TAKEN_APART: list[tuple[str, str, Any]] = [
    ("202168号", "numbers", ["#2021-68"]),
    ("青民发2021-068号", "numbers", ["#2021-68"]),
    ("青民发 2021 68号", "numbers", ["#2021-68"]),
    ("青民发2021年68号", "numbers", ["#2021-68"]),
    ("〔2021〕68", "numbers", ["#2021-68"]),
    ("〔2021〕681234", "numbers", []),
    ("12021〕68号", "numbers", []),
    ("青民发〔2021〕68号", "terms", ["青民", "民发"]),
    ("青民发〔2021〕68号", "exact", "=青民发202168"),
    ("请问低保的标准", "terms", ["标准"]),
    ("请问", "terms", ["请问"]),
    ("人社局 2025年年报", "concepts", ["~人力资源和社会保障局", "~年度报告"]),
    ("停车 -收费", "terms", ["停车"]),
    ("停车 －收费", "excluded", [{"text": "收费", "terms": ["收费"]}]),
    ("停车-收费", "excluded", []),
    ("“临时救助”办法", "phrases", [{"text": "临时救助", "terms": ["临时", "时救", "救助"]}]),
    ("“临时救助”办法", "terms", ["办法", "临时", "时救", "救助"]),
    ("“临时", "phrases", []),
    ("-停车", "terms", []),
    ("人社局的县电话", "terms", ["县电", "电话"]),
    ("县人社局 电话", "terms", ["电话"]),
    ("县 电话", "terms", ["县", "电话"]),
    ("县人社局", "terms", []),
    ("青民发〔2021〕68号", "numbersTyped", ["2021〕68号"]),
]


def test_a_query_is_taken_apart(engine: Engine) -> None:
    site = {"synonyms": SHARED["concepts"]["groups"], "noise": ["请问", "的"]}
    for query, part, expected in TAKEN_APART:
        found = contract(engine.page, "c.parse(...given)", [query, site])
        assert found[part] == expected, query


def test_what_zlib_packs_is_unpacked(engine: Engine) -> None:
    rng = random.Random(1951)
    samples = [
        b"",
        b"a",
        bytes(70000),
        rng.randbytes(40000),
        "行政处罚 abc\n".encode() * 3000,
        bytes(min(255, int(rng.expovariate(0.2))) for _ in range(50000)),
    ]
    packed = []
    for data in samples:
        for level, strategy in (
            (9, 0),
            (1, 0),
            (0, 0),
            (9, zlib.Z_FIXED),
            (9, zlib.Z_HUFFMAN_ONLY),
        ):
            press = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
            packed.append((press.compress(data) + press.flush(), zlib.crc32(data)))
    sums = engine.page.evaluate(
        """(texts) => {
          const table = Array.from({ length: 256 }, (none, n) => {
            for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
            return n;
          });
          return texts.map((text) => {
            const data = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            let sum = -1;
            for (const byte of gongkaiSearch.inflate(data)) {
              sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
            }
            return (sum ^ -1) >>> 0;
          });
        }""",
        [base64.b64encode(data).decode() for data, _ in packed],
    )
    assert sums == [checksum for _, checksum in packed]


def test_damaged_data_is_refused_and_never_grows_without_bounds(engine: Engine) -> None:
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    good = press.compress(random.Random(3).randbytes(300) * 9) + press.flush()
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = press.compress(bytes(1 << 25)) + press.flush()
    cut = [good[:size] for size in range(0, len(good) - 1, 7)]
    strange = [b"\x07", b"\x01\x05\x00\x00\x00hello", b"\x05\xff\xff\xff\xff", bomb, *cut]
    refused = engine.page.evaluate(
        """(texts) => texts.map((text) => {
          try {
            gongkaiSearch.inflate(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
            return "";
          } catch (error) {
            return error.message;
          }
        })""",
        [base64.b64encode(data).decode() for data in strange],
    )
    assert refused == ["damaged data"] * len(strange)


def test_relevance_puts_titles_first_and_what_lapsed_behind(engine: Engine) -> None:
    hits = engine.search("临时救助实施办法")["hits"]
    assert all("临时救助实施办法" in hit["card"]["title"] for hit in hits[:3])
    alike = [hit for hit in hits if hit["card"]["title"].startswith("青禾县民政局关于印发")]
    assert [hit["isLapsed"] for hit in alike[:2]] == [False, True]
    assert [hit["score"] for hit in hits] == sorted((h["score"] for h in hits), reverse=True)


def test_pages_of_results_join_without_gap_or_repetition(engine: Engine) -> None:
    whole = [hit["number"] for hit in engine.search("预算", size=25)["hits"]]
    parts = [h["number"] for n in (0, 10, 20) for h in engine.search("预算", **{"from": n})["hits"]]
    assert sorted(parts[:25]) == sorted(whole)
    assert len(set(parts)) == len(parts) == engine.search("预算")["total"]


def test_by_time_the_newest_comes_first(engine: Engine) -> None:
    dates = [hit["card"]["published"] for hit in engine.search("预算", order="time")["hits"]]
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) > 3


def test_facets_count_what_their_filters_leave(engine: Engine) -> None:
    whole = engine.search("管理")
    facets = engine.ask("facets", {"q": "管理", "filters": {}})
    assert sum(count for *_, count in facets["year"]) == whole["total"]
    assert sum(count for *_, count in facets["agency"]) == whole["total"]
    for name in ("agency", "column", "subject", "kind", "validity", "year"):
        code, _, count = max(facets[name], key=lambda value: value[2])
        found = engine.search("管理", filters={name: [code]})
        assert found["total"] == count, name
        assert found["hidden"] == whole["total"] - count
        own = engine.ask("facets", {"q": "管理", "filters": {name: [code]}})
        assert own[name] == facets[name], "a facet's own filter does not count for it"


def test_filters_of_one_facet_add_up_and_of_two_cut(engine: Engine) -> None:
    years = engine.ask("facets", {"q": "预算", "filters": {}})["year"]
    (first, _, one), (second, _, other) = years[:2]
    assert engine.search("预算", filters={"year": [first, second]})["total"] == one + other
    both = engine.search("预算", filters={"year": [first], "agency": ["czj"]})
    assert 0 < both["total"] < one
    assert {hit["card"]["agency"] for hit in both["hits"]} == {"czj"}
    assert engine.search("预算", filters={"agency": ["nowhere"]})["total"] == 0


def test_an_excluded_word_is_in_no_result(engine: Engine, demo: Project) -> None:
    without = engine.search("预算 -决算", size=50)
    assert 0 < without["total"] < engine.search("预算")["total"]
    assert not any("决算" in hit["card"]["title"] for hit in without["hits"])
    alone = engine.search("-决算")
    assert (alone["total"], alone["excludedOnly"]) == (0, True)


def test_a_quoted_phrase_stands_in_every_result(engine: Engine, demo: Project) -> None:
    found = engine.search("“家庭经济状况”", size=30)
    loose = engine.search("家庭 经济状况", size=30)
    assert 0 < len(found["hits"]) < len(loose["hits"])
    assert found["total"] == len(found["hits"])
    assert engine.search("“家庭状况经济”")["total"] == 0
    for hit in found["hits"]:
        page = demo.text(hit["card"]["url"])
        assert "家庭经济状况" in re.sub(r"<[^>]+>|\s", "", page) or 'class="gk-files"' in page


def test_a_number_is_exact_in_any_form(engine: Engine, rows: Rows) -> None:
    row = next(r for r in rows if r["document_number"] == "青民发〔2026〕12号")
    forms = ("青民发〔2026〕12号", "青民发[2026]12号", "青民發（2026）第12號", "青民发2026年12号")
    for typed in (*forms, row["index_number"], row["index_number"].lower()):
        assert engine.ask("exact", typed) == row["address"], typed
        first = engine.search(typed)["hits"][0]
        assert (first["isExact"], first["card"]["url"]) == (True, row["address"]), typed
    assert identifier_key(forms[2]) == identifier_key(forms[0])
    assert engine.ask("exact", "民政") is None
    assert engine.ask("exact", "2026") is None


def test_a_slip_finds_what_was_meant_and_says_so(engine: Engine) -> None:
    found = engine.search("临时就助")
    assert found["isLoose"]
    assert not found["isPartial"]
    assert found["full"] == 0
    assert found["suggestion"] == "临时救助"
    assert "临时救助" in found["hits"][0]["card"]["title"]
    assert engine.search("低保 临时求助")["suggestion"] == "低保 临时救助", "nothing typed is lost"


def test_nothing_that_is_no_word_is_suggested(engine: Engine) -> None:
    for query in ("低保标准是多少", "教师资格证怎么考", "养老金什么时候发", "电动车", "建房申请"):
        assert engine.search(query)["suggestion"] is None, query


def test_hits_that_hold_all_words_are_told_from_others(engine: Engine) -> None:
    found = engine.search("停车 收费", size=50)
    weak = [hit["isWeak"] for hit in found["hits"]]
    assert found["full"] == weak.count(False) < found["total"] == len(weak)
    by_time = engine.search("停车 收费", size=50, order="time")["hits"]
    assert [hit["isWeak"] for hit in by_time] == sorted(weak), "full ones first"
    for kind in (True, False):
        numbers = [hit["number"] for hit in by_time if hit["isWeak"] is kind]
        assert numbers == sorted(numbers, reverse=True)


def test_words_side_by_side_are_no_missing_word(engine: Engine) -> None:
    """No document has the pair of characters in the middle of two words."""
    for query in ("财政局预算公开", "垃圾分类"):
        found = engine.search(query)
        assert (found["isPartial"], found["isLoose"]) == (False, True), query
        assert found["full"] > 0
    found = engine.search("停车 量子计算机")
    assert (found["isPartial"], found["isLoose"], found["full"]) == (True, False, 0)


def test_single_letters_in_common_make_no_hit(engine: Engine) -> None:
    for query in ("地铁票价", "郭靖黄蓉"):
        assert engine.search(query)["total"] == 0, query
    assert "殡葬" in engine.titles("火化免费")[0], "the only one that has a word of it"


def test_a_number_that_no_document_bears_is_named(engine: Engine) -> None:
    for typed in ("青民发〔2099〕1号", "青政发〔2030〕99号", "QH0000099/2026-00001"):
        found = engine.search(typed)
        assert (found["missing"], found["total"]) == (typed, 0)
    near = engine.search("青民发〔2026〕99号")
    assert near["missing"] == "青民发〔2026〕99号"
    numbers = [hit["card"]["document_number"] for hit in near["hits"]]
    assert all(number.startswith("青民发〔2026〕") for number in numbers)
    found = engine.search("停车设施管理办法 青政办发〔2030〕9号")
    assert found["missing"] == "青政办发〔2030〕9号"
    assert "停车设施" in found["hits"][0]["card"]["title"]
    for typed in ("青民发〔2026〕12号", "2026年预算", "停车"):
        assert engine.search(typed)["missing"] == "", typed


def test_pages_of_a_phrase_join_and_few_pages_are_read(engine: Engine) -> None:
    shown: list[int] = []
    totals = []
    for start in range(0, 40, 10):
        engine.ask("stats", True)
        found = engine.search("“信息公开申请”", **{"from": start})
        shown += [hit["number"] for hit in found["hits"]]
        totals.append(found["total"])
        read = [f for f in engine.ask("stats", True)["files"] if f.startswith("../")]
        assert len(read) <= 20
    assert len(shown) == len(set(shown)) == totals[-1]
    assert not found["isLower"]
    facets = engine.ask("facets", {"q": "“信息公开申请”", "filters": {}})
    assert sum(count for *_, count in facets["year"]) == totals[-1]
    engine.ask("stats", True)
    assert not engine.search("“停车”")["isLower"], "the index itself tells of two characters"
    assert not [f for f in engine.ask("stats", True)["files"] if f.startswith("../")]


def test_what_stands_in_a_query_is_marked_whole(engine: Engine) -> None:
    assert engine.search("“临时救助”")["marks"] == ["临时救助"]
    assert engine.search("停车 收费")["marks"] == ["停车", "收费"]
    assert engine.search("临时救助")["marks"] == ["临时救助", "临时", "救助"]


def test_a_file_that_never_comes_is_given_up(engine: Engine) -> None:
    engine.page.clock.install()
    engine.page.route("**/search/t/**", lambda route: None)
    engine.page.evaluate("() => { self.end = engine.search({ q: '预算' }).catch((e) => e.kind); }")
    for _ in range(4):
        engine.page.clock.fast_forward(16_000)
        engine.page.evaluate("() => fetch('about.html', { cache: 'no-store' })")
    assert engine.page.evaluate("() => Promise.race([self.end, 'still waiting'])") == "load"
    engine.visitor.wrong.clear()


def test_opening_names_what_classes_are_called(engine: Engine) -> None:
    labels = engine.ask("open")["labels"]
    assert labels["kind"]["interpretation"] == "政策解读"
    assert set(labels) == {"agency", "column", "subject", "kind", "validity"}


def test_traditional_and_simplified_find_the_same(engine: Engine) -> None:
    for typed, plain in (("臨時救助", "临时救助"), ("停車設施管理辦法", "停车设施管理办法")):
        assert engine.titles(typed) == engine.titles(plain)
        assert engine.search(typed)["marks"] == engine.search(plain)["marks"]


def test_it_is_known_which_word_is_nowhere(engine: Engine) -> None:
    found = engine.search("停车 魑魅魍魉")
    assert found["words"] == [{"text": "停车", "found": True}, {"text": "魑魅魍魉", "found": False}]
    assert engine.search("魑魅魍魉饕餮")["total"] == 0


def test_titles_and_numbers_are_suggested(engine: Engine) -> None:
    found = engine.ask("suggest", "停车", 4)
    assert 0 < len(found) <= 4
    assert all("停车" in one["title"] for one in found)
    [one] = engine.ask("suggest", "青民发〔2026〕12号", 4)
    assert one["isExact"]
    assert engine.ask("suggest", "", 4) == []


def test_words_are_shown_where_they_stand(engine: Engine, demo: Project) -> None:
    found = engine.search("家庭经济状况")
    url = found["hits"][0]["card"]["url"]
    line = engine.ask("context", url, found["marks"])
    assert "经济状况" in line
    assert len(line) <= 84
    assert "<" not in line
    text = re.sub(r"<[^>]+>|\s", "", demo.text(url))
    assert re.sub(r"\s|…", "", line)[5:25] in text
    assert engine.ask("context", url, ["魑魅"]) == "", "read, but not there"
    engine.visitor.wrong.clear()
    assert engine.ask("context", "i/none.html", ["救助"]) is None
    engine.visitor.wrong.clear()  # the missing page was ours


STRANGE = [
    "", " ", " " * 100, "\u3000", "😀" * 50, "\ud83d", "\udc00政\ud83d", "9" * 100, "1 " * 50,
    "“”", "“", "--", "-", "- -", "-“”", "<script>alert(1)</script>", "constructor", "__proto__",
    "toString valueOf", "a" * 100, "的", "号", "〔2024〕", "2024〕1", "𠮷𠮷𠮷", "政" * 100,
    "\0\x01", "ﷺ" * 60, "#2024-1", "=青民发", "~年度报告", "预算 " * 33, "-预算 " * 25,
    "“预算” " * 20, "(.*+?^${}|[]\\",
]  # fmt: skip


def test_any_query_is_answered(engine: Engine) -> None:
    """Unpaired surrogates cannot be sent to the page as they are: it reads them from JSON."""
    for query in STRANGE:
        text = json.dumps(query)
        for method in ("search", "facets"):
            asked = f"(text) => ({TRY})(['{method}', [{{ q: JSON.parse(text), filters: {{}} }}]])"
            told = engine.page.evaluate(asked, text)
            assert "result" in told, (query, told)
        for method in ("suggest", "exact"):
            asked = f"(text) => ({TRY})(['{method}', [JSON.parse(text), 5]])"
            told = engine.page.evaluate(asked, text)
            assert "result" in told, (query, told)


def test_a_file_that_fails_once_is_tried_again(engine: Engine) -> None:
    lost: list[str] = []

    def once(route: Any) -> None:
        if route.request.url in lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort()

    engine.page.route(re.compile(r"/search/[tc]/"), once)
    assert engine.search("预算")["total"]
    assert lost
    engine.visitor.wrong.clear()  # the failed requests were ours


@pytest.mark.parametrize("family", ["t", "c", "f"])
def test_a_lost_file_is_named_and_a_later_try_succeeds(engine: Engine, family: str) -> None:
    asked = {"q": "预算", "filters": {"agency": ["czj"]}}
    engine.page.route(f"**/search/{family}/**", lambda route: route.abort())
    error = engine.fails("search", asked)
    assert error["kind"] == "load"
    assert error["file"].startswith(f"{family}/")
    engine.page.unroute(f"**/search/{family}/**")
    assert engine.ask("search", asked)["total"]
    engine.visitor.wrong.clear()


def test_damaged_files_are_refused_like_lost_ones(engine: Engine) -> None:
    engine.page.route("**/search/t/**", lambda route: route.fulfill(body=b"\xff" * 99))
    assert engine.fails("search", {"q": "预算"})["kind"] == "load"
    engine.page.unroute("**/search/t/**")
    assert engine.search("预算")["total"]


def test_an_index_of_another_version_is_refused(engine: Engine) -> None:
    engine.page.route("**/manifest.json", lambda route: route.fulfill(body='{"version": 99}'))
    assert engine.fails("search", {"q": "预算"})["kind"] == "version"
    engine.page.unroute("**/manifest.json")
    assert engine.search("预算")["total"]


def test_a_site_published_meanwhile_is_noticed(engine: Engine, demo: Project) -> None:
    current = json.loads((demo.site / "search" / "manifest.json").read_text("utf-8"))
    marks = base64.b64decode(current["terms"]["names"])
    current["terms"]["names"] = base64.b64encode(bytes(255 - byte for byte in marks)).decode()
    engine.page.route(
        "**/manifest.json", lambda route: route.fulfill(body=json.dumps(current)), times=1
    )
    assert engine.search("预算")["total"]
    engine.visitor.wrong.clear()  # files of the older site are gone


def test_nothing_is_read_twice(engine: Engine) -> None:
    engine.search("停车设施")
    engine.ask("stats", True)
    engine.search("停车设施")
    told = engine.ask("stats", True)
    assert (told["requests"], told["bytes"], told["files"]) == (0, 0, [])
    engine.search("预算")
    told = engine.ask("stats", True)
    assert told["requests"] == len(told["files"]) == len(set(told["files"])) > 0
    assert told["bytes"] > 500


def test_a_worker_answers_like_the_page(engine: Engine) -> None:
    answers = engine.page.evaluate(
        """(address) => new Promise((resolve, reject) => {
          const worker = new Worker(address);
          const answers = {};
          worker.onerror = reject;
          worker.onmessage = ({ data }) => {
            answers[data.id] = data;
            if (Object.keys(answers).length === 4) resolve(answers);
          };
          worker.postMessage({ id: "open", method: "open", args: [] });
          worker.postMessage({ id: "search", method: "search", args: [{ q: "预算" }] });
          worker.postMessage({ id: "exact", method: "exact", args: ["青民发〔2026〕12号"] });
          worker.postMessage({ id: "none", method: "nonsense", args: [] });
        })""",
        engine.visitor.base + "search/engine.js",
    )
    assert answers["open"]["result"] == engine.ask("open")
    assert answers["search"]["result"] == engine.search("预算")
    assert answers["exact"]["result"] == engine.ask("exact", "青民发〔2026〕12号")
    assert answers["none"]["error"]["kind"] == "error"


def test_from_a_disk_scripts_stand_in_for_files(
    engine: Engine, browser: Browser, demo: Project, tmp_path: Path
) -> None:
    """A browser fetches nothing beside a page from a disk, but it runs scripts from there."""
    source, target = demo.site / "search", tmp_path / "search"
    for path in source.rglob("*"):
        name = path.relative_to(source).as_posix()
        if path.suffix in (".bin", ".txt") or name == "manifest.json":
            text = base64.b64encode(path.read_bytes()).decode()
            twin = target / f"{name}.js"
            twin.parent.mkdir(parents=True, exist_ok=True)
            twin.write_text(f'gongkaiPut("{name}", "{text}");', "utf-8")
    (target / "engine.js").write_bytes((source / "engine.js").read_bytes())
    (target / "index.html").write_text("<!doctype html><title>.</title>", "utf-8")
    page = browser.new_page()
    page.goto((target / "index.html").as_uri())
    page.evaluate(LOAD, "engine.js")
    for query in ("预算", "臨時救助", "“家庭经济状况”"):
        told = page.evaluate(TRY, ["search", [{"q": query}]])["result"]
        assert told["hits"][0] == engine.search(query)["hits"][0]
    assert page.evaluate(TRY, ["context", ["i/x.html", ["x"]]]) == {"result": None}
    (target / "t").rename(target / "gone")
    page.reload()
    page.evaluate(LOAD, "engine.js")
    assert page.evaluate(TRY, ["search", [{"q": "预算"}]])["error"]["kind"] == "load"
    page.close()


def test_old_browsers_can_read_the_script() -> None:
    newer = re.compile(
        r"\?\.[a-z_(\[]|\?\?|catch \{|\.(?:flat|flatMap|matchAll|replaceAll|at|fromEntries)\("
        r"|globalThis|\(\?<|DecompressionStream|structuredClone|\d+n\b"
    )
    for path in sorted(SOURCES.glob("*.js")):
        text = re.sub(r"//.*|\"(?:[^\"\\]|\\.)*\"", "", path.read_text("utf-8"))
        assert newer.findall(text) == [], path.name

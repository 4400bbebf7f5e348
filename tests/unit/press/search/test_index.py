"""The files of an index hold every posting, scored as lunr scores, and change where they must."""

from __future__ import annotations

import json
import math
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lunr.builder import Builder
from lunr.index import Index as LunrIndex

from gongkai.kernel.terms import Concepts, key_of
from gongkai.press.search import postings as p
from gongkai.press.search import shards
from gongkai.press.search.index import FACETS, Labels, Numbered, index_files
from gongkai.press.search.tokens import FIELDS, count, field_terms
from gongkai.views.search_document import SearchCard, SearchDocument
from search_reader import Index, inflate

WORDS = [
    "青禾县",
    "民政局",
    "高龄津贴",
    "通知",
    "年报",
    "公开",
    "预算",
    "申请",
    "2026",
    "低保",
    "道路",
]
NONE = Concepts(())


def documents(size: int, seed: int = 1) -> list[SearchDocument]:
    rng = Random(f"documents {seed}")
    found = []
    for n in range(size):
        title = "".join(rng.choices(WORDS, k=rng.randint(1, 5)))
        text = "，".join("".join(rng.choices(WORDS, k=4)) for _ in range(rng.randint(0, 12)))
        found.append(SearchDocument(title, (f"青民发〔2026〕{n + 1}号",), rng.choice(WORDS), text))
    return found


def numbered(size: int, stamp: str = "") -> list[Numbered]:
    return [
        Numbered(
            f"{n} {stamp}",
            ("mzj", "notices", "", "document", "repealed" if n % 7 == 3 else ""),
            2000 + n // 10,
            n % 7 == 3,
            lambda n=n: SearchCard(
                f"i/QH/2026-{n}.html",
                f"标题{n}",
                f"QH/2026-{n}",
                f"青民发〔2026〕{n + 1}号",
                "mzj",
                "2026-01-02 09:30",
                "notices",
                "",
                "document",
                "repealed",
                f"概要{n}",
            ),
        )
        for n in range(size)
    ]


LABELS = Labels(
    {
        name: [
            ("mzj", "民政局"),
            ("notices", "通知公告"),
            ("document", "公文"),
            ("repealed", "废止"),
        ]
        for name in FACETS
    }
)


def postings_of(found: list[SearchDocument], **options: Any) -> p.Postings:
    counted = {n: count(one, NONE) for n, one in enumerate(found)}
    lengths = [one.lengths for one in counted.values()]
    means = options.pop("means", None) or p.averages(lengths)
    return p.join(counted, p.norms(lengths, means, options.pop("slopes", p.SLOPES)), **options)


def built(size: int, found: list[SearchDocument] | None = None, stamp: str = "") -> dict[str, Any]:
    files = index_files(numbered(size, stamp), postings_of(found or documents(size)), LABELS)
    return {file.address: file for file in files}


def read(files: dict[str, Any]) -> Index:
    return Index(lambda address: files[address].make())


def plain(postings: p.Postings) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for at, weight in zip(postings.at.tolist(), postings.weights.tolist(), strict=True):
        found.setdefault(at >> 24, {})[at & 0xFFFFFF] = weight
    return found


@pytest.mark.parametrize("size", [0, 1, 9, 120])
def test_everything_that_was_counted_is_read_back(size: int) -> None:
    found = documents(size)
    index = read(built(size, found))
    assert index.postings() == plain(postings_of(found))
    assert len(index.cards()) == size
    assert index.facts["documents"] == size


def test_common_words_overflow_and_the_best_stand_in_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "FRONT", 10)
    monkeypatch.setattr(shards, "PART", 32)
    monkeypatch.setattr("gongkai.press.search.index.FRONT", 10)
    found = documents(120)
    files = built(120, found)
    index = read(files)
    assert index.postings() == plain(postings_of(found))
    assert len(index.facts["overflow"]) == 4
    common = key_of("青禾")
    everything = index.postings()[common]
    starts = index.facts["terms"]
    alone = Index(lambda address: files[address].make())
    alone.facts = {**index.facts, "overflow": []}
    front = alone.postings()[common]
    assert len(front) == 10 < len(everything)
    rank = sorted(((w & 0x7F, n) for n, w in everything.items()), reverse=True)[:10]
    assert {n for _, n in rank} == front.keys()
    assert starts["shape"]


def test_names_stand_on_pages_where_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "INLINE", 3)
    monkeypatch.setattr(shards, "PAGE", 2)
    monkeypatch.setattr(shards, "LIMIT", 60.0)
    found = documents(60)
    index = read(built(60, found))
    assert index.facts["terms"]["page"] == 2
    assert "page" not in index.facts["cards"]
    assert index.postings() == plain(postings_of(found))
    assert [card[1] for card in index.cards()] == [f"标题{n}" for n in range(60)]


def test_slices_are_bounded_and_not_half_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "LIMIT", 200.0)
    files = built(300)
    raw = [len(inflate(file.make())) for name, file in files.items() if name[:2] == "t/"]
    assert len(raw) > 10
    assert sum(raw) / len(raw) > 60


# ---- scores


def lunr_index(found: list[SearchDocument]) -> LunrIndex:
    builder = Builder()
    builder.ref("ref")
    for field, boost in zip(FIELDS, p.BOOSTS, strict=True):
        builder.field(field, boost=boost)
    for n, one in enumerate(found):
        builder.add({"ref": str(n), **field_terms(one, NONE)})
    return builder.build()


def our_scores(index: Index, wanted: list[str]) -> dict[int, float]:
    """Score as the browser does: idf from the counts, weights from their steps."""
    everything = index.postings()
    total = index.facts["documents"]
    first, ratio = index.facts["weights"]["first"], index.facts["weights"]["ratio"]
    held = [term for term in wanted if key_of(term) in everything]
    scores: dict[int, float] = {}
    for term in held:
        df, more = index.counts[key_of(term)]
        idf = math.log(1 + abs(total - df - more + 0.5) / (df + more + 0.5))
        for number, weight in everything[key_of(term)].items():
            own = idf * first * ratio ** ((weight & 0x7F) - 1)
            scores[number] = scores.get(number, 0.0) + own / math.sqrt(len(held))
    return scores


QUERIES = [
    ["高龄", "龄津", "津贴"],
    ["通知"],
    ["青禾", "禾县", "预算"],
    ["#2026-7"],
    ["2026", "低保"],
]


@pytest.mark.parametrize("wanted", QUERIES, ids=" ".join)
def test_slices_find_what_one_whole_index_finds_and_score_it_alike(wanted: list[str]) -> None:
    """With one slope for all fields and exact averages, as lunr has them, only the steps differ."""
    found = documents(80)
    lengths = [count(one, NONE).lengths for one in found]
    means = [max(sum(x[f] for x in lengths) / len(lengths), 1e-9) for f in range(len(FIELDS))]
    postings = postings_of(found, means=means, slopes=(0.75,) * len(FIELDS))
    files = {f.address: f for f in index_files(numbered(80), postings, LABELS)}
    ours = our_scores(read(files), wanted)
    query = lunr_index(found).create_query()
    for term in wanted:
        query.term(term, use_pipeline=False)
    theirs = {int(hit["ref"]): hit["score"] for hit in lunr_index(found).query(query)}
    assert ours.keys() == theirs.keys()
    step = p.RATIO**0.5  # half a step of the scale, up or down; lunr rounds to three decimals
    for number, score in theirs.items():
        assert score / step - 0.01 <= ours[number] <= score * step + 0.01


def test_the_scale_of_weights_reaches_from_the_least_to_the_most() -> None:
    scores = np.array([0.0, p.FIRST, p.FIRST * p.RATIO**10, 1e9])
    assert p.steps(scores).tolist() == [1, 1, 11, 127]


def test_common_words_are_told_apart_from_rare_ones() -> None:
    keys = np.array([key_of(word) for word in ("通知", "2026", "~年报")], np.uint64)
    bits = np.unpackbits(np.frombuffer(shards.bloom(keys), np.uint8), bitorder="little")
    assert 6 <= bits.sum() <= 18
    assert shards.bloom(keys[:0]) == b""
    assert shards.bloom(keys) == shards.bloom(keys[::-1])


# ---- changes


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_exchanged_documents_give_what_joining_all_anew_gives(data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 12))
    old = [count(one, NONE) for one in documents(size)]
    new = list(old)
    for one in documents(data.draw(st.integers(0, 3)), seed=2):
        at = data.draw(st.integers(0, len(new)))
        new[at : at + 1] = [count(one, NONE)]
    lengths = [one.lengths for one in new]
    table = p.norms(lengths, [10.0] * len(FIELDS))
    changed = [n for n in range(len(new)) if n >= size or new[n] is not old[n]]
    before = p.join(dict(enumerate(old)), table)
    gone = {n: old[n] for n in changed if n < size}
    after = p.replaced(before, gone, {n: new[n] for n in changed}, table)
    whole = p.join(dict(enumerate(new)), table)
    assert after.at.tolist() == whole.at.tolist()
    assert after.weights.tolist() == whole.weights.tolist()
    assert after.fields.tolist() == whole.fields.tolist()


def test_sorting_in_passes_gives_the_same_postings(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = postings_of(documents(200))
    monkeypatch.setattr(p, "ONE_PASS", 100)
    parts = postings_of(documents(200))
    assert parts.at.tolist() == whole.at.tolist()
    assert parts.weights.tolist() == whole.weights.tolist()


def test_one_more_document_renames_only_what_holds_its_words() -> None:
    found = documents(200)
    new = SearchDocument("全新词语", (), "", "独一无二")
    before, after = built(200, found), built(201, [*found, new])
    changed = {a for a in after if a not in before and a.startswith("t/")}
    assert 1 <= len(changed) <= 8
    assert 1 <= sum(a.startswith("c/") and a not in before for a in after) <= 4


def test_names_follow_content_and_nothing_else() -> None:
    assert built(50).keys() == built(50).keys()
    assert {a for a in built(50) if a[0] == "c"}.isdisjoint(
        built(50, stamp="x").keys() - {"manifest.json"}
    )


def test_averages_move_in_steps() -> None:
    few = p.averages([(10, 10, 10, 100, 10)] * 50)
    more = p.averages([(10, 10, 10, 100, 10)] * 50 + [(10, 10, 10, 140, 10)])
    assert few == more
    assert all(10 <= mean < 10.9 for mean in few[:3])
    assert p.averages([]) == (1.0,) * len(FIELDS)


def test_too_many_documents_are_refused() -> None:
    with pytest.raises(p.TooManyDocuments):
        p.join({1 << 24: count(SearchDocument("县"), NONE)}, np.ones((1, 5)))


def test_saved_postings_come_back_and_damaged_ones_do_not(tmp_path: Any) -> None:
    postings = postings_of(documents(5))
    path = tmp_path / "postings"
    checksum = postings.save(path)
    again = p.Postings.load(path, checksum)
    assert again is not None
    assert again.at.tolist() == postings.at.tolist()
    assert p.Postings.load(path, checksum + 1) is None
    path.write_bytes(path.read_bytes()[:-1])
    assert p.Postings.load(path, checksum) is None
    path.unlink()
    assert p.Postings.load(path, checksum) is None


# ---- cards and classes


def test_cards_name_their_classes_by_number_and_leave_out_what_can_be_told() -> None:
    index = read(built(9))
    card = index.cards()[3]
    assert card == [
        "",
        "标题3",
        "QH/2026-3",
        "青民发〔2026〕4号",
        1,
        "2026-01-02 09:30",
        2,
        "废止",
        3,
        "概要3",
    ]
    values = index.facts["facets"]["agency"]["values"]
    assert values[card[4]] == ["mzj", "民政局"]


def test_years_are_ranges_of_numbers() -> None:
    assert read(built(25)).facts["years"] == [[2000, 0], [2001, 10], [2002, 20]]


def test_more_than_256_values_take_two_bytes() -> None:
    many = Labels({name: [(f"c{n}", f"类{n}") for n in range(300)] for name in FACETS})
    found = [Numbered(str(n), (f"c{n}",) * 5, 2000, False, numbered(1)[0].card) for n in range(300)]
    files = {f.address: f for f in index_files(found, postings_of(documents(300)), many)}
    facts = json.loads(files["manifest.json"].make())["facets"]["column"]
    assert facts["width"] == 2
    (name,) = [a for a in files if a.startswith("f/column-")]
    data = inflate(files[name].make())
    assert list(np.frombuffer(data, "<u2")) == list(range(1, 301))

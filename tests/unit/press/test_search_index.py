"""Our index equals that of lunr's own builder, up to its rounding."""

from __future__ import annotations

import json

import pytest
from lunr.builder import Builder
from lunr.index import Index

from gongkai.kernel.text import terms
from gongkai.press.search_index import BOOSTS, FIELDS, SEGMENT_SIZE, lunr_index, manifest, segment
from gongkai.views.search_document import SearchDocument

TITLES = [
    "青禾县民政局关于做好高龄津贴发放工作的通知",
    "青禾县人民政府办公室关于举办政务公开日活动的通知",
    "高龄津贴申请表",
    "2026年部门预算",
    "Ａ１级 internet 企业名单",
    "通知通知通知",
    "县",
    "",
]
DOCUMENTS = [
    SearchDocument(
        (f"i/{n}.html", title),
        title,
        f"青民发〔2026〕{n}号 QH0000028/2026-0000{n}",
        "高龄 津贴 县民政局" if n % 2 else "",
        "年满80周岁的老年人自年满当月起发放高龄津贴。" * (n % 3),
    )
    for n, title in enumerate(TITLES)
]


def reference(documents: list[SearchDocument]) -> Index:
    builder = Builder()
    builder.ref("ref")
    for field in FIELDS:
        builder.field(field, boost=BOOSTS[field])
    for position, document in enumerate(documents):
        builder.add({"ref": str(position), **{f: terms(getattr(document, f)) for f in FIELDS}})
    return builder.build()


def vectors(data: dict[str, object]) -> dict[str, dict[int, float]]:
    found = {}
    for name, elements in data["fieldVectors"]:  # type: ignore[attr-defined]
        found[name] = dict(zip(elements[::2], elements[1::2], strict=True))
    return found


@pytest.mark.parametrize("count", [1, 2, len(DOCUMENTS)])
def test_the_index_is_that_of_the_builder(count: int) -> None:
    documents = DOCUMENTS[:count]
    ours = json.loads(json.dumps(lunr_index(documents)))
    theirs = json.loads(json.dumps(reference(documents).serialize()))
    assert ours["fields"] == theirs["fields"]
    assert ours["version"] == theirs["version"]
    assert ours["pipeline"] == []
    mine, yours = dict(ours["invertedIndex"]), dict(theirs["invertedIndex"])
    assert mine.keys() == yours.keys()
    numbers = {}
    for term, posting in mine.items():
        numbers[posting.pop("_index")] = yours[term].pop("_index")
        assert posting == yours[term], term
    assert len(numbers) == len(mine)
    ours_by_name, theirs_by_name = vectors(ours), vectors(theirs)
    assert {k for k, v in ours_by_name.items() if v} == {k for k, v in theirs_by_name.items() if v}
    for name, vector in ours_by_name.items():
        translated = {numbers[index]: score for index, score in vector.items()}
        expected = theirs_by_name.get(name, {})
        assert translated.keys() == expected.keys(), name
        for index, score in translated.items():
            assert score == pytest.approx(expected[index], abs=0.0011), name


def test_terms_stand_in_the_order_of_the_browser() -> None:
    data = lunr_index([SearchDocument((), "𠮷野 県庁 abc 一二 ｚ", "", "", "")])
    listed = [term for term, _ in data["invertedIndex"]]  # type: ignore[attr-defined]
    assert listed == sorted(listed, key=lambda term: term.encode("utf-16-be"))


def test_the_elements_of_a_vector_are_sorted_by_their_number() -> None:
    for _, elements in lunr_index(DOCUMENTS)["fieldVectors"]:  # type: ignore[attr-defined]
        assert elements[::2] == sorted(elements[::2])


@pytest.mark.parametrize(
    "query", ["高龄津贴", "青民发〔2026〕3号", "青民发[2026]3号", "预算", "政务公开"]
)
def test_the_index_answers_as_the_builder_s_does(query: str) -> None:
    ours = Index.load(json.dumps(lunr_index(DOCUMENTS)))
    theirs = reference(DOCUMENTS)
    words = " ".join(terms(query))
    mine = {result["ref"]: result["score"] for result in ours.search(words)}
    yours = {result["ref"]: result["score"] for result in theirs.search(words)}
    assert mine.keys() == yours.keys()
    assert mine
    for ref, score in mine.items():
        assert score == pytest.approx(yours[ref], abs=0.01)


def test_nothing_gives_an_empty_index() -> None:
    data = lunr_index([])
    assert data["fieldVectors"] == []
    assert data["invertedIndex"] == []


def test_a_segment_holds_a_card_for_each_document() -> None:
    data = json.loads(segment(DOCUMENTS))
    assert data["cards"] == [list(document.card) for document in DOCUMENTS]


def test_the_manifest_counts_from_the_oldest() -> None:
    data = json.loads(manifest(["0.json", "1.json"], SEGMENT_SIZE + 7))
    assert data["documents"] == SEGMENT_SIZE + 7
    assert [(s["first"], s["count"]) for s in data["segments"]] == [
        (0, SEGMENT_SIZE),
        (SEGMENT_SIZE, 7),
    ]
    assert data["version"] >= 1

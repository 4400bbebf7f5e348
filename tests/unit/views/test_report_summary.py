"""The summary tells what figures say, leaves out what is blank and never calls it zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.domain.reports.form import TOTAL, forms
from gongkai.domain.reports.indicator import values_of
from gongkai.views.report_summary import change, in_words, summary
from make_reports import figures_of

Values = dict[tuple[str, str], Decimal | None]
QUIET = {"received": 0, "carried_in": 0, "concluded": 0, "carried_out": 0}


def values(**counts: int | None) -> Values:
    """Return indicators for all applicants."""
    return {(k, TOTAL): None if v is None else Decimal(v) for k, v in counts.items()}


def test_a_year_with_applications_is_told_from_receipt_to_what_is_left() -> None:
    year = values(
        received=12,
        carried_in=1,
        concluded=13,
        granted=8,
        partly_granted=2,
        refused=1,
        unavailable=2,
        not_processed=0,
        carried_out=0,
    )
    assert in_words(2025, year) == (
        "2025年收到政府信息公开申请12件；上年结转1件；办结13件，"
        "其中予以公开8件、部分公开2件、不予公开1件、无法提供2件；没有结转下年度的申请。"
    )


def test_a_year_without_applications_says_so() -> None:
    assert in_words(2025, values(**QUIET)) == (
        "2025年全年没有收到政府信息公开申请；也没有上年结转和结转下年度的申请。"
    )


def test_nothing_received_but_something_carried_over_is_told() -> None:
    year = values(received=0, carried_in=2, concluded=1, granted=1, carried_out=1)
    assert in_words(2025, year) == (
        "2025年全年没有收到政府信息公开申请；上年结转2件；办结1件，其中予以公开1件；结转下年度1件。"
    )


@pytest.mark.parametrize("blank", ["received", "carried_in", "concluded", "granted", "carried_out"])
def test_a_blank_figure_is_left_out_and_never_called_zero(blank: str) -> None:
    counts = {"received": 5, "carried_in": 1, "concluded": 6, "granted": 6, "carried_out": 0}
    words = {
        "received": "收到政府信息公开申请",
        "carried_in": "上年结转",
        "concluded": "办结",
        "granted": "予以公开",
        "carried_out": "结转下年度",
    }
    said = in_words(2025, values(**{**counts, blank: None}))
    assert words[blank] not in said
    assert "None" not in said
    assert all(word in said for key, word in words.items() if blank not in (key, "concluded"))


def test_a_report_of_blanks_says_nothing() -> None:
    form = forms()["2021"]
    blank = dict.fromkeys(values_of(form, {}))
    assert summary(2025, blank) == ()


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (15, 12, "比上年增加3件（25.0%）"),
        (9, 12, "比上年减少3件（25.0%）"),
        (12, 12, "与上年持平"),
        (3, 0, "比上年增加3件"),
        (0, 4, "比上年减少4件（100.0%）"),
        (1808594, 1808595, "比上年减少1件（不足0.1%）"),
    ],
)
def test_a_change_has_a_percentage_only_where_it_has_a_base(
    now: int, then: int, words: str
) -> None:
    assert change(Decimal(now), Decimal(then), "件") == words


def test_last_year_is_compared_where_it_is_known() -> None:
    this, last = values(received=15), values(received=12)
    assert in_words(2025, this, last) == "2025年收到政府信息公开申请15件，比上年增加3件（25.0%）。"
    assert "上年" not in in_words(2025, this, None)
    assert "上年" not in in_words(2025, this, values(received=None))
    assert "上年" not in in_words(2025, this, {}), "a form that does not ask is no zero"
    assert "比上年减少12件" in in_words(2025, values(**QUIET), last)
    assert "持平" not in in_words(2025, values(**QUIET), values(received=0))


def test_applicants_are_told_by_class_and_those_who_did_not_apply_are_not() -> None:
    cells = {
        "s3_requests.new.natural": 9,
        "s3_requests.new.enterprise": 1,
        "s3_requests.new.other_org": 2,
        "s3_requests.new.total": 12,
    }
    form = forms()["2021"]
    year = values_of(form, figures_of("2021", cells).cells)
    told = {fact.label: fact.value for fact in summary(2025, year)}
    assert told["申请人"] == (
        "收到的申请中，自然人提出9件，法人或其他组织提出3件（商业企业1件、其他组织2件）。"
    )
    blank = values_of(form, figures_of("2021", cells, ["s3_requests.new.legal"]).cells)
    told = {fact.label: fact.value for fact in summary(2025, blank)}
    assert told["申请人"] == (
        "收到的申请中，自然人提出9件，法人或其他组织中，商业企业1件、其他组织2件。"
    )


@pytest.mark.parametrize(
    ("made", "ended", "held", "words"),
    [
        (1, 1, 5, "制发行政规范性文件1件，废止1件，年末现行有效5件。"),
        (1, 0, 5, "制发行政规范性文件1件，没有废止，年末现行有效5件。"),
        (0, 0, 5, "没有制发和废止行政规范性文件，年末现行有效5件。"),
        (0, 2, None, "没有制发行政规范性文件，废止2件。"),
        (None, None, 5, "年末现行有效行政规范性文件5件。"),
        (None, 1, None, "废止行政规范性文件1件。"),
        (None, None, None, ""),
    ],
)
def test_documents_are_told_as_far_as_they_are_known(
    made: int | None, ended: int | None, held: int | None, words: str
) -> None:
    year = values(normative_issued=made, normative_repealed=ended, normative_in_force=held)
    assert in_words(2025, year) == words


def test_rules_are_told_only_where_there_are_any() -> None:
    none = values(rules_issued=0, rules_repealed=0, rules_in_force=0)
    assert in_words(2025, none) == ""
    some = values(rules_issued=0, rules_repealed=0, rules_in_force=3, normative_in_force=2)
    assert in_words(2025, some) == (
        "没有制发和废止规章，年末现行有效3件；年末现行有效行政规范性文件2件。"
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (
            {"reconsideration_total": 0, "litigation_total": 0},
            "没有因政府信息公开引起的行政复议和行政诉讼。",
        ),
        (
            {"reconsideration_total": 2, "reconsideration_upheld": 1, "litigation_total": 0},
            "因政府信息公开引起行政复议2件（结果维持1件）；没有行政诉讼。",
        ),
        ({"reconsideration_total": None, "litigation_total": 1}, "因政府信息公开引起行政诉讼1件。"),
    ],
)
def test_reviews_and_suits_are_told(counts: dict[str, int | None], words: str) -> None:
    assert in_words(2025, values(**counts)) == words


def test_the_suits_of_both_branches_are_told_together() -> None:
    cells = {
        "s4_review.litigation_direct.pending": 1,
        "s4_review.litigation_direct.total": 1,
        "s4_review.litigation_after_review.upheld": 2,
        "s4_review.litigation_after_review.total": 2,
    }
    year = values_of(forms()["2021"], figures_of("2021", cells).cells)
    told = {fact.label: fact.value for fact in summary(2025, year)}
    assert told["复议和诉讼"] == (
        "因政府信息公开引起行政诉讼3件（结果维持2件、尚未审结1件）；没有行政复议。"
    )


def test_an_earlier_form_is_told_by_what_it_counts() -> None:
    year = values_of(
        forms()["2017"],
        figures_of(
            "2017", {"statistics.disclosed.value": 17, "statistics.disclosed_normative.value": 10}
        ).cells,
    )
    told = {fact.label: fact.value for fact in summary(2017, year)}
    assert told["主动公开"] == "主动公开政府信息17条，其中规范性文件10条。"
    assert told["申请和办理"] == "2017年全年没有收到政府信息公开申请。"

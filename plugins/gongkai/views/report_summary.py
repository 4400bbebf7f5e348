"""Indicators into sentences: what a yearly report says, in plain words, on top of its page.

Everything is told from what figures count, never from the form they stand on. A blank figure is
not zero: what it would tell is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from gongkai.domain.reports.form import TOTAL
from gongkai.domain.reports.indicator import INDICATORS
from gongkai.views.chart import amount, share_in_words
from gongkai.views.shared import Fact

Values = Mapping[tuple[str, str], Decimal | None]
OUTCOMES = (
    "granted",
    "partly_granted",
    "refused",
    "unavailable",
    "not_processed",
    "otherwise_closed",
)
NATURAL, ORGANISATIONS = "natural", "organisations"
APPLICANTS: Mapping[str, str] = {
    "natural": "自然人",
    "enterprise": "商业企业",
    "research": "科研机构",
    "charity": "社会公益组织",
    "legal": "法律服务机构",
    "other_org": "其他组织",
}
_FLOW = ("received", "carried_in", "concluded", *OUTCOMES, "carried_out")
_DECISIONS = ("licences", "penalties", "coercions")
_DOCUMENTS = tuple(
    f"{stem}_{end}" for stem in ("rules", "normative") for end in ("issued", "repealed", "in_force")
)
_ENDS = ("upheld", "corrected", "other", "pending")
_END_LABELS = ("结果维持", "结果纠正", "其他结果", "尚未审结")


def summary(
    year: int,
    values: Values,
    previous: Values | None = None,
    doubted: Collection[str] = (),
) -> tuple[Fact, ...]:
    """Return what the figures of ``year`` say: a subject and its sentence, those that have one.

    ``doubted`` are the indicators whose figures disagree with others: their sentence says so.
    """
    told = (
        ("主动公开", _disclosure(values), ("disclosed", "disclosed_normative")),
        ("申请和办理", _requests(year, values, previous), _FLOW),
        ("申请人", _applicants(values), ()),
        ("规范性文件", _documents(values), _DOCUMENTS),
        ("行政决定", _decisions(values), _DECISIONS),
        ("复议和诉讼", _disputes(values), ("reconsideration_total", "litigation_total")),
    )
    return tuple(
        Fact(
            label,
            _with_doubts(words, [key for key in keys if key in doubted and _has(values, key)]),
        )
        for label, words, keys in told
        if words
    )


def _with_doubts(words: str, keys: Collection[str]) -> str:
    """Say behind a sentence which of its figures disagree with others."""
    if not keys:
        return words
    named = "、".join(INDICATORS[key].label for key in keys)
    return f"{words.removesuffix('。')}（{named}与其他数字不一致，见数据核对说明）。"


def _has(values: Values, key: str) -> bool:
    return _value(values, key) is not None


def in_words(year: int, values: Values, previous: Values | None = None) -> str:
    """Return the summary as one text."""
    return "".join(fact.value for fact in summary(year, values, previous))


def change(now: Decimal, then: Decimal, unit: str) -> str:
    """Return how a figure compares with last year's; no percentage without a base."""
    if now == then:
        return "与上年持平"
    word = "增加" if now > then else "减少"
    base = share_in_words(abs(now - then), then)
    return f"比上年{word}{amount(abs(now - then))}{unit}{f'（{base}）' if base else ''}"


def _requests(year: int, values: Values, previous: Values | None) -> str:
    """Tell what came in, how it ended and what is left, as a sentence of clauses."""
    received, carried_in = _value(values, "received"), _value(values, "carried_in")
    concluded, carried_out = _value(values, "concluded"), _value(values, "carried_out")
    clauses: list[str] = []
    if received is not None:
        begin = f"{year}年收到政府信息公开申请{amount(received)}件"
        if not received:
            begin = f"{year}年全年没有收到政府信息公开申请"
        before = _value(previous, "received") if previous is not None else None
        if before is not None and (before or received):
            begin += f"，{change(received, before, '件')}"
        clauses.append(begin)
    if not any((received, carried_in, concluded, carried_out)):
        if clauses and carried_in is not None and carried_out is not None:
            clauses.append("也没有上年结转和结转下年度的申请")
        return f"{'；'.join(clauses)}。" if clauses else ""
    if carried_in is not None:
        clauses.append(f"上年结转{amount(carried_in)}件" if carried_in else "没有上年结转的申请")
    if concluded is not None:
        outcomes = _listed((INDICATORS[key].label, _value(values, key)) for key in OUTCOMES)
        ended = f"办结{amount(concluded)}件" if concluded else "没有办结的申请"
        clauses.append(f"{ended}，其中{outcomes}" if outcomes and concluded else ended)
    if carried_out is not None:
        clauses.append(
            f"结转下年度{amount(carried_out)}件" if carried_out else "没有结转下年度的申请"
        )
    return f"{'；'.join(clauses)}。"


def _applicants(values: Values) -> str:
    """Tell who applied; classes without an application are left out."""
    if not _value(values, "received"):
        return ""
    natural = _value(values, "received", NATURAL)
    together = _value(values, "received", ORGANISATIONS)
    classes = _listed(
        (label, _value(values, "received", key))
        for key, label in APPLICANTS.items()
        if key != NATURAL
    )
    said = []
    if natural:
        said.append(f"自然人提出{amount(natural)}件")
    if together:
        said.append(f"法人或其他组织提出{amount(together)}件{f'（{classes}）' if classes else ''}")
    elif together is None and classes:
        said.append(f"法人或其他组织中，{classes}")
    return f"收到的申请中，{'，'.join(said)}。" if said else ""


def _documents(values: Values) -> str:
    """Tell what rules and normative documents were made and hold; rules where there are any."""
    said = []
    for stem, label in (("rules", "规章"), ("normative", "行政规范性文件")):
        made, ended, held = (
            _value(values, f"{stem}_{end}") for end in ("issued", "repealed", "in_force")
        )
        if stem == "rules" and not any((made, ended, held)):
            continue
        clauses = []
        if made == 0 and ended == 0:
            clauses.append(f"没有制发和废止{label}")
        else:
            if made is not None:
                clauses.append(f"制发{label}{amount(made)}件" if made else f"没有制发{label}")
            if ended is not None:
                name = "" if clauses else label
                clauses.append(f"废止{name}{amount(ended)}件" if ended else f"没有废止{name}")
        if held is not None:
            name = "" if clauses else label
            clauses.append(f"年末现行有效{name}{amount(held)}件")
        if clauses:
            said.append("，".join(clauses))
    return f"{'；'.join(said)}。" if said else ""


def _decisions(values: Values) -> str:
    known = [(INDICATORS[key].label, _value(values, key)) for key in _DECISIONS]
    listed = _listed(known)
    if listed:
        return f"作出{listed}。"
    return "没有作出行政许可、行政处罚和行政强制决定。" if _all_zero(known) else ""


def _disclosure(values: Values) -> str:
    disclosed, normative = _value(values, "disclosed"), _value(values, "disclosed_normative")
    if disclosed is None:
        return ""
    if not disclosed:
        return "没有主动公开政府信息。"
    said = f"主动公开政府信息{amount(disclosed)}条"
    return f"{said}，其中规范性文件{amount(normative)}条。" if normative else f"{said}。"


def _disputes(values: Values) -> str:
    said, none = [], []
    for stem, label in (("reconsideration", "行政复议"), ("litigation", "行政诉讼")):
        total = _value(values, f"{stem}_total")
        if total is None:
            continue
        if not total:
            none.append(label)
            continue
        ends = _listed(
            (word, _value(values, f"{stem}_{end}"))
            for end, word in zip(_ENDS, _END_LABELS, strict=True)
        )
        said.append(f"{label}{amount(total)}件{f'（{ends}）' if ends else ''}")
    words = []
    if said:
        words.append(f"因政府信息公开引起{'，'.join(said)}")
    if none:
        words.append(f"没有{'因政府信息公开引起的' if not said else ''}{'和'.join(none)}")
    return f"{'；'.join(words)}。" if words else ""


def _value(values: Values, indicator: str, applicant: str = TOTAL) -> Decimal | None:
    return values.get((indicator, applicant))


def _listed(items: Iterable[tuple[str, Decimal | None]]) -> str:
    """Return the items that are more than zero: 予以公开8件、部分公开2件."""
    return "、".join(f"{label}{amount(value)}件" for label, value in items if value)


def _all_zero(items: Iterable[tuple[str, Decimal | None]]) -> bool:
    return all(value == 0 for _, value in items)

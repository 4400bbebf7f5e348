"""The register of requests (依申请公开登记台账): what a row may say, its limits and its counts.

A row holds dates, classes and results and nothing that could tell who applied or for what: every
column is closed or typed, and ``domain.personal`` finds what was typed into it all the same.

Outcomes, classes of applicants and results bear the codes of the form in force
(``reports/forms/form_2021``); a form that names them otherwise maps them to its own rows by
``RequestTable.outcomes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import BeforeValidator, Field

from gongkai.domain.calendar import WorkingCalendar, YearUnknown
from gongkai.domain.entry import Finding
from gongkai.domain.personal import personal_data as personal_data  # for those who import it here
from gongkai.domain.reports.forms.form_2021 import FORM
from gongkai.domain.values import IsoDate, Item, fail
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import fold, nearest

ANSWER_WORKING_DAYS = 20  # 条例 art. 33: the answer, and once more its extension
CORRECTION_WORKING_DAYS = 7  # 条例 art. 30
CONSULTATION_WORKING_DAYS = 15  # 条例 arts 32 and 34: a third party, another agency
SOON_WORKING_DAYS = 5  # our own: how early an office is reminded

_NUMBER = r"(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|[0-9]+[.、])"
_LEADING_NUMBER = re.compile(f"^{_NUMBER}")
_NUMBERS = re.compile(f"(^|-){_NUMBER}")
_QUOTES = re.compile("[“”‘’「」『』\"']")
_HARMLESS = re.compile(
    "(?:19|20)[0-9]{2}(?:[年./-]?[0-9]{1,2}(?:[月./-]?[0-9]{1,2})?)?[年月日]?"
    "(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?|[0-9]{1,6}"
)
_SEPARATOR = re.compile("[-/:>→—–]+")
_Labelled = tuple[str, str, tuple[str, ...]]  # code, label, headings above it


class Choices:
    """A closed list whose values may be written as codes, or as labels where that is unambiguous.

    A label may go without its number and without what follows its first bracket or 、, and may
    stand behind a heading above it: 属于国家秘密, 1.属于国家秘密 and 不予公开-属于国家秘密 are one.
    """

    def __init__(self, rows: Iterable[_Labelled]) -> None:
        self.labels: dict[str, str] = {}
        self._exact: dict[str, list[str]] = {}
        self._loose: dict[str, list[str]] = {}  # stands back where it is another value's label
        for code, label, headings in rows:
            self.labels[code] = _LEADING_NUMBER.sub("", label)
            whole = _spelt(label)
            words = {whole, re.split(r"[(、]", whole)[0]}
            above = {_spelt(heading) for heading in headings}
            behind = {f"{heading}-{word}" for heading in above for word in words}
            for spelling in {_spelt(code), whole}:
                self._exact.setdefault(spelling, []).append(code)
            for spelling in words | above | behind:
                self._loose.setdefault(spelling, []).append(code)

    def find(self, text: str) -> list[str]:
        """Return the codes that ``text`` may mean: none, one, or several where it is ambiguous."""
        spelling = _spelt(text)
        return self._exact.get(spelling) or self._loose.get(spelling, [])

    def refusal(self, text: str) -> dict[str, str]:
        """Return the facts of a message that ``text`` means no value, or several."""
        codes = self.find(text)
        near = None if codes else nearest(text, [*self.labels.values(), *self.labels])
        where = "、".join(self._short(code) for code in codes or self.labels)
        return {"value": text if codes else masked(text), "where": where, **p.hint(near)}

    def _short(self, code: str) -> str:
        label = self.labels[code]
        short = re.split("[（、]", label)[0]
        return short if self.find(short) == [code] else label

    def parse(self, value: object) -> str:
        """Return the one code that ``value`` means; anything else is refused."""
        text = str(value).strip()
        codes = self.find(text)
        if len(codes) != 1:
            fail(p.NOT_IN_VOCABULARY, **self.refusal(text))
        return codes[0]


def _spelt(text: str) -> str:
    """Return the form in which labels are compared: no numbers, quotes, spaces, widths."""
    return _NUMBERS.sub(r"\1", _SEPARATOR.sub("-", _QUOTES.sub("", fold(text))))


def masked(text: str) -> str:
    """Return a refused value for a message; in the wrong column it may be somebody's name.

    Dates and short numbers stand: those who wrote them need to see what is wrong with them.
    """
    if _HARMLESS.fullmatch(text):
        return text
    return text[:1] + "＊" * min(len(text) - 1, 5)


def _rows_of(table: str) -> Iterator[_Labelled]:
    found = FORM.table(table)
    return ((row.key, row.label, row.headers) for row in (found.rows if found else ()))


def _columns_of(table: str) -> Iterator[_Labelled]:
    found = FORM.table(table)
    columns = found.columns if found else ()
    return ((c.key, c.label, (c.group,) if c.group else ()) for c in columns)


def listed(labels: Mapping[str, str]) -> Choices:
    """Return the closed list of a vocabulary: code → label."""
    return Choices((code, label, ()) for code, label in labels.items())


APPLICANTS = Choices(row for row in _columns_of("s3_requests") if row[0] != "total")
OUTCOMES = Choices(row for row in _rows_of("s3_requests") if row[2] and row[0] != "results_total")
RESULTS = Choices(row for row in _columns_of("s4_review") if row[0] not in ("pending", "total"))
CHANNELS = listed(
    {
        "in_person": "当面",
        "post": "信函",
        "online": "网络",
        "fax": "传真",
        "email": "电子邮件",
        "other": "其他",
    }
)
SUIT_KINDS = listed({"direct": "未经复议直接起诉", "after_review": "复议后起诉"})

_REGISTER_NUMBER = re.compile("(?:[A-Za-z]{1,4}-)?(?:19|20)[0-9]{2}[-—]?[0-9]{1,5}")
_TOPIC = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_OTHER_DATE = re.compile(r"([0-9]{4})[/.年]([0-9]{1,2})[/.月]([0-9]{1,2})日?")


def _parse_number(value: object) -> str:
    """Read year and serial number; any freer form would hold a telephone number or a name."""
    text = str(value).strip()
    if not _REGISTER_NUMBER.fullmatch(text):
        fail(
            p.WRONG_SHAPE,
            expected="年份和五位以内的序号，例如 2026-017；"
            "前面可以加四个以内的字母，例如 SQ-2026-17",
            expected_en="a year and a serial number of at most five digits, for example 2026-017; "
            "at most four letters may stand before it, for example SQ-2026-17",
        )
    return text


def _parse_topic(value: object) -> str:
    text = str(value).strip()
    if not _TOPIC.fullmatch(text):
        fail(p.WRONG_SHAPE, expected="主题词表中的代号", expected_en="a code of the topics")
    return text


def parse_amount(value: object) -> Decimal:
    """Read an amount of 0 or more with at most six decimals (1 分 is 0.000001 万元)."""
    text = str(value).strip()
    if not _AMOUNT.fullmatch(text):
        fail(
            p.WRONG_SHAPE,
            expected="不小于 0 的金额，只写数字，例如 30 或 30.5",
            expected_en="an amount of 0 or more in figures only, for example 30 or 30.5",
        )
    return Decimal(text)


def _as_iso(value: object) -> object:
    """Let 2026/3/2 stand for 2026-03-02: spreadsheet programs write dates back like this."""
    match = _OTHER_DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    return "-".join(match.groups()) if match else value


SheetDate = Annotated[IsoDate, BeforeValidator(_as_iso)]
Amount = Annotated[Decimal, BeforeValidator(parse_amount)]
Channel = Annotated[
    str, BeforeValidator(CHANNELS.parse), Field(json_schema_extra={"enum": [*CHANNELS.labels]})
]
Applicant = Annotated[
    str, BeforeValidator(APPLICANTS.parse), Field(json_schema_extra={"enum": [*APPLICANTS.labels]})
]
Outcome = Annotated[
    str, BeforeValidator(OUTCOMES.parse), Field(json_schema_extra={"enum": [*OUTCOMES.labels]})
]
Result = Annotated[
    str, BeforeValidator(RESULTS.parse), Field(json_schema_extra={"enum": [*RESULTS.labels]})
]
SuitKind = Annotated[
    str, BeforeValidator(SUIT_KINDS.parse), Field(json_schema_extra={"enum": [*SUIT_KINDS.labels]})
]


class Application(Item):
    """One request: a row of ``content/agencies/<agency>/register/<year of receipt>.csv``."""

    number: Annotated[str, BeforeValidator(_parse_number)] = Field(
        title="登记号",
        description="本单位内不重复；年份和序号，前面可以加四个以内的字母，不含个人信息",
        examples=["2026-017"],
    )
    received_on: SheetDate = Field(
        title="收到日期", description="条例第三十一条规定的收到之日", examples=["2026-03-02"]
    )
    channel: Channel = Field(
        title="申请渠道",
        description="in_person 当面、post 信函、online 网络、fax 传真、email 电子邮件、other 其他",
        examples=["online"],
    )
    applicant: Applicant = Field(
        title="申请人类别",
        description="natural 自然人、enterprise 商业企业、research 科研机构、"
        "charity 社会公益组织、legal 法律服务机构、other_org 其他",
        examples=["natural"],
    )
    topic: Annotated[str, BeforeValidator(_parse_topic)] = Field(
        title="主题", description="主题词表中的代号或名称，不写申请内容", examples=["land"]
    )
    correction_notified_on: SheetDate | None = Field(
        default=None, title="补正通知日期", description="告知申请人补正的日期"
    )
    corrected_on: SheetDate | None = Field(
        default=None, title="补正日期", description="收到补正后申请的日期，答复期限从这天重新计算"
    )
    third_party_asked_on: SheetDate | None = Field(
        default=None, title="征求第三方意见日期", description="发出征求意见书的日期"
    )
    third_party_answered_on: SheetDate | None = Field(
        default=None, title="第三方答复日期", description="没有答复的不填"
    )
    consulted_on: SheetDate | None = Field(
        default=None, title="征求其他机关意见日期", description="条例第三十四条，发函的日期"
    )
    consultation_answered_on: SheetDate | None = Field(
        default=None, title="其他机关答复日期", description="没有答复的不填"
    )
    extended_on: SheetDate | None = Field(
        default=None, title="延期告知日期", description="经批准延期并告知申请人的日期"
    )
    delayed_until: SheetDate | None = Field(
        default=None, title="合理延迟期限", description="条例第三十五条，确定的延迟答复期限"
    )
    answered_on: SheetDate | None = Field(
        default=None, title="答复日期", description="答复或者以其他方式办结的日期"
    )
    outcome: Outcome | None = Field(
        default=None,
        title="办理结果",
        description="年报表三的行：代号或原文，如 granted 或 予以公开",
        examples=["granted"],
    )
    fee: Amount | None = Field(default=None, title="收费", description="信息处理费，单位：元")
    review_filed_on: SheetDate | None = Field(
        default=None, title="复议受理日期", description="行政复议受理的日期"
    )
    review_result: Result | None = Field(
        default=None,
        title="复议结果",
        description="upheld 结果维持、corrected 结果纠正、other 其他结果",
    )
    review_closed_on: SheetDate | None = Field(
        default=None, title="复议审结日期", description="尚未审结的不填"
    )
    suit_filed_on: SheetDate | None = Field(
        default=None, title="诉讼受理日期", description="行政诉讼立案的日期"
    )
    suit_kind: SuitKind | None = Field(
        default=None,
        title="诉讼类型",
        description="direct 未经复议直接起诉、after_review 复议后起诉",
    )
    suit_result: Result | None = Field(
        default=None,
        title="诉讼结果",
        description="upheld 结果维持、corrected 结果纠正、other 其他结果",
    )
    suit_closed_on: SheetDate | None = Field(
        default=None, title="诉讼审结日期", description="尚未审结的不填"
    )

    @property
    def closed(self) -> tuple[date, str] | None:
        """The day and outcome of the answer, or ``None`` while the request is in hand.

        An answer dated before the receipt is a slip, told elsewhere; it counts on the day of
        receipt, so that no slip can take a request out of the balance.
        """
        if self.answered_on is None or self.outcome is None:
            return None
        return max(self.answered_on, self.received_on), self.outcome

    def slips(self, year: int) -> Iterator[Finding]:
        """Yield what the row alone shows to be wrong in the register of ``year``."""
        if self.received_on.year != year:
            yield outside_year(type(self), "received_on", self.received_on, year)
        for key, other in _NEEDS:
            if getattr(self, key) is not None and getattr(self, other) is None:
                yield _without_counterpart(key, other)
        order = list(_ORDER)
        if self.suit_kind == "after_review":
            order.append(("review_filed_on", "suit_filed_on"))
            if self.review_filed_on is None:
                yield _without_counterpart("suit_kind", "review_filed_on")
        for earlier, later in order:
            first, second = getattr(self, earlier), getattr(self, later)
            if first and second and second < first:
                facts = {
                    "key": later,
                    "label": _label(later),
                    "value": str(second),
                    "other": earlier,
                    "other_label": _label(earlier),
                    "other_value": str(first),
                }
                yield Finding(p.DATES_OUT_OF_ORDER, later, facts)

    def future_dates(self, today: date) -> Iterator[Finding]:
        """Yield dates after ``today``; only a delay may lie ahead."""
        for key in _DATES:
            day = getattr(self, key)
            if day and day > today:
                facts = {"key": key, "label": _label(key), "value": str(day), "today": str(today)}
                yield Finding(p.FUTURE_DATE, key, facts)


_DATES = tuple(key for key in Application.model_fields if key.endswith("_on"))
_NEEDS = (
    ("answered_on", "outcome"),
    ("outcome", "answered_on"),
    ("corrected_on", "correction_notified_on"),
    ("third_party_answered_on", "third_party_asked_on"),
    ("consultation_answered_on", "consulted_on"),
    ("review_result", "review_closed_on"),
    ("review_closed_on", "review_result"),
    ("review_closed_on", "review_filed_on"),
    ("suit_filed_on", "suit_kind"),
    ("suit_kind", "suit_filed_on"),
    ("suit_result", "suit_closed_on"),
    ("suit_closed_on", "suit_result"),
    ("suit_closed_on", "suit_filed_on"),
)
# a review or suit may precede the answer, or lack one: its subject may be the missing answer;
# a third party may reply after the agency has decided (art. 32)
_ORDER = (
    *(
        ("received_on", later)
        for later in (
            "correction_notified_on",
            "third_party_asked_on",
            "consulted_on",
            "extended_on",
            "delayed_until",
            "answered_on",
            "review_filed_on",
            "suit_filed_on",
        )
    ),
    ("correction_notified_on", "corrected_on"),
    ("third_party_asked_on", "third_party_answered_on"),
    ("consulted_on", "consultation_answered_on"),
    *(
        (earlier, "answered_on")
        for earlier in (
            "correction_notified_on",
            "corrected_on",
            "third_party_asked_on",
            "consulted_on",
            "extended_on",
        )
    ),
    ("review_filed_on", "review_closed_on"),
    ("suit_filed_on", "suit_closed_on"),
)


def _label(key: str) -> str:
    return str(Application.model_fields[key].title)


def _without_counterpart(key: str, other: str) -> Finding:
    facts = {"key": key, "label": _label(key), "other": other, "other_label": _label(other)}
    return Finding(p.COUNTERPART_MISSING, key, facts)


def outside_year(model: type[Item], key: str, day: date, year: int) -> Finding:
    """Return the finding that a date of a yearly sheet lies in another year."""
    label = model.model_fields[key].title
    facts = {"key": key, "label": label, "value": str(day), "year": year, "own": day.year}
    return Finding(p.OUTSIDE_YEAR, key, facts)


Row = TypeVar("Row", bound=Item)


@dataclass(frozen=True)
class SheetRow(Generic[Row]):
    """A row of a sheet, with the line and column of each field that the sheet has a column for."""

    row: Row
    path: str
    places: Mapping[str, tuple[int, int]]

    @property
    def place(self) -> Place:
        """The place of the row's first cell."""
        return Place(self.path, *min(self.places.values(), default=(1, 1)))

    def at(self, field: str) -> Place:
        """Return where a field stands; one without a column stands at the head of its row."""
        return Place(self.path, *self.places[field]) if field in self.places else self.place


Registered = SheetRow[Application]


class Status(StrEnum):
    """How a request stands on some day."""

    NOT_RECEIVED = "not_received"
    IN_HAND = "in_hand"
    AWAITING_CORRECTION = "awaiting_correction"
    CONSULTING = "consulting"
    EXTENDED = "extended"
    ANSWERED = "answered"


STATUS_LABELS = {
    Status.NOT_RECEIVED: "尚未收到",
    Status.IN_HAND: "办理中",
    Status.AWAITING_CORRECTION: "待补正",
    Status.CONSULTING: "征求意见中",
    Status.EXTENDED: "已延期",
    Status.ANSWERED: "已答复",
}


def status_at(row: Application, day: date) -> Status:
    """Return how a request stood at the end of ``day``."""

    def is_between(start: date | None, end: date | None) -> bool:
        return start is not None and start <= day and (end is None or day < end)

    if day < row.received_on:
        return Status.NOT_RECEIVED
    if row.closed and row.closed[0] <= day:
        return Status.ANSWERED
    if is_between(row.correction_notified_on, row.corrected_on):
        return Status.AWAITING_CORRECTION
    if is_between(row.third_party_asked_on, row.third_party_answered_on) or is_between(
        row.consulted_on, row.consultation_answered_on
    ):
        return Status.CONSULTING
    return Status.EXTENDED if is_between(row.extended_on, None) else Status.IN_HAND


def due_on(row: Application, calendar: WorkingCalendar) -> date | None:
    """Return the last day for the answer, or ``None`` while the applicant has to correct.

    20 working days after receipt (条例 art. 33) or after receipt of the corrected request
    (art. 30); 20 more where an extension was notified in time. Working days on which opinions
    were awaited do not count (arts 32, 34): at most 15 for each, and no day twice. A delay under
    art. 35 stands instead of all this. What was done after the limit revives nothing.

    Raises:
        YearUnknown: the holiday notice of a year that was counted through is not known.
    """
    if row.delayed_until:
        return row.delayed_until
    start, notified = row.received_on, row.correction_notified_on
    if notified and (
        (notified - start).days <= ANSWER_WORKING_DAYS or notified <= _limit(row, calendar, start)
    ):
        if row.corrected_on is None:
            return None
        start = row.corrected_on
    return _limit(row, calendar, start)


def _limit(row: Application, calendar: WorkingCalendar, start: date) -> date:
    """Return the last day of a clock that starts on ``start``."""
    waits = sorted(_waits(row, calendar), reverse=True)
    limit = calendar.after(start, ANSWER_WORKING_DAYS)
    is_extended, left_out_until = False, start
    while True:
        while waits and waits[-1][0] <= limit:
            asked, until = waits.pop()
            asked = max(asked, left_out_until)
            limit = calendar.after(limit, _working_days(calendar, asked, until))
            left_out_until = max(until, left_out_until)
        if is_extended or not row.extended_on or not start <= row.extended_on <= limit:
            return limit
        limit = calendar.after(limit, ANSWER_WORKING_DAYS)
        is_extended = True


def _waits(row: Application, calendar: WorkingCalendar) -> Iterator[tuple[date, date]]:
    """Yield (day of asking, last day that is left out); silence ends after 15 working days."""
    for asked, replied in (
        (row.third_party_asked_on, row.third_party_answered_on),
        (row.consulted_on, row.consultation_answered_on),
    ):
        if asked and replied and (replied - asked).days <= CONSULTATION_WORKING_DAYS:
            yield asked, replied
        elif asked:
            silence = calendar.after(asked, CONSULTATION_WORKING_DAYS)
            yield asked, min(replied, silence) if replied else silence


def _working_days(calendar: WorkingCalendar, first: date, last: date) -> int:
    """Count the working days after ``first`` up to ``last``."""
    days = range(1, (last - first).days + 1)
    return sum(calendar.is_working_day(first + timedelta(n)) for n in days)


def judge_time_limits(
    row: Application, calendar: WorkingCalendar, today: date
) -> Iterator[Finding]:
    """Yield limits that were missed or are near; what the calendar cannot tell is unchecked.

    An act within as many calendar days as the law gives working days was in time, whatever the
    holidays; nothing else passes without the calendar.
    """
    unknown: set[int] = set()
    for judge in (_judge_correction_notice, _judge_answer):
        try:
            yield from judge(row, calendar, today)
        except YearUnknown as error:
            unknown.add(error.year)
    for year in sorted(unknown):
        yield Finding(p.LIMIT_UNCHECKED, "received_on", {"year": year, "count": 1})


def _judge_correction_notice(
    row: Application, calendar: WorkingCalendar, _: date
) -> Iterator[Finding]:
    notified = row.correction_notified_on
    if notified is None or (notified - row.received_on).days <= CORRECTION_WORKING_DAYS:
        return
    due = calendar.after(row.received_on, CORRECTION_WORKING_DAYS)
    if notified > due:
        facts = {"value": str(notified), "due": str(due)}
        yield Finding(p.CORRECTION_NOTICE_LATE, "correction_notified_on", facts)


def _judge_answer(row: Application, calendar: WorkingCalendar, today: date) -> Iterator[Finding]:
    answered = row.answered_on
    if answered is None and today < row.received_on:
        return
    is_prompt = answered and (answered - row.received_on).days <= ANSWER_WORKING_DAYS
    if is_prompt and not row.delayed_until:
        return
    due = due_on(row, calendar)
    if due is None:
        return
    facts: dict[str, object] = {"number": row.number, "due": str(due)}
    if answered and answered > due:
        facts["days"] = (answered - due).days
        yield Finding(p.ANSWERED_LATE, "answered_on", facts)
    elif answered is None and today > due:
        facts["days"] = (today - due).days
        yield Finding(p.REQUEST_OVERDUE, "received_on", facts)
    elif answered is None and _is_near(calendar, today, due):
        yield Finding(p.DUE_SOON, "received_on", facts)


def _is_near(calendar: WorkingCalendar, today: date, due: date) -> bool:
    """Tell whether at most five working days are left; days after ``due`` need not be known."""
    day, left = today, SOON_WORKING_DAYS
    while day < due and left >= 0:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
    return left >= 0


def judge_register(
    rows: Iterable[Registered], calendar: WorkingCalendar, today: date
) -> Iterator[Problem]:
    """Yield what all registers of one agency show together on ``today``.

    Repeated numbers, dates to come and time limits; rows that cannot be checked for want of a
    holiday notice are told once for each file and year.
    """
    first: dict[str, Place] = {}
    unchecked: dict[tuple[str, int], tuple[Place, int]] = {}
    for found in rows:
        number = re.sub("[-—]", "", fold(found.row.number))  # 2025001 is 2025-001
        if number in first:
            facts = {"value": found.row.number, "other": str(first[number])}
            yield Problem(p.REPEATED_NUMBER, found.at("number"), facts)
        first.setdefault(number, found.at("number"))
        for finding in (
            *found.row.future_dates(today),
            *judge_time_limits(found.row, calendar, today),
        ):
            place = found.at(finding.field)
            if finding.code is p.LIMIT_UNCHECKED:
                key = (place.path, finding.facts["year"])
                seen, count = unchecked.get(key, (place, 0))
                unchecked[key] = (seen, count + 1)
            else:
                yield Problem(finding.code, place, finding.facts)
    for (_, year), (place, count) in unchecked.items():
        yield Problem(p.LIMIT_UNCHECKED, place, {"year": year, "count": count})


Tally = Mapping[str, tuple[str, ...]]  # numbers of requests by class of applicant


@dataclass(frozen=True)
class DisputeCounts:
    """One group of table four: numbers of requests by how the review or suit ended."""

    upheld: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True)
class RequestCounts:
    """What tables three and four count in one year, each figure as the numbers that make it up.

    In each class of applicants received + carried in = results + carried out: a request of the
    year stands once on either side.
    """

    year: int
    received: Tally
    carried_in: Tally
    results: Mapping[str, Tally]
    carried_out: Tally
    reviews: DisputeCounts
    suits_direct: DisputeCounts
    suits_after_review: DisputeCounts


def counts(rows: Iterable[Application], year: int) -> RequestCounts:
    """Count the requests of all an agency's registers for the report on ``year``.

    A request belongs to the year that it was received in and to each later one until it is
    answered, that one included. What is pending counts at the end of 31 December.
    """
    received, carried_in, carried_out = _blank(), _blank(), _blank()
    results = {outcome: _blank() for outcome in OUTCOMES.labels}
    disputes: dict[str, dict[str, list[str]]] = {
        group: {"pending": [], **{result: [] for result in RESULTS.labels}}
        for group in ("review", *SUIT_KINDS.labels)
    }
    for row in rows:
        closed = row.closed
        if row.received_on.year <= year and not (closed and closed[0].year < year):
            arrived = received if row.received_on.year == year else carried_in
            arrived[row.applicant].append(row.number)
            is_closed = closed and closed[0].year == year
            left = results[closed[1]] if closed and is_closed else carried_out
            left[row.applicant].append(row.number)
        for group, filed, ended, result in (
            ("review", row.review_filed_on, row.review_closed_on, row.review_result),
            (row.suit_kind, row.suit_filed_on, row.suit_closed_on, row.suit_result),
        ):
            if group is None or filed is None or filed.year > year:
                continue
            end = max(ended, filed).year if ended and result else None
            if result and end == year:
                disputes[group][result].append(row.number)
            elif end is None or end > year:
                disputes[group]["pending"].append(row.number)
    return RequestCounts(
        year,
        _tally(received),
        _tally(carried_in),
        {outcome: _tally(by_class) for outcome, by_class in results.items()},
        _tally(carried_out),
        *(DisputeCounts(**_tally(found)) for found in disputes.values()),
    )


def _blank() -> dict[str, list[str]]:
    return {applicant: [] for applicant in APPLICANTS.labels}


def _tally(numbers: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(found) for key, found in numbers.items()}

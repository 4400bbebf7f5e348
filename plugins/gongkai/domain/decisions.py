"""Yearly decisions and fees (处理决定表): what the second table of the report adds up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from gongkai.domain.entry import Finding
from gongkai.domain.personal import personal_text
from gongkai.domain.register import Amount, SheetDate, SheetRow, listed, outside_year
from gongkai.domain.values import Item, fail
from gongkai.kernel import problems as p

MATTER_LIMIT = 60  # characters
KINDS = listed(
    {
        "licence": "行政许可",
        "penalty": "行政处罚",
        "coercion": "行政强制",
        "fee": "行政事业性收费",
    }
)


def _parse_matter(value: object) -> str:
    """Refuse what tells of a person, and what a spreadsheet program would run as a formula."""
    text = str(value).strip()
    if text.startswith(("=", "+", "-", "@")):
        fail(
            p.WRONG_SHAPE,
            expected="一段文字，且不以 =、+、-、@ 开头",
            expected_en="a text that does not begin with =, +, - or @",
        )
    if found := personal_text(text[:MATTER_LIMIT]):
        what, what_en, shown = found
        fail(p.PERSONAL_DATA, what=what, what_en=what_en, value=shown)
    return text


class DecisionRow(Item):
    """Decisions of one kind and day: a row of ``agencies/<agency>/decisions/<year>.csv``."""

    line: int = Field(default=0, title="行号", description="在表中的行号，由程序填写", ge=0)
    kind: Annotated[
        str, BeforeValidator(KINDS.parse), Field(json_schema_extra={"enum": [*KINDS.labels]})
    ] = Field(
        title="类别",
        description="licence 行政许可、penalty 行政处罚、coercion 行政强制、fee 行政事业性收费",
        examples=["licence"],
    )
    decided_on: SheetDate = Field(
        title="日期", description="作出决定或者收费的日期，须在本年之内", examples=["2026-03-02"]
    )
    matter: Annotated[str, BeforeValidator(_parse_matter)] = Field(
        title="事项名称",
        description="事项的名称，不写当事人",
        examples=["食品经营许可"],
        min_length=1,
        max_length=MATTER_LIMIT,
    )
    count: int = Field(default=1, title="件数", description="不写为 1", ge=1, le=10_000_000)
    amount: Amount | None = Field(
        default=None, title="金额", description="单位：万元；只有行政事业性收费填写，且必须填写"
    )

    @property
    def ref(self) -> str:
        """The row's identifier within its sheet: its line."""
        return str(self.line)

    @property
    def weight(self) -> Decimal:
        """What the row adds to its figure: 万元 for a fee, a number of decisions otherwise."""
        return (self.amount or Decimal(0)) if self.kind == "fee" else Decimal(self.count)

    def slips(self, year: int) -> Iterator[Finding]:
        """Yield what the row alone shows to be wrong in the sheet of ``year``."""
        if self.decided_on.year != year:
            yield outside_year(type(self), "decided_on", self.decided_on, year)
        facts = {"key": "amount", "label": "金额", "kind": KINDS.labels[self.kind]}
        if self.kind == "fee" and self.amount is None:
            remedy = {"remedy": "请填写金额（万元）", "remedy_en": "write the amount in 万元"}
            yield Finding(p.FEE_AMOUNT, "amount", facts | remedy)
        elif self.kind != "fee" and self.amount is not None:
            remedy = {
                "remedy": "只有行政事业性收费才填金额，请清空或改类别",
                "remedy_en": "only 行政事业性收费 has an amount; empty it or mend the kind",
            }
            yield Finding(p.FEE_AMOUNT, "amount", facts | remedy)


DecidedRow = SheetRow[DecisionRow]


def totals(
    rows: Iterable[DecisionRow], year: int
) -> dict[str, tuple[Decimal, tuple[DecisionRow, ...]]]:
    """Return for each kind the figure of ``year`` and the rows that it adds up.

    The figure is a number of decisions, for ``fee`` an amount in 万元. A row of another year is
    a slip, told elsewhere, and does not count.
    """
    found: dict[str, list[DecisionRow]] = {kind: [] for kind in KINDS.labels}
    for row in rows:
        if row.decided_on.year == year:
            found[row.kind].append(row)
    return {
        kind: (sum((row.weight for row in listed), Decimal(0)), tuple(listed))
        for kind, listed in found.items()
    }

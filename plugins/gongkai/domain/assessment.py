"""A self-assessment of disclosure work (考核自查评分表): the sheet, one body's scores, their sums.

A sheet has groups (考核项目), targets (目标要求) and criteria (具体标准), each with its maximum. A
body scores a target as a whole or criterion by criterion; what it leaves blank stays blank and
counts as nothing in the sums. Scores are the body's own and are never changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from gongkai.domain.entry import Review
from gongkai.domain.reports.report import Discrepancy
from gongkai.domain.values import (
    Flag,
    IndexNumber,
    IndexNumbers,
    Item,
    Moment,
    WebAddress,
    Words,
    fail,
)
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Problem

_POINTS = re.compile(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?")
_CODE = r"^[0-9A-Za-z][0-9A-Za-z.-]*$"
_EXPECTS = r"^(是|否|>=[0-9]+(\.[0-9]+)?|<=[0-9]+(\.[0-9]+)?|)$"


def parse_points(value: object) -> Decimal:
    """Read a score such as ``3`` or ``0.5``."""
    if isinstance(value, Decimal):
        return value
    text = str(value).strip()
    if not _POINTS.fullmatch(text):
        fail(
            p.WRONG_SHAPE,
            expected="不小于零的分数，如 3 或 0.5",
            expected_en="a score of 0 or more, such as 3 or 0.5",
        )
    return Decimal(text)


Points = Annotated[Decimal, BeforeValidator(parse_points)]

# what the site can look for; derive/evidence.py holds one function for each
EVIDENCE_RULES: Mapping[str, str] = {
    "annual_report": "年度报告按时发布",
    "guide": "公开指南在一年内更新",
    "directory": "公开目录当年有更新",
    "columns": "所列栏目都有信息，或声明无此类信息",
    "entries": "有标题或标签含所列词语的信息",
    "interpretations": "政策解读与文件双向关联",
    "budget": "预算和决算都已公开",
    "requests": "有依申请公开专栏和申请表",
    "timeliness": "在20个工作日内公开",
    "consultations": "重大决策公开征集意见",
    "leaders": "领导分工写明所列词语",
    "reading_places": "有政府信息查阅场所",
    "report_cell": "与年度报告或统计表的数字一致",
}
# pages of an agency that a list of evidence may name
FIXED_PAGES: Mapping[str, str] = {
    "platform": "index.html",
    "leaders": "index.html#leaders",
    "guide": "guide.html",
    "apply": "apply.html",
    "reports": "report/index.html",
}


class Criterion(Item):
    """具体标准: one criterion of a target."""

    code: str = Field(
        default="",
        title="代号",
        description="不写时为目标代号加序号，如 A1.1",
        pattern=f"{_CODE}|^$",
    )
    text: str = Field(title="具体标准", description="标准的内容", min_length=1)
    max: Points | None = Field(
        default=None, title="满分", description="原表没有单列分值的不写", examples=["2"]
    )


class Target(Item):
    """目标要求: one target; its criteria have numbers of their own."""

    code: str = Field(title="代号", description="如 A1", pattern=_CODE)
    label: str = Field(title="目标要求", description="目标的名称", min_length=1)
    max: Points = Field(title="满分", description="目标的满分", examples=["5"])
    criteria: tuple[Criterion, ...] = Field(title="具体标准", description="逐条写", min_length=1)

    @property
    def numbered(self) -> tuple[tuple[str, Criterion], ...]:
        """The criteria with their codes."""
        return tuple((c.code or f"{self.code}.{n}", c) for n, c in enumerate(self.criteria, 1))


class Group(Item):
    """考核项目: one group of targets; ``corrected`` is our reading of a misprinted label."""

    label: str = Field(title="考核项目", description="原表的名称", min_length=1)
    corrected: str = Field(default="", title="更正", description="名称有误时应作的写法")
    max: Points = Field(title="满分", description="项目的满分", examples=["20"])
    targets: tuple[Target, ...] = Field(title="目标要求", description="逐项写", min_length=1)


class Check(Item):
    """What the site looks for to verify one target or criterion."""

    item: str = Field(title="项目", description="目标或标准的代号，如 C1.2", min_length=1)
    rule: str = Field(title="核对规则", description="、".join(EVIDENCE_RULES))
    words: Words = Field(
        default=(), title="词语", description="标题、标签或分工中的词语，有一个即可"
    )
    columns: Words = Field(default=(), title="栏目", description="栏目的代号或名称")
    row: str = Field(default="", title="报表行", description="报告格式中行的代号，如 hall")
    expects: str = Field(
        default="", title="应为", description="是、否、>=数字 或 <=数字", pattern=_EXPECTS
    )


class Sheet(Item):
    """One score sheet; ``name`` is that of its file."""

    name: str = Field(title="文件名", description="vocab/assessments/ 下的文件名")
    title: str = Field(title="名称", description="评分表的名称", min_length=1)
    basis: Words = Field(default=(), title="依据", description="考核通知、工作要点等")
    note: str = Field(default="", title="说明", description="对评分表本身的说明")
    max: Points = Field(title="总分", description="满分合计", examples=["100"])
    groups: tuple[Group, ...] = Field(title="考核项目", description="逐项写", min_length=1)
    checks: tuple[Check, ...] = Field(
        default=(), title="本站核对", description="各项由本站怎样核对"
    )

    def targets(self) -> Iterator[tuple[str, Target]]:
        """Yield (dotted path, target) of every target in order."""
        for g, group in enumerate(self.groups):
            for t, target in enumerate(group.targets):
                yield f"groups.{g}.targets.{t}", target

    def maxima(self) -> dict[str, Decimal | None]:
        """Return the maximum of every target and criterion by code."""
        found: dict[str, Decimal | None] = {}
        for _, target in self.targets():
            found[target.code] = target.max
            found.update((code, criterion.max) for code, criterion in target.numbered)
        return found


class Score(Item):
    """What a body gave itself for one target or criterion, and what it points to."""

    item: str = Field(title="项目", description="目标或标准的代号", min_length=1)
    points: Points | None = Field(default=None, title="自评分", description="空白的不写")
    claim: str = Field(default="", title="举证", description="本单位的说明")
    entries: IndexNumbers = Field(default=(), title="举证条目", description="本站条目的索引号")


class EvidenceFile(Item):
    """One line of 文件材料清单: it names an entry, a fixed page or an outside address."""

    number: str = Field(title="序号", description="清单中的序号，如 4（2）", min_length=1)
    title: str = Field(title="材料名称", description="清单所列的名称", min_length=1)
    group: str = Field(default="", title="类别", description="清单的分类标题")
    entry: IndexNumber | None = Field(default=None, title="条目", description="对应条目的索引号")
    page: str = Field(
        default="",
        title="固定页",
        description="、".join(FIXED_PAGES),
        pattern=f"^({'|'.join(FIXED_PAGES)}|)$",
    )
    url: WebAddress = Field(default="", title="网址", description="站外网址")
    note: str = Field(default="", title="备注", description="备注")

    @property
    def is_found(self) -> bool:
        """Tell whether the line says where its file is."""
        return bool(self.entry or self.page or self.url)


class Assessment(Item):
    """``assessments/<year>.yml``: one body's scores for one year."""

    title: str = Field(title="名称", description="自查评分表的标题", min_length=1, max_length=200)
    sheet: str = Field(title="评分表", description="vocab/assessments/ 下的文件名", min_length=1)
    published_on: Moment = Field(title="发布日期", description="发布时刻")
    time_unknown: Flag = Field(default=False, title="时刻不详", description="时刻无从查考")
    stated_on: str = Field(default="", title="落款日期", description="原件所署日期")
    printed_total: Points = Field(title="总计", description="原表印出的自评总分", examples=["90"])
    scores: tuple[Score, ...] = Field(default=(), title="自查评分", description="逐项写")
    files: tuple[EvidenceFile, ...] = Field(
        default=(), title="文件材料清单", description="举证材料清单"
    )
    entries: IndexNumbers = Field(
        default=(), title="相关条目", description="评分表、统计表等条目的索引号"
    )
    discrepancies: tuple[Discrepancy, ...] = Field(
        default=(),
        title="数据核对说明",
        description="逐项说明出入；check 写项目代号，或 total、files",
    )
    review: Review | None = Field(default=None, title="审查记录", description="保密审查记录")
    source: str = Field(default="", title="来源", description="信息来源")

    def explained(self) -> frozenset[str]:
        """Return the items that a discrepancy row explains."""
        return frozenset(row.check for row in self.discrepancies if row.check)

    def is_public(self, as_of: Moment) -> bool:
        """Tell whether the assessment has passed its review and is due."""
        is_cleared = self.review is not None and self.review.is_cleared
        return is_cleared and self.published_on.key() <= as_of.key()

    def points(self) -> dict[str, Decimal | None]:
        """Return what was written for each item; the first of two counts."""
        found: dict[str, Decimal | None] = {}
        for score in self.scores:
            found.setdefault(score.item, score.points)
        return found


Places = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class AssessmentSheet:
    """One sheet and where its parts were written."""

    path: str
    digest: str
    sheet: Sheet
    places: Places


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """One body's assessment of one year."""

    path: str
    agency: str
    year: int
    digest: str
    assessment: Assessment | None
    problems: tuple[Problem, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target's score and those of its criteria; ``None`` is a blank, which adds nothing."""

    target: Target
    is_whole: bool
    score: Decimal | None
    criteria: tuple[tuple[str, Criterion, Decimal | None], ...]

    @property
    def blanks(self) -> tuple[str, ...]:
        """The items that were left blank: the target, or single criteria of a scored one."""
        if self.score is None:
            return (self.target.code,)
        if self.is_whole:
            return ()
        return tuple(code for code, _, points in self.criteria if points is None)

    @property
    def added(self) -> Decimal:
        """What the target adds to a sum."""
        return self.score or Decimal(0)


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group with the results of its targets."""

    group: Group
    targets: tuple[TargetResult, ...]

    @property
    def score(self) -> Decimal:
        """The sum of the group."""
        return sum((target.added for target in self.targets), Decimal(0))


@dataclass(frozen=True, slots=True)
class Result:
    """A sheet with a body's scores on it."""

    groups: tuple[GroupResult, ...]

    @property
    def score(self) -> Decimal:
        """The sum of all scores; a blank adds nothing."""
        return sum((group.score for group in self.groups), Decimal(0))

    @property
    def targets(self) -> Iterator[TargetResult]:
        """The targets of all groups in order."""
        return (target for group in self.groups for target in group.targets)

    @property
    def blanks(self) -> tuple[str, ...]:
        """The codes of what was left blank, in the order of the sheet."""
        return tuple(code for target in self.targets for code in target.blanks)


def reckon(sheet: Sheet, assessment: Assessment) -> Result:
    """Put a body's scores on its sheet; a target's own score goes before its criteria's sum."""
    written = assessment.points()
    return Result(
        tuple(
            GroupResult(group, tuple(_target_result(target, written) for target in group.targets))
            for group in sheet.groups
        )
    )


def _target_result(target: Target, written: Mapping[str, Decimal | None]) -> TargetResult:
    criteria = tuple((code, one, written.get(code)) for code, one in target.numbered)
    given = [points for _, _, points in criteria if points is not None]
    whole = written.get(target.code)
    score = whole if whole is not None else sum(given, Decimal(0)) if given else None
    return TargetResult(target, not given, score, criteria)

"""A self-assessment into its page: own scores beside what the site can prove, and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gongkai.derive.addresses import entry_address
from gongkai.derive.evidence import Evidence, Verdict, assessment_address, fixed_page
from gongkai.domain.assessment import (
    Assessment,
    AssessmentRecord,
    EvidenceFile,
    GroupResult,
    Result,
    Score,
    Sheet,
    TargetResult,
    reckon,
)
from gongkai.domain.corpus import EntryRecord
from gongkai.domain.rules.assessments import repeated_files
from gongkai.views import formats
from gongkai.views.frame import Frame
from gongkai.views.pages import AssessmentPage, ScoreGroup, ScoreRow, ScoreTarget, SiteCheck
from gongkai.views.shared import Cell, Fact, Link, Note, Table

BLANK = "空白"
LABELS = {
    "proven": "印证",
    "contradicted": "不符",
    "unclaimed": "未自评此分",
    "unknown": "无法判断",
}
NOTHING = SiteCheck("unknown", LABELS["unknown"], "本站没有可以核对的材料", ())
Numbers = Mapping[str, EntryRecord]
Findings = Mapping[str, tuple[Evidence, ...]]


def assessment_page(
    frame: Frame,
    record: AssessmentRecord,
    sheet: Sheet,
    evidence: Findings,
    numbers: Numbers,
) -> AssessmentPage:
    """Return the page; ``evidence`` stands by item, ``numbers`` are the published entries."""
    own = record.assessment
    assert own is not None, "only bound assessments have pages"
    agency = frame.agency(record.agency)
    address = assessment_address(record.agency, record.year)
    result = reckon(sheet, own)
    scores = {score.item: score for score in reversed(own.scores)}
    groups = tuple(
        _group(n, group, scores, evidence, numbers) for n, group in enumerate(result.groups, 1)
    )
    description = f"{agency.name}{record.year}年度政务公开工作自查评分和本站核对"
    tags = frame.special_column_tags(own.title, "信息公开目录", description)
    notes = [Note(row.note, "check") for row in own.discrepancies]
    notes += [Note(remark, "check") for remark in _remarks(sheet, own, result)]
    return AssessmentPage(
        head=frame.head(own.title, address, *tags),
        crumbs=(*frame.agency_crumbs(record.agency), Link(f"{record.year}年考核自查")),
        title=own.title,
        facts=_facts(agency.name, record.year, sheet, own, result, groups),
        summary=_summary(sheet, own, result),
        groups=groups,
        files=_files(record.agency, own.files, numbers),
        notes=tuple(notes),
        sources=_entry_links(own.entries, numbers),
        source=own.source or agency.name,
        published=formats.short_moment(own.published_on),
        published_iso=formats.iso_moment(own.published_on),
        is_historical=agency.is_historical,
    )


def _points(value: Decimal | None) -> str:
    return BLANK if value is None else formats.number(value)


def _remarks(sheet: Sheet, own: Assessment, result: Result) -> Iterator[str]:
    """Yield what does not add up in the scores, for the public."""
    if result.score != own.printed_total:
        yield (
            f"原表总计{formats.number(own.printed_total)}分，"
            f"各项自评相加为{formats.number(result.score)}分"
        )
    maxima = sheet.maxima()
    for item, points in own.points().items():
        most = maxima.get(item)
        if points is not None and most is not None and points > most:
            yield f"{item}自评{formats.number(points)}分，超过满分{formats.number(most)}分"
    for one in result.targets:
        parts = [points for _, _, points in one.criteria if points is not None]
        added = sum(parts, Decimal(0))
        if not one.is_whole and one.score != added:
            yield (
                f"“{one.target.label}”自评{_points(one.score)}分，"
                f"各条标准相加为{formats.number(added)}分"
            )


def _facts(
    name: str,
    year: int,
    sheet: Sheet,
    own: Assessment,
    result: Result,
    groups: tuple[ScoreGroup, ...],
) -> tuple[Fact, ...]:
    agrees = result.score == own.printed_total
    added = f"{formats.number(result.score)}分，与原表总计{'相符' if agrees else '不符'}"
    maxima = sheet.maxima()
    names = {
        code: label
        for target in result.targets
        for code, label in (
            (target.target.code, target.target.label),
            *((code, one.text) for code, one, _ in target.criteria),
        )
    }
    blanks = [
        f"{names[code]}（{formats.number(most)}分）" if (most := maxima[code]) else names[code]
        for code in result.blanks
    ]
    targets = [target for group in groups for target in group.targets]
    conflicts = sum(bool(t.conflict) for t in targets)
    conflicts += sum(bool(row.conflict) for t in targets for row in t.rows)
    facts = (
        Fact("考核年度", f"{year}年"),
        Fact("自查单位", name),
        Fact("满分", f"{formats.number(sheet.max)}分"),
        Fact("原表总计", f"{formats.number(own.printed_total)}分"),
        Fact("各项相加", added),
        Fact("未评分项目", "、".join(blanks) or "没有"),
        Fact("与本站不符", f"{conflicts}项" if conflicts else "没有发现"),
        Fact("落款日期", own.stated_on),
        Fact("考核依据", "；".join(sheet.basis)),
        Fact("评分表说明", sheet.note),
    )
    return tuple(fact for fact in facts if fact.value)


def _summary(sheet: Sheet, own: Assessment, result: Result) -> Table:
    """Return the sums by group; the last lines are our sum and the printed total."""
    head = tuple(Cell(label, True, scope="col") for label in ("考核项目", "满分", "自评", "未得分"))

    def row(label: str, most: Decimal, score: Decimal, url: str = "") -> tuple[Cell, ...]:
        numbers = (formats.number(most), formats.number(score), formats.number(most - score))
        first = Cell(label, True, scope="row", url=url)
        return (first, *(Cell(number, is_number=True) for number in numbers))

    rows = [
        row(one.group.label, one.group.max, one.score, f"#group-{n}")
        for n, one in enumerate(result.groups, 1)
    ]
    most = sum((one.group.max for one in result.groups), Decimal(0))
    rows.append(row("合计（本站相加）", most, result.score))
    note = f"原表总计{formats.number(own.printed_total)}分。空白的项目不计分。"
    return Table("各考核项目的满分和自评", (head,), tuple(rows), "sums", note)


def _group(
    n: int,
    result: GroupResult,
    scores: Mapping[str, Score],
    evidence: Findings,
    numbers: Numbers,
) -> ScoreGroup:
    group = result.group
    return ScoreGroup(
        anchor=f"group-{n}",
        label=group.label,
        corrected=group.corrected,
        most=formats.number(group.max),
        score=formats.number(result.score),
        targets=tuple(_target(one, scores, evidence, numbers) for one in result.targets),
    )


def _target(
    result: TargetResult, scores: Mapping[str, Score], evidence: Findings, numbers: Numbers
) -> ScoreTarget:
    """Return a target; where it was scored as one, its score is held against what is left."""
    target = result.target
    doubted = {
        code
        for code, _, _ in result.criteria
        if any(one.verdict is Verdict.CONTRADICTED for one in evidence.get(code, ()))
    }
    is_doubted = any(one.verdict is Verdict.CONTRADICTED for one in evidence.get(target.code, ()))
    conflict = ""
    if result.is_whole and result.score:
        lost = [one.max for code, one, _ in result.criteria if code in doubted]
        known = sum((most for most in lost if most is not None), Decimal(0))
        left = Decimal(0) if is_doubted or None in lost else target.max - known
        if (doubted or is_doubted) and result.score > left:
            conflict = (
                f"自评{formats.number(result.score)}分，扣除与本站信息不符的标准，"
                f"至多{formats.number(left)}分"
            )
    rows: list[ScoreRow] = []
    for code, criterion, points in result.criteria:
        found = evidence.get(code, ())
        if not rows:
            found = (*evidence.get(target.code, ()), *found)
        row_conflict = ""
        if not result.is_whole and points and code in doubted:
            row_conflict = f"自评{formats.number(points)}分，与本站信息不符"
        score = scores.get(code)
        rows.append(
            ScoreRow(
                text=criterion.text,
                most=formats.number(criterion.max) if criterion.max is not None else "",
                score="" if result.is_whole else _points(points),
                is_blank=not result.is_whole and points is None,
                claim=score.claim if score else "",
                links=_entry_links(score.entries, numbers) if score else (),
                checks=tuple(_check(one, bool(conflict or row_conflict)) for one in found)
                or (NOTHING,),
                conflict=row_conflict,
            )
        )
    written = scores.get(target.code)
    return ScoreTarget(
        label=target.label,
        most=formats.number(target.max),
        score=_points(result.score),
        is_whole=result.is_whole,
        is_blank=result.score is None,
        claim=written.claim if written else "",
        links=_entry_links(written.entries, numbers) if written else (),
        conflict=conflict,
        rows=tuple(rows),
    )


def _check(evidence: Evidence, is_conflict: bool) -> SiteCheck:
    tone = evidence.verdict.value
    if evidence.verdict is Verdict.CONTRADICTED and not is_conflict:
        tone = "unclaimed"
    links = tuple(Link(source.label, source.url) for source in evidence.links)
    return SiteCheck(tone, LABELS[tone], evidence.text, links)


def _entry_links(numbers: tuple[str, ...], published: Numbers) -> tuple[Link, ...]:
    """Return links to the entries that are published; others have no page to lead to."""
    return tuple(
        Link(record.entry.title, entry_address(number))
        for number in numbers
        if (record := published.get(number)) and record.entry
    )


def _files(agency: str, files: tuple[EvidenceFile, ...], published: Numbers) -> Table | None:
    """Return 文件材料清单: where each file is, and which stand twice."""
    if not files:
        return None
    again = repeated_files(files)
    head = tuple(Cell(label, True, scope="col") for label in ("序号", "材料", "所在", "核对"))
    rows = []
    for n, file in enumerate(files):
        remarks = [file.note] if file.note else []
        if n in again:
            remarks.insert(0, f"与第{files[again[n]].number}项重复")
        name = f"{file.group}：{file.title}" if file.group else file.title
        where = _where(agency, file, published)
        if not where.url:
            remarks.insert(0, "没有找到材料")
        rows.append(
            (
                Cell(file.number, True, scope="row"),
                Cell(name),
                where,
                Cell("；".join(remarks) or "已找到"),
            )
        )
    found = sum(bool(row[2].url) for row in rows)
    distinct = len(files) - len(again)
    note = f"清单列{len(files)}行，重复{len(again)}行，不重复的{distinct}行；{found}行可以找到。"
    return Table("文件材料清单", (head,), tuple(rows), "files", note)


def _where(agency: str, file: EvidenceFile, published: Numbers) -> Cell:
    if file.entry:
        record = published.get(file.entry)
        if record and record.entry:
            return Cell(record.entry.title, url=entry_address(file.entry))
        return Cell("尚未发布")  # its number is not for the public yet
    if file.page:
        return Cell("本单位公开页", url=fixed_page(agency, file.page))
    if file.url:
        return Cell(file.url, url=file.url)
    return Cell("—")

"""One Markdown file into facts that can be kept: bound fields, places, problems, body.

The facts are JSON and bytes, so that a cache can hold them without pickling; the same
functions run in worker processes and in the main one.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from gongkai.domain.body import BodyFacts, Link
from gongkai.domain.corpus import (
    Ended,
    EntryRecord,
    GuideRecord,
    ReportRecord,
    RowsRecord,
    SheetRecord,
)
from gongkai.domain.decisions import DecidedRow, DecisionRow
from gongkai.domain.entry import Entry, Finding, is_notice_over, without_text
from gongkai.domain.guide import STATUTORY_ITEMS, Guide
from gongkai.domain.kinds import KINDS
from gongkai.domain.register import Application, Registered
from gongkai.domain.reports import prose
from gongkai.domain.reports.figures import Figures, own_figures, read_figures
from gongkai.domain.reports.form import forms
from gongkai.domain.reports.grid import Grid, GridCell
from gongkai.domain.reports.named import judge_named_figures
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.rules.relations import attached_files, file_named
from gongkai.domain.values import Item, Moment
from gongkai.intake import tables
from gongkai.intake.bind import Bound, bind
from gongkai.intake.front_matter import read_front_matter
from gongkai.intake.private import Look, hidden_message
from gongkai.intake.source import (
    FILE_LIMIT_KB,
    NOT_READ,
    READ_LIMIT_MB,
    decode,
    read_regular,
    refusal,
)
from gongkai.intake.walk import Found
from gongkai.kernel import problems as p
from gongkai.kernel.digest import digest_of_bytes, digest_of_value, git_blob_id
from gongkai.kernel.place import Located, Place
from gongkai.kernel.problems import Problem, Severity
from gongkai.kernel.text import nearest
from gongkai.markup.body import render_body, sections

# report files by role, with what they report on; and files of rows
Row = TypeVar("Row")
REPORT_ROLES = {"report": "disclosure", "website": "website"}
TABLE_ROLES = ("sheet", "register", "decisions")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one source file gave: ``facts`` is JSON text, ``html`` the safe body."""

    path: str
    digest: str
    facts: str
    html: str


def parse(root: Path, found: Found, topics: Mapping[str, str] | None = None) -> Parsed:
    """Read, bind and render one page source or table file; never raise for an author's slip.

    ``topics`` are the topics that a register of applications may name, code → label.
    """
    try:
        data = read_regular(root, found.path, READ_LIMIT_MB << 20)
    except OSError as error:
        return _refused(found, NOT_READ, refusal(found.path, error, FILE_LIMIT_KB))
    try:
        return parse_bytes(found, data, topics or {})
    except Exception as error:  # one file must not stop the others, whatever it has found
        facts = {"what": hidden_message(error)}
        return _refused(found, data, Problem(p.INTERNAL, Place(found.path), facts))


def _refused(found: Found, data: bytes, problem: Problem) -> Parsed:
    """Return what a file gives that could not be used at all."""
    if found.role in TABLE_ROLES:
        return _packed_table(found, data, {}, [problem])
    return _packed(found, data, "document", None, {}, [problem], BodyFacts(), "")


def parse_bytes(found: Found, data: bytes, topics: Mapping[str, str] | None = None) -> Parsed:
    """Bind and render the bytes of one page source, or read the rows of a table file."""
    path = found.path
    if found.role in TABLE_ROLES:
        return _parse_table(found, data, topics or {})
    text, problems = decode(path, data)
    model: Item | None = None
    places: dict[str, tuple[int, int]] = {}
    html, body, kind = "", BodyFacts(), "document"
    written, first_line = "", 1
    look = Look()
    if text is not None:
        look.read(text)
        fields, written, first_line, slips = read_front_matter(path, text)
        problems += slips
        if fields is not None:
            look.read_fields(fields, text)
            if found.role == "entry":
                kind = _kind_of(path, fields, problems)
            bound = _bind(found.role, kind, path, fields)
            model, places = bound.model, bound.places
            problems += bound.problems
            html, body, slips = render_body(path, written, first_line)
            problems += slips
            look.read_page(html, written, first_line)
            if model is None and _HAS_NOTICE & fields.keys():
                html, body = "", BodyFacts()  # nobody knows until when it may be kept
    if model is not None:
        problems += [
            Problem(f.code, Place(path, *_place(places, f.field)), f.facts, f.softened_to)
            for f in _findings(model, kind, body)
        ]
    more: dict[str, Any] = {}
    if isinstance(model, Entry) and model.notice is not None:
        more = {"first": first_line}
    if isinstance(model, AnnualReport):
        lines = list(_readable(prose.plain_lines(written, first_line)))
        more = {
            "prose": lines,
            "claims": [
                {**asdict(claim), "value": str(claim.value)}
                for claim in prose.claims(lines, int(found.year))
            ],
            "empty": _empty_headings(written),
            "sections": sections(html),
        }
    waivers = getattr(model, "privacy_waivers", ())
    if waivers or not look.is_clean:

        def at(n: int) -> Place:
            return Place(path, *_place(places, f"privacy_waivers.{n}"))

        problems = look.hidden_problems(problems)
        problems += look.problems(path, waivers)
        if found.role != "entry":
            problems += look.unmatched(waivers, at)
        elif unused := look.unused(waivers):
            # by its own text; they may be for what a file holds. No list: nothing private is in it
            more["unused"] = tuple(unused)
    if not look.is_held(waivers):
        return _packed(found, data, kind, model, places, problems, body, html, more)
    return _held(found, data, kind, model, places, problems, body, more, look)


def _held(
    found: Found,
    data: bytes,
    kind: str,
    model: Item | None,
    places: dict[str, tuple[int, int]],
    problems: list[Problem],
    body: BodyFacts,
    more: dict[str, Any],
    look: Look,
) -> Parsed:
    """Return what may be remembered of a file that must not be published: nothing of the data.

    Its identity stays, so that what refers to it is judged as before; where a value cannot be
    taken out, all goes.
    """
    if model is not None:
        try:
            model = type(model).model_validate(look.hidden(model.model_dump(mode="json")))
        except ValueError:  # a value that its field does not take any more
            model = None
    kept = BodyFacts(characters=body.characters)
    more = {key: [] if isinstance(value, list) else value for key, value in more.items()}
    packed = _packed(found, data, kind, model, places, problems, kept, "", more)
    if look.shows_in(packed.facts):
        packed = _packed(found, data, kind, None, {}, look.problems(found.path), kept, "", more)
    return packed


_LINE_ENDS = re.compile(r"[\r\n|]+")
PROSE_LIMIT = 60_000  # characters of a report whose figures are read; real ones have 10,000


def _readable(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the lines of prose that are read for figures: reading ten books would take minutes."""
    size = 0
    for line, text in lines:
        size += len(text)
        if size > PROSE_LIMIT:
            return
        yield line, text


def _empty_headings(text: str) -> list[str]:
    """Return the second-level headings with nothing below them."""
    empty = []
    for section in re.split(r"^##(?!#)", text, flags=re.MULTILINE)[1:]:
        heading, _, rest = section.partition("\n")
        if not any(_has_words(line) for line in rest.split("\n")):
            empty.append(heading.strip())
    return empty


def _has_words(line: str) -> bool:
    """Tell whether a line of Markdown is more than a heading, a comment or a rule."""
    line = line.strip()
    return bool(line) and not line.startswith(("#", "<!--", "---", "***"))


def _parse_table(found: Found, data: bytes, topics: Mapping[str, str]) -> Parsed:
    """Read a sheet, register or decisions file; its rows are kept as they will be bound again."""
    path, year = found.path, int(found.year)
    if found.role == "sheet":
        from gongkai.intake import office

        read = office.read_xlsx if path.endswith(".xlsx") else office.read_csv_grid
        grids, problems = read(path, data)
        look = Look()
        for grid in grids:
            _look_at(grid, look)
        if look.is_clean:
            packed_grids = [_pack_grid(grid) for grid in grids]
            return _packed_table(found, data, {"grids": packed_grids}, problems)
        problems = look.hidden_problems(problems) + look.problems(path, can_waive=False)
        return _packed_table(found, data, {}, problems)
    rows: tuple[Registered, ...] | tuple[DecidedRow, ...]
    if found.role == "register":
        rows, problems = tables.read_register(path, data, year, topics)
    else:
        rows, problems = tables.read_decisions(path, data, year)
    text, _ = decode(path, data)
    look = Look().read(text or "")
    if not look.is_clean:  # cells are held to more than this; what is told of them is told once
        told = {(q.place.line, q.place.column) for q in problems if q.code is p.PERSONAL_DATA}
        look.found = [one for one in look.found if (one.line, one.column) not in told]
        problems = look.hidden_problems(problems) + look.problems(path, can_waive=False)
        if look.found or look.marks:
            rows = ()
    packed = [[one.row.model_dump(mode="json", exclude_defaults=True), one.places] for one in rows]
    facts = {"rows": packed, "topics": topics_stamp(topics)}
    return _packed_table(found, data, facts, problems)


def _look_at(grid: Grid, look: Look) -> None:
    """Look through the cells of a sheet, a line a row, with the sheet's name above them."""
    pieces, cells, starts, size = [grid.name.replace("\n", " ") + "\n"], [], [], 0
    size = len(pieces[0])
    for row in grid.rows:
        for cell in row:
            text = "" if cell.is_merged_copy else _LINE_ENDS.sub(" ", cell.text)
            cells.append((cell.row, cell.column))
            starts.append(size)
            pieces.append(text + "|")
            size += len(text) + 1
        pieces.append("\n")
        size += 1
    starts = starts or [0]
    cells = cells or [(1, 1)]
    look.read("".join(pieces), lambda offset: cells[max(0, bisect_right(starts, offset) - 1)])


def _pack_grid(grid: Grid) -> list[Any]:
    rows = [[[c.text, c.row, c.column, *c.anchor, c.is_total] for c in row] for row in grid.rows]
    return [grid.name, rows]


def _unpack_grid(packed: list[Any]) -> Grid:
    name, rows = packed
    return Grid(
        name,
        tuple(
            tuple(
                GridCell(text, row, column, (top, left), is_total)
                for text, row, column, top, left, is_total in line
            )
            for line in rows
        ),
    )


def topics_stamp(topics: Mapping[str, str]) -> str:
    """Return a mark of the topics that a register was read with."""
    return f"topics {digest_of_value(dict(topics))}"


def _packed_table(
    found: Found, data: bytes, facts: dict[str, Any], problems: list[Problem]
) -> Parsed:
    empty: dict[str, Any] = {"grids": [], "rows": []}
    facts = {**empty, **facts, "problems": [pack_problem(problem) for problem in problems]}
    return Parsed(found.path, digest_of_bytes(data), json.dumps(facts, ensure_ascii=False), "")


def _packed(
    found: Found,
    data: bytes,
    kind: str,
    model: Item | None,
    places: dict[str, tuple[int, int]],
    problems: list[Problem],
    body: BodyFacts,
    html: str,
    more: dict[str, Any] | None = None,
) -> Parsed:
    plain = model.model_dump(mode="json", exclude_defaults=True) if model else None
    facts = {
        "kind": kind,
        "model": plain,
        "row": digest_of_value([kind, plain, body.excerpt]),
        "places": places,
        "problems": [pack_problem(problem) for problem in problems],
        "body": asdict(body),
        **({"blob": git_blob_id(data)} if found.role == "entry" else {}),
        **(more or {}),
    }
    return Parsed(found.path, digest_of_bytes(data), json.dumps(facts, ensure_ascii=False), html)


def _kind_of(path: str, fields: dict[str, Located], problems: list[Problem]) -> str:
    """Return the content type, which decides the model before anything else is bound."""
    node = fields.get("kind") or fields.get("类型")
    if node is None or not isinstance(node.value, str) or not node.value:
        return "document"
    names = {kind.label: code for code, kind in KINDS.items()}
    code = names.get(node.value, node.value)
    if code not in KINDS:
        facts = {
            "key": "kind",
            "label": "类型",
            "value": code,
            "where": "、".join(KINDS),
            **p.hint(nearest(code, KINDS)),
        }
        problems.append(Problem(p.NOT_IN_VOCABULARY, Place(path, node.line, node.column), facts))
        return "document"
    return code


def _bind(role: str, kind: str, path: str, fields: dict[str, Located]) -> Bound[Any]:
    if role == "guide":
        return bind(Guide, path, fields)
    if role in REPORT_ROLES:
        return bind(AnnualReport, path, fields)
    model = KINDS[kind].model
    fields = {key: node for key, node in fields.items() if key not in ("kind", "类型")}
    return bind(model, path, fields, kind=kind)


def _findings(model: Item, kind: str, body: BodyFacts) -> Iterator[Finding]:
    if isinstance(model, Entry):
        yield from model.slips()
        yield from _kind_slips(model, kind)
    elif isinstance(model, Guide):
        yield from _page_slips(model)
        for key in STATUTORY_ITEMS:
            if not getattr(model, key):
                facts = {"key": key, "label": Guide.model_fields[key].title}
                yield Finding(p.GUIDE_ITEM_MISSING, "", facts)
    elif isinstance(model, AnnualReport):
        yield from _page_slips(model)
        yield from _report_slips(model, body)


def _page_slips(page: Guide | AnnualReport) -> Iterator[Finding]:
    if page.review is None:
        yield Finding(p.NO_REVIEW, "", {})
    elif not page.review.is_cleared:
        yield Finding(p.REVIEW_REFUSED, "review", {"result": page.review.result})
    moment: Moment = page.published_on
    if moment.time is None and not page.time_unknown:
        yield Finding(p.NO_TIME, "published_on", {"value": str(moment)})


def _kind_slips(entry: Entry, kind: str) -> Iterator[Finding]:
    spec = KINDS[kind]
    for key in spec.required:
        if not getattr(entry, key):
            facts = {"kind": spec.label, "key": key, "label": type(entry).model_fields[key].title}
            yield Finding(p.MISSING_FOR_KIND, "", facts)
    if kind == "interpretation" and not entry.interprets:
        facts = {"kind": spec.label, "key": "interprets", "label": "解读"}
        yield Finding(p.MISSING_FOR_KIND, "", facts)
    opens, closes = getattr(entry, "opens_on", None), getattr(entry, "closes_on", None)
    if opens and closes and closes < opens:
        yield Finding(
            p.DATES_OUT_OF_ORDER,
            "closes_on",
            {
                "key": "closes_on",
                "label": "截止日期",
                "value": str(closes),
                "other": "opens_on",
                "other_label": "开始日期",
                "other_value": str(opens),
            },
        )


def _report_slips(report: AnnualReport, body: BodyFacts) -> Iterator[Finding]:
    form = forms().get(report.form)
    if form is None:
        facts = {"value": report.form, "known": "、".join(forms())}
        yield Finding(p.UNKNOWN_FORM, "form", facts)
        return
    yield from judge_named_figures(report)
    yield from read_figures(report, form)[1]
    yield from own_figures(report, form)[1]
    for part in form.parts:
        if part.is_prose and not any(part.label in heading for heading in body.headings):
            yield Finding(p.MISSING_PART, "", {"label": part.heading})


def _place(places: dict[str, tuple[int, int]], dotted: str) -> tuple[int, int]:
    while dotted:
        if dotted in places:
            return places[dotted]
        dotted = dotted.rpartition(".")[0]
    return 1, 1


def pack_problem(problem: Problem) -> list[Any]:
    """Return a problem as JSON, without its path."""
    facts = {key: str(value) for key, value in problem.facts.items()}
    place = problem.place
    return [problem.code.id, place.line, place.column, facts, problem.softened_to]


def unpack_problems(path: str, packed: Iterable[list[Any]]) -> tuple[Problem, ...]:
    """Return the problems that ``parse`` packed."""
    return tuple(
        Problem(p.CODES[code], Place(path, line, column), facts, Severity(soft) if soft else None)
        for code, line, column, facts, soft in packed
    )


def _body(packed: dict[str, Any]) -> BodyFacts:
    return BodyFacts(
        packed["digest"],
        packed["characters"],
        packed["excerpt"],
        tuple(Link(**link) for link in packed["links"]),
        tuple(packed["headings"]),
        tuple(packed["anchors"]),
        packed["text"],
    )


def entry_record(found: Found, digest: str, facts: dict[str, Any]) -> EntryRecord:
    """Make the record of a catalogue file from kept facts."""
    model = facts["model"]
    entry = KINDS[facts["kind"]].model.model_validate(model) if model else None
    problems = unpack_problems(found.path, facts["problems"])
    body = _body(facts["body"])
    ended = facts.get("ended")
    if ended is not None:
        digest = digest_of_value([digest, "after the notice"])
        fields = tuple((zh, en) for zh, en in ended["fields"])
        ended = Ended(fields, tuple(ended["files"]))
    return EntryRecord(
        found.path,
        found.agency,
        found.year,
        digest,
        facts["row"],
        entry,
        body,
        problems,
        facts["places"],
        ended,
        facts.get("blob", ""),
        tuple(facts.get("unused", ())),
    )


_HAS_NOTICE = {"notice", str(Entry.model_fields["notice"].title)}
OF_NOTICE = '"notice": {'  # stands in the facts of every entry that has a 公示期


def is_out_of_date(facts: str, today: date) -> bool:
    """Tell whether kept facts lack what the day allows to show: their notice is not over yet."""
    if OF_NOTICE not in facts:
        return False
    kept = json.loads(facts)
    return "ended" in kept and not is_notice_over(_entry(kept), today)


def after_notice(found: Found, facts: str, today: date) -> str:
    """Return the facts of a catalogue file less all that an ended 公示期 takes away.

    Body, texts, and slips in the body go; the names of fields and files that the source still
    holds stay, so that its editor can be told. Other facts come back as they are.
    """
    if OF_NOTICE not in facts:
        return facts
    kept = json.loads(facts)
    if "ended" in kept or kept["model"] is None:
        return facts
    entry = _entry(kept)
    if not is_notice_over(entry, today):
        return facts
    shown = without_text(entry)
    model = shown.model_dump(mode="json", exclude_defaults=True)
    gone = [key for key in entry.model_fields_set if getattr(entry, key) != getattr(shown, key)]
    labels = {key: str(info.title) for key, info in type(entry).model_fields.items()}
    fields = [(labels[key], key) for key in labels if key in gone]
    if kept["body"]["digest"]:
        fields.insert(0, ("正文", "body"))
    record = entry_record(found, "", kept)
    named = [file for _, file in attached_files(record)]
    named += [link.target for link in record.body.links]
    paths = (file_named(found.path, file, found.agency) for file in named)
    folder = f"agencies/{found.agency}/files/"
    files = sorted({path for path in paths if path and path.startswith(folder)})
    problems = [
        packed
        for packed in kept["problems"]
        if packed[1] < kept["first"] and packed[0] != p.MISSING_FOR_KIND.id
    ]
    ended = {
        "kind": kept["kind"],
        "model": model,
        "row": digest_of_value([kept["kind"], model, ""]),
        "places": kept["places"],
        "problems": problems,
        "body": asdict(BodyFacts()),
        "ended": {"fields": fields, "files": files},
    }
    return json.dumps(ended, ensure_ascii=False)


def _entry(facts: dict[str, Any]) -> Entry:
    model: Entry = KINDS[facts["kind"]].model.model_validate(facts["model"])
    return model


def guide_record(found: Found, digest: str, facts: dict[str, Any]) -> GuideRecord:
    """Make the record of a guide from kept facts."""
    guide = Guide.model_validate(facts["model"]) if facts["model"] else None
    problems = unpack_problems(found.path, facts["problems"])
    body = _body(facts["body"])
    return GuideRecord(found.path, found.agency, digest, guide, body, problems, facts["places"])


def report_record(found: Found, digest: str, facts: dict[str, Any]) -> ReportRecord:
    """Make the record of a yearly report, with the figures of its front matter, from kept facts."""
    report = AnnualReport.model_validate(facts["model"]) if facts["model"] else None
    form = forms().get(report.form) if report else None
    figures = read_figures(report, form)[0] if report and form else Figures({})
    return ReportRecord(
        found.path,
        found.agency,
        int(found.year),
        digest,
        report,
        figures,
        _body(facts["body"]),
        unpack_problems(found.path, facts["problems"]),
        facts["places"],
        REPORT_ROLES[found.role],
        prose=tuple((line, text) for line, text in facts.get("prose", ())),
        claims=tuple(_claim(packed) for packed in facts.get("claims", ())),
        empty_headings=tuple(facts.get("empty", ())),
        sections=tuple((size, digest) for size, digest in facts.get("sections", ())),
    )


def _claim(packed: dict[str, Any]) -> prose.Claim:
    return prose.Claim(**{**packed, "value": Decimal(packed["value"])})


def sheet_record(found: Found, digest: str, facts: dict[str, Any]) -> SheetRecord:
    """Make the record of a table file beside a report from kept facts."""
    grids = tuple(_unpack_grid(packed) for packed in facts["grids"])
    problems = unpack_problems(found.path, facts["problems"])
    return SheetRecord(found.path, found.agency, int(found.year), digest, grids, problems)


def register_record(found: Found, digest: str, facts: dict[str, Any]) -> RowsRecord[Registered]:
    """Make the record of a register of applications from kept facts."""
    rows = tuple(
        Registered(Application.model_validate(row), found.path, places)
        for row, places in facts["rows"]
    )
    return _rows_record(found, digest, facts, rows)


def decisions_record(found: Found, digest: str, facts: dict[str, Any]) -> RowsRecord[DecidedRow]:
    """Make the record of a decisions file from kept facts."""
    rows = tuple(
        DecidedRow(DecisionRow.model_validate(row), found.path, places)
        for row, places in facts["rows"]
    )
    return _rows_record(found, digest, facts, rows)


def _rows_record(
    found: Found, digest: str, facts: dict[str, Any], rows: tuple[Row, ...]
) -> RowsRecord[Row]:
    problems = unpack_problems(found.path, facts["problems"])
    return RowsRecord(found.path, found.agency, int(found.year), digest, rows, problems)

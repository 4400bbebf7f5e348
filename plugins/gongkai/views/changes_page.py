"""An entry's history into the lines on its own page and the page that shows each change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from gongkai.derive import addresses
from gongkai.derive.differences import Difference, FieldChange, Piece, words
from gongkai.derive.history import PRIVATE, EntryHistory, Step, label_of
from gongkai.domain.corpus import EntryRecord
from gongkai.domain.entry import Entry
from gongkai.domain.values import Moment
from gongkai.views import formats
from gongkai.views.frame import Frame
from gongkai.views.pages import (
    ChangesPage,
    ChangeView,
    DiffParagraph,
    DiffPiece,
    FieldDiff,
    HistoryLine,
)
from gongkai.views.shared import Fact, Link

UNEXPLAINED = "未附说明"
ERASED = "原文已依法去除"
_CHANGED = "改动"
_GAPS = {PRIVATE: "依法去除个人信息，修改前后的内容不再显示。"}
_LOST = "修改前后的内容无法显示。"
_FIRST = "首次发布"
_CELLS = " | "  # stands between the cells of a table row


def history_lines(entry: Entry, history: EntryHistory) -> tuple[HistoryLine, ...]:
    """Return the changes of an entry, newest first, and its first publication below them."""
    dated: list[tuple[str, HistoryLine]] = [
        (note.date, HistoryLine(label_of(note.kind), note.date, note.text))
        for note in history.loose
    ]
    page = addresses.changes_address(entry.index_number)
    for step in history.steps:
        link = Link("查看改动", f"{page}#{step.anchor}")
        dated.append((step.date, _line(step, link)))
    if not dated:
        return ()
    # changes of one day stay in their order, the last one first
    lines = [line for _, line in sorted(dated, key=lambda pair: pair[0])][::-1]
    first = history.first[:10] or str(entry.published_on.date)
    return (*lines, HistoryLine(_FIRST, first))


def _line(step: Step, link: Link) -> HistoryLine:
    labels = "、".join(dict.fromkeys(label_of(note.kind) for note in step.notes))
    said = "；".join(note.text for note in step.notes)
    return HistoryLine(labels or _CHANGED, step.date, said or _without_note(step), link)


def _without_note(step: Step) -> str:
    """Say that a change has no note; of wording that nobody can read again only why it is gone."""
    return ERASED if step.gap == PRIVATE and not step.needs_note else UNEXPLAINED


def changes_page(
    frame: Frame,
    record: EntryRecord,
    history: EntryHistory,
    found: Sequence[Difference | None],
) -> ChangesPage:
    """Return the page of an entry's changes; ``found`` are the differences of each of them.

    It is for readers of the entry, not for search engines: old wording must not be found as new.
    """
    entry = record.entry
    assert entry is not None, "only bound entries have pages"
    address = addresses.changes_address(entry.index_number)
    own = Link(entry.title, addresses.entry_address(entry.index_number))
    changes = [_change(frame, entry, *pair) for pair in zip(history.steps, found, strict=True)]
    first = Moment.parse(history.first) if history.first else entry.published_on
    return ChangesPage(
        head=frame.head(f"修改对照：{entry.title}", address, ("robots", "noindex")),
        crumbs=(*frame.agency_crumbs(record.agency), own, Link("修改对照")),
        lang=entry.lang,
        title=entry.title,
        entry=own,
        first=formats.long_date(first.date),
        changes=tuple(reversed(changes)),
        has_tables=any(_CELLS in piece.text for change in changes for piece in _body(change)),
    )


def _body(change: ChangeView) -> Iterator[DiffPiece]:
    return (piece for paragraph in change.paragraphs for piece in paragraph.pieces)


def _change(frame: Frame, entry: Entry, step: Step, found: Difference | None) -> ChangeView:
    shown = found or Difference((), ())
    return ChangeView(
        anchor=step.anchor,
        day=formats.long_date(date.fromisoformat(step.date)),
        notes=_notes(step),
        fields=tuple(_field(frame, entry, change) for change in shown.fields),
        paragraphs=tuple(
            DiffParagraph(_pieces(one.pieces), one.folded) for one in shown.paragraphs
        ),
        is_rewritten=shown.is_rewritten,
        gap=_GAPS.get(step.gap, _LOST) if found is None else "",
    )


def _notes(step: Step) -> tuple[Fact, ...]:
    facts = tuple(
        Fact(label_of(note.kind), note.text, "", note.date) for note in dict.fromkeys(step.notes)
    )
    return facts or (Fact(_CHANGED, _without_note(step)),)


def _field(frame: Frame, entry: Entry, change: FieldChange) -> FieldDiff:
    known = type(entry).model_fields.get(change.key)
    label = str(known.title) if known is not None and known.title else change.key
    before, after = (_named(frame, change.key, text) for text in (change.before, change.after))
    pieces = words(before, after)
    return FieldDiff(
        label,
        _pieces(piece for piece in pieces if piece.op != "in"),
        _pieces(piece for piece in pieces if piece.op != "out"),
    )


def _named(frame: Frame, key: str, text: str) -> str:
    """Return a field as its page prints it: agencies by name instead of by code."""
    if key != "issuers":
        return text
    agencies = frame.corpus.agencies
    parts = text.split("；")
    return "、".join(agencies[part].name if part in agencies else part for part in parts)


def _pieces(pieces: Iterable[Piece]) -> tuple[DiffPiece, ...]:
    return tuple(DiffPiece(piece.op, piece.text) for piece in pieces)

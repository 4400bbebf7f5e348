"""A page into what search keeps of it: a card to show, classes to filter by, texts to score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.derive import addresses
from gongkai.domain import vocab
from gongkai.domain.corpus import EntryRecord, GuideRecord, ReportRecord
from gongkai.domain.entry import Disclosure, Entry, Validity
from gongkai.domain.kinds import KINDS, Division, Material
from gongkai.domain.values import Moment
from gongkai.kernel.text import excerpt, squeeze
from gongkai.views.frame import Frame

SUMMARY_CHARACTERS = 90
REPORT_KINDS = {"disclosure": ("report", "政府信息公开年报"), "website": ("website", "网站年报")}
GUIDE_KIND = ("guide", "公开指南")
KIND_LABELS = {
    **{kind.code: kind.label for kind in KINDS.values()},
    **dict(REPORT_KINDS.values()),
    **dict((GUIDE_KIND,)),
}


@dataclass(frozen=True, slots=True)
class SearchCard:
    """What the results page prints of a document, and by what it can be filtered.

    ``published`` is ``2024-03-01 09:30`` or ``2024-03-01``; agency, column, subject, kind and
    validity are codes, empty where a document has none.
    """

    url: str
    title: str
    index_number: str
    document_number: str
    agency: str
    published: str
    column: str
    subject: str
    kind: str
    validity: str
    summary: str
    is_lapsed: bool = False


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """The texts of one document by the weight that a word in them has."""

    title: str
    numbers: tuple[str, ...] = ()
    meta: str = ""
    text: str = ""

    def without_text(self) -> SearchDocument:
        """Return the same document less its long text."""
        return replace(self, text="")


def entry_card(frame: Frame, record: EntryRecord, validity: Validity) -> SearchCard:
    """Return the card of a published entry."""
    entry = record.entry
    assert entry is not None, "only published entries are searched"
    return SearchCard(
        url=addresses.entry_address(entry.index_number),
        title=entry.title,
        index_number=entry.index_number,
        document_number=entry.shown_document_number,
        agency=record.agency,
        published=_moment(entry.published_on),
        column=entry.column,
        subject=entry.subject,
        kind=entry.kind,
        validity="" if validity is Validity.NOT_APPLICABLE else validity.value,
        summary=_summary(frame.summary(record, entry), entry.title),
        is_lapsed=validity.is_lapsed,
    )


def entry_document(
    frame: Frame, record: EntryRecord, text: str, attachments: Sequence[tuple[str, str]]
) -> SearchDocument:
    """Return the texts of a published entry; ``attachments`` are their titles and texts.

    An entry that is open on request only (依申请公开) is found by what its page prints, and by
    nothing else: what is in the index can be read out of it.
    """
    entry = record.entry
    assert entry is not None, "only published entries are searched"
    column = frame.corpus.columns.get(entry.column)
    agency = frame.agency(record.agency)
    numbers = [
        entry.document_number,
        entry.shown_document_number,
        entry.index_number,
        *entry.former_index_numbers,
    ]
    meta = [
        agency.name,
        agency.short_name,
        column.name if column else "",
        *frame.issuers(record, entry),
    ]
    words: list[str] = [entry.summary]
    if shown_text_matters(record):
        numbers.append(entry.registration_number)
        meta += [*entry.keywords, *entry.tags, entry.addressees]
        meta += [title for title, _ in attachments]
        words += [*_kind_words(entry), text, *(said for _, said in attachments)]
    return SearchDocument(
        title=entry.title,
        numbers=tuple(dict.fromkeys(filter(None, numbers))),
        meta="\n".join(meta),
        text="\n".join(words),
    )


def _kind_words(entry: Entry) -> Iterator[str]:
    """Yield what the fields of an entry's own kind say: conditions, materials, duties …."""
    for name in type(entry).model_fields:
        if name in Entry.model_fields:
            continue
        yield from _words(getattr(entry, name))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _words(one)
    elif isinstance(value, (Material, Division)):
        yield value.name
        yield value.duties if isinstance(value, Division) else ""


def report_card(frame: Frame, record: ReportRecord) -> SearchCard:
    """Return the card of a published yearly report."""
    report = record.report
    assert report is not None, "only published reports are searched"
    return SearchCard(
        url=addresses.report_address(record.agency, record.year, record.subject),
        title=report.title,
        index_number="",
        document_number="",
        agency=record.agency,
        published=_moment(report.published_on),
        column="",
        subject="",
        kind=REPORT_KINDS[record.subject][0],
        validity="",
        summary=_summary(record.body.excerpt, report.title),
    )


def report_document(frame: Frame, record: ReportRecord, text: str) -> SearchDocument:
    """Return the texts of a published yearly report."""
    report = record.report
    assert report is not None, "only published reports are searched"
    agency = frame.agency(record.agency)
    label = REPORT_KINDS[record.subject][1]
    meta = (f"{record.year}年", label, "年度报告", agency.name, agency.short_name)
    return SearchDocument(report.title, meta="\n".join(meta), text=text)


def guide_card(frame: Frame, record: GuideRecord, agency: str) -> SearchCard:
    """Return the card of an agency's published guide."""
    guide = record.guide
    assert guide is not None, "only published guides are searched"
    return SearchCard(
        url=addresses.agency_address(agency, "guide.html"),
        title=guide.title,
        index_number="",
        document_number="",
        agency=agency,
        published=_moment(guide.published_on),
        column="",
        subject="",
        kind=GUIDE_KIND[0],
        validity="",
        summary=_summary(record.body.excerpt, guide.title),
    )


def guide_document(frame: Frame, record: GuideRecord, agency: str, text: str) -> SearchDocument:
    """Return the texts of an agency's published guide."""
    guide = record.guide
    assert guide is not None, "only published guides are searched"
    own = frame.agency(agency)
    contact = (guide.office_name, guide.office_address, guide.telephone)
    meta = (GUIDE_KIND[1], own.name, own.short_name)
    return SearchDocument(guide.title, meta="\n".join(meta), text="\n".join((text, *contact)))


def shown_text_matters(record: EntryRecord) -> bool:
    """Tell whether an entry's own text is on its page, so that search may look into it."""
    return record.entry is not None and record.entry.disclosure is Disclosure.PROACTIVE


def validity_label(code: str) -> str:
    """Return what a card prints of a validity: nothing where a document simply is in force."""
    quiet = ("", Validity.IN_FORCE.value, Validity.NOT_APPLICABLE.value)
    return "" if code in quiet else vocab.VALIDITY_LABELS[Validity(code)]


def _moment(moment: Moment) -> str:
    return str(moment)


def _summary(written: str, title: str) -> str:
    """Return the beginning of a text, nothing where it only says the title again."""
    line = squeeze(written)
    return "" if line == squeeze(title) else excerpt(line, SUMMARY_CHARACTERS)

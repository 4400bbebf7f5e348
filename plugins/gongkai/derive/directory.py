"""Published entries into the classes of the directory (公开目录) and their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gongkai.domain import vocab
from gongkai.domain.corpus import Corpus, EntryRecord, Judged
from gongkai.domain.entry import Entry, Validity


@dataclass(frozen=True, slots=True)
class Facet:
    """One way of cutting the directory: its classes in order with labels, and an entry's class."""

    code: str
    label: str
    description: str
    classes: Callable[[Corpus], Iterable[tuple[str, str]]]
    of: Callable[[Corpus, EntryRecord, Entry, Validity], str]


def _terms(name: str) -> Callable[[Corpus], Iterable[tuple[str, str]]]:
    return lambda corpus: ((t.code, t.name) for t in corpus.vocabularies[name].terms.values())


def _years(corpus: Corpus) -> Iterable[tuple[str, str]]:
    years = {record.entry.issued_on.year for record in corpus.entries if record.entry}
    return ((str(year), f"{year}年") for year in sorted(years, reverse=True))


FACETS: tuple[Facet, ...] = (
    Facet(
        "agency",
        "按单位",
        "各公开单位的全部条目",
        lambda corpus: ((a.id, a.name) for a in corpus.agencies.values()),
        lambda corpus, record, entry, validity: record.agency,
    ),
    Facet(
        "column",
        "按栏目",
        "各栏目的条目",
        lambda corpus: ((c.code, c.name) for c in corpus.columns.values() if not c.page),
        lambda corpus, record, entry, validity: entry.column,
    ),
    Facet(
        "subject",
        "按主题",
        "主题分类",
        _terms("subjects"),
        lambda corpus, record, entry, validity: entry.subject,
    ),
    Facet(
        "genre",
        "按体裁",
        "公文种类和其他体裁",
        _terms("genres"),
        lambda corpus, record, entry, validity: entry.genre,
    ),
    Facet(
        "instrument",
        "按文件性质",
        "规章、行政规范性文件、其他公文和非公文",
        lambda corpus: vocab.INSTRUMENT_LABELS.items(),
        lambda corpus, record, entry, validity: entry.standing,
    ),
    Facet(
        "year",
        "按年份",
        "成文日期的年份",
        _years,
        lambda corpus, record, entry, validity: str(entry.issued_on.year),
    ),
    Facet(
        "article20",
        "按法定公开事项",
        "《政府信息公开条例》第二十条的十五项",
        _terms("article-20"),
        lambda corpus, record, entry, validity: str(corpus.article_20_item(entry)),
    ),
    Facet(
        "validity",
        "按有效性",
        "规章、规范性文件和写明期限的文件的效力",
        lambda corpus: vocab.VALIDITY_LABELS.items(),
        lambda corpus, record, entry, validity: validity,
    ),
)


@dataclass(frozen=True)
class Directory:
    """Published records by class; every list is oldest first."""

    records: tuple[EntryRecord, ...]
    by_class: dict[tuple[str, str], list[EntryRecord]] = field(default_factory=dict)
    by_agency_column: dict[tuple[str, str], list[EntryRecord]] = field(default_factory=dict)
    by_agency_year: dict[tuple[str, int], list[EntryRecord]] = field(default_factory=dict)
    by_agency_item: dict[tuple[str, int], list[EntryRecord]] = field(default_factory=dict)
    by_column: dict[str, list[EntryRecord]] = field(default_factory=dict)
    lapsed: list[EntryRecord] = field(default_factory=list)
    validity: dict[str, Validity] = field(default_factory=dict)

    def count(self, facet: str, code: str) -> int:
        """Count the entries of a class."""
        return len(self.by_class.get((facet, code), ()))


# 国办公开办函〔2019〕61号 and practice: documents no longer in force stand apart in these columns
KEEPS_LAPSED_APART = ("regulations", "normative")


def build_directory(judged: Judged) -> Directory:
    """File every published entry under each facet, in one pass."""
    directory = Directory(judged.published)
    corpus = judged.corpus
    for record in judged.published:
        entry = record.entry
        if entry is None:
            continue
        validity = entry.validity_on(judged.today)
        directory.validity[record.path] = validity
        for facet in FACETS:
            key = (facet.code, facet.of(corpus, record, entry, validity))
            directory.by_class.setdefault(key, []).append(record)
        agency, year = record.agency, entry.issued_on.year
        directory.by_agency_year.setdefault((agency, year), []).append(record)
        item = corpus.article_20_item(entry)
        directory.by_agency_item.setdefault((agency, item), []).append(record)
        if validity.is_lapsed:
            directory.lapsed.append(record)
        if validity.is_lapsed and entry.column in KEEPS_LAPSED_APART:
            continue
        code = entry.column
        while code:
            directory.by_column.setdefault(code, []).append(record)
            directory.by_agency_column.setdefault((agency, code), []).append(record)
            column = corpus.columns.get(code)
            code = column.parent if column else ""
    return directory

"""Identities: index numbers, codes, vocabularies, folders and titles that must fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from gongkai.domain.corpus import Corpus, EntryRecord
from gongkai.domain.entry import Entry
from gongkai.domain.values import EXAMPLE_INDEX_NUMBER, credit_check, organisation_check
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import fold, nearest

# domain/vocabularies.yaml, patterns: the 20-character form of 国办秘函〔2009〕6号 and the
# credit-code form seen in print, with year or year and month
_NATIONAL = re.compile(r"([0-9A-Z]{8}[0-9X])/(?:19|20)[0-9]{2}-[0-9]{5}")
_CREDIT = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})/(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])?-[0-9]{5}")
_WAIVABLE = [code.id for code in p.CODES.values() if code.severity is p.Severity.WARNING]
_TITLES_ONCE = ("rules",)  # columns in which a title may stand once an agency


def judge_identities(corpus: Corpus) -> Iterator[Problem]:
    """Yield what is wrong with numbers, codes and places of entries across the site."""
    forms = list(_own_forms(corpus))
    seen = {fold(n): record for n, record in corpus.by_index_number.items()}
    titles: dict[tuple[str, str, str], EntryRecord] = {}
    for record in corpus.entries:
        entry = record.entry
        if entry is None:
            continue
        yield from _index_number(corpus, record, entry, forms)
        key = fold(entry.index_number)
        if seen[key] is not record:
            facts: dict[str, object] = {"value": entry.index_number, "other": seen[key].path}
            yield Problem(p.REPEATED_INDEX_NUMBER, record.at("index_number"), facts)
        if str(entry.issued_on.year) != record.folder:
            facts = {"year": entry.issued_on.year, "folder": record.folder}
            yield Problem(p.WRONG_YEAR_FOLDER, record.at("issued_on"), facts)
        yield from _values(corpus, record, entry)
        if entry.column in _TITLES_ONCE:
            title = (record.agency, entry.column, fold(entry.title))
            if title in titles and not entry.supersedes:
                yield Problem(p.REPEATED_TITLE, record.at("title"), {"other": titles[title].path})
            titles.setdefault(title, record)
    yield from _former_numbers(corpus, seen)
    yield from _tombstones(corpus, seen)


def _own_forms(corpus: Corpus) -> Iterator[re.Pattern[str]]:
    for form in corpus.site.index_number_forms:
        with suppress(re.error):  # reported where site.yml is read
            yield re.compile(form.regex)


def _former_numbers(corpus: Corpus, seen: dict[str, EntryRecord]) -> Iterator[Problem]:
    """Yield former numbers that belong to others; afterwards ``seen`` holds them too."""
    for record in corpus.entries:
        for n, former in enumerate(record.entry.former_index_numbers if record.entry else ()):
            place = record.at(f"former_index_numbers.{n}")
            if (other := seen.get(fold(former))) is not None:
                yield Problem(p.SAME_ADDRESS, place, {"value": former, "other": other.path})
            else:
                yield from _foreign(corpus, record.agency, former, place)
            seen.setdefault(fold(former), record)


def _tombstones(corpus: Corpus, seen: dict[str, EntryRecord]) -> Iterator[Problem]:
    graves: dict[str, str] = {}
    for grave in corpus.tombstones:
        row, place = grave.tombstone, grave.place
        yield from _foreign(corpus, grave.agency, row.index_number, place)
        key = fold(row.index_number)
        if (other := seen.get(key)) is not None:
            facts = {"value": row.index_number, "other": other.path}
            yield Problem(p.WITHDRAWN_AND_PRESENT, place, facts)
        if key in graves:
            facts = {"value": row.index_number, "other": graves[key]}
            yield Problem(p.REPEATED_CODE, place, facts)
        graves.setdefault(key, place.path)
        if row.successor and row.successor not in corpus.by_index_number:
            facts = {"key": "successor", "label": "替代条目", "value": row.successor}
            yield Problem(p.UNKNOWN_ENTRY, grave.successor_place, facts)


def _foreign(corpus: Corpus, agency_id: str, number: str, place: Place) -> Iterator[Problem]:
    """Yield a number whose front part is not one of the agency's own codes."""
    agency = corpus.agencies.get(agency_id)
    front = number.split("/")[0]
    if agency and front not in agency.codes:
        facts = {"front": front, "codes": "、".join(agency.codes)}
        yield Problem(p.FOREIGN_INDEX_NUMBER, place, facts)


def _index_number(
    corpus: Corpus, record: EntryRecord, entry: Entry, forms: list[re.Pattern[str]]
) -> Iterator[Problem]:
    number, place = entry.index_number, record.at("index_number")
    front = entry.front
    for form, check in ((_NATIONAL, organisation_check), (_CREDIT, credit_check)):
        if form.fullmatch(number):
            expected = check(front)
            if expected and front[-1] != expected:
                facts = {"front": front, "expected": expected}
                yield Problem(p.BAD_CHECK_CHARACTER, place, facts)
            break
    else:
        if not any(form.fullmatch(number) for form in forms):
            facts = {"value": number, "example": EXAMPLE_INDEX_NUMBER}
            yield Problem(p.BAD_INDEX_NUMBER, place, facts)
    yield from _foreign(corpus, record.agency, number, place)


def _values(corpus: Corpus, record: EntryRecord, entry: Entry) -> Iterator[Problem]:
    column = corpus.columns.get(entry.column)
    if column is None and corpus.columns:
        facts = {"value": entry.column, **p.hint(nearest(entry.column, corpus.columns))}
        yield Problem(p.UNKNOWN_COLUMN, record.at("column"), facts)
    elif column is not None:
        if not column.is_open_to(record.agency):
            yield Problem(p.COLUMN_NOT_FOR_AGENCY, record.at("column"), {"value": entry.column})
        if entry.genre == "news" and is_statutory(corpus, entry.column):
            yield Problem(p.NEWS_IN_STATUTORY_TREE, record.at("column"))
    for key, vocabulary, values in (
        ("subject", "subjects", (entry.subject,)),
        ("genre", "genres", (entry.genre,)),
        ("channels", "channels", entry.channels),
        ("audience", "audiences", entry.audience),
        (
            "disclosure_reason",
            "reasons",
            (entry.disclosure_reason,) if entry.disclosure_reason else (),
        ),
    ):
        terms = corpus.vocabularies[vocabulary].terms
        if not terms:
            continue  # the whole vocabulary is missing, which is said once
        for n, value in enumerate(values):
            if value not in terms:
                label = str(Entry.model_fields[key].title)
                near = nearest(value, terms)
                facts = {
                    "key": key,
                    "label": label,
                    "value": value,
                    "where": f"vocab/{vocabulary}.yml",
                }
                place = record.at(f"{key}.{n}")
                yield Problem(p.NOT_IN_VOCABULARY, place, {**facts, **p.hint(near)})
    for n, waiver in enumerate(entry.waivers):
        if waiver not in _WAIVABLE:
            facts = {"key": "waivers", "label": "豁免", "value": waiver}
            facts["where"] = "help/problems.md 中的警告"
            place = record.at(f"waivers.{n}")
            yield Problem(
                p.NOT_IN_VOCABULARY, place, {**facts, **p.hint(nearest(waiver, _WAIVABLE))}
            )
    for n, issuer in enumerate(entry.issuers):
        # outside bodies go by full Chinese name; anything in ASCII is meant as an agency's folder
        if issuer.isascii() and issuer not in corpus.agencies:
            facts = {"value": issuer, **p.hint(nearest(issuer, corpus.agencies))}
            yield Problem(p.UNKNOWN_AGENCY, record.at(f"issuers.{n}"), facts)


def is_statutory(corpus: Corpus, code: str) -> bool:
    """Tell whether a column lies under 法定主动公开内容."""
    while code:
        if code == "proactive":
            return True
        code = corpus.columns[code].parent if code in corpus.columns else ""
    return False

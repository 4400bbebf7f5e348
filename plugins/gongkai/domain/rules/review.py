"""Review rules of a site against what its items were approved by: which positions are missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gongkai.domain.corpus import Corpus, EntryRecord, GuideRecord, ReportRecord, place_of
from gongkai.domain.entry import Entry
from gongkai.domain.guide import Guide
from gongkai.domain.reports.report import AnnualReport
from gongkai.domain.site import RULE_KINDS, ReviewRule
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import nearest

Page = EntryRecord | GuideRecord | ReportRecord
_Missing = tuple[ReviewRule, tuple[str, ...]]


def missing_approvals(corpus: Corpus, record: Page, today: date) -> Iterator[_Missing]:
    """Yield each rule that a page falls under, with the positions that have not agreed by a day."""
    if not corpus.site.review_rules:
        return
    page = page_of(record)
    if page is None:
        return
    given = page.review.approvals if page.review else ()
    agreed = {approval.role for approval in given if approval.is_given_on(today)}
    for rule in corpus.site.review_rules:
        missing = tuple(role for role in rule.roles if role not in agreed)
        if missing and _falls_under(rule, record, page):
            yield rule, missing


def is_approved(corpus: Corpus, record: Page, today: date) -> bool:
    """Tell whether everybody whom the rules name has agreed to publish a page."""
    return next(missing_approvals(corpus, record, today), None) is None


def coming_approvals(corpus: Corpus, record: Page, today: date) -> Iterator[date]:
    """Yield the days after ``today`` on which an approval of a page that lacks some begins."""
    page = page_of(record)
    if page is None or page.review is None or is_approved(corpus, record, today):
        return
    for approval in page.review.approvals:
        if approval.approved_on > today:
            yield approval.approved_on


def judge_approvals(corpus: Corpus, today: date) -> Iterator[Problem]:
    """Yield the pages that are held back for want of an approval, and rules that name nothing."""
    yield from _rules(corpus)
    if not corpus.site.review_rules:
        return
    for record in pages(corpus):
        page = page_of(record)
        if page is None or page.review is None:
            continue  # held back already, and said so
        for rule, roles in missing_approvals(corpus, record, today):
            place = place_of(record.path, record.places, "review")
            yield Problem(p.APPROVAL_MISSING, place, {"rule": rule.name, "roles": "、".join(roles)})


def pages(corpus: Corpus) -> Iterator[Page]:
    """Yield entries, guides and reports: all that a rule may hold back."""
    yield from corpus.entries
    yield from corpus.guides.values()
    yield from corpus.reports


def page_of(record: Page) -> Entry | Guide | AnnualReport | None:
    """Return what a record was bound to, ``None`` where errors stood in the way."""
    if isinstance(record, EntryRecord):
        return record.entry
    return record.guide if isinstance(record, GuideRecord) else record.report


def _falls_under(rule: ReviewRule, record: Page, page: Entry | Guide | AnnualReport) -> bool:
    if rule.agencies and record.agency not in rule.agencies:
        return False
    if rule.since and page.published_on.date < rule.since:
        return False
    if not isinstance(page, Entry):
        kind = "guide" if isinstance(page, Guide) else _subject(record)
        is_of_entries = rule.instruments or rule.columns or rule.with_notice
        return kind in rule.kinds and not is_of_entries
    return (
        (not rule.kinds or page.kind in rule.kinds)
        and (not rule.instruments or page.standing in rule.instruments)
        and (not rule.columns or page.column in rule.columns)
        and (not rule.with_notice or page.notice is not None)
    )


def _subject(record: Page) -> str:
    is_website = isinstance(record, ReportRecord) and record.subject == "website"
    return "website" if is_website else "report"


def _rules(corpus: Corpus) -> Iterator[Problem]:
    """Yield filters that name what is not there: such a rule would let everything through."""
    places = corpus.places.get("site.yml", {})
    known = {"kinds": RULE_KINDS, "columns": corpus.columns, "agencies": corpus.agencies}
    labels = {key: str(ReviewRule.model_fields[key].title) for key in known}
    for n, rule in enumerate(corpus.site.review_rules):
        for key, there in known.items():
            for m, value in enumerate(getattr(rule, key)):
                if value in there:
                    continue
                facts = {
                    "key": f"review_rules.{key}",
                    "label": labels[key],
                    "value": value,
                    "where": "、".join(list(there)[:12]),
                    **p.hint(nearest(value, there)),
                }
                place = place_of("site.yml", places, f"review_rules.{n}.{key}.{m}")
                yield Problem(p.NOT_IN_VOCABULARY, place, facts)

"""Old addresses into static pages that stand where they led, and a table for the web server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from gongkai.derive import addresses
from gongkai.domain.rules.old_addresses import claims, own_host
from gongkai.kernel.digest import digest_of_text
from gongkai.pipeline.plan import Plan
from gongkai.press.artifact import Artifact
from gongkai.views.entry_page import moved_page

REDIRECTS = "data/redirects.map"
_HEADER = "# 旧网址和新网址；用法见“构建和发布”一页的“旧网址”\n"


def old_address_files(plan: Plan) -> Iterator[Artifact]:
    """Yield a page at each old ``.html`` path, and ``data/redirects.map`` with all of them."""
    host = own_host(plan.judged.corpus)
    targets = _targets(plan)
    seen: set[tuple[str, str, str]] = set()
    rows: list[tuple[str, str]] = []
    fixed = {address.lower() for address in plan.prose}
    for claim in claims(plan.judged.corpus):
        target = targets.get((claim.path, claim.number))
        identity = claim.address.identity(host)
        if target is None or identity in seen:
            continue
        seen.add(identity)
        if not identity[0] and _is_fixed(identity[1].lstrip("/"), fixed):
            plan.without_redirect.append(claim.written)
            continue  # no entry may take a page of the site away
        title, address = target
        rows.append((claim.address.key(host), address))
        if stub := claim.address.stub(host):
            key = digest_of_text(plan.base, "moved", title, address)
            yield Artifact(stub, key, partial(_page, plan, title, address, stub))
    text = redirects(rows, plan.judged.corpus.site.base_url)
    yield plan.raw(REDIRECTS, text, partial(text.encode, "utf-8", "surrogateescape"))


def _is_fixed(path: str, fixed: set[str]) -> bool:
    """Tell whether a server answers a path with one of the site's fixed pages."""
    return not fixed.isdisjoint((path, f"{path}/index.html", f"{path}.html"))


def redirects(rows: list[tuple[str, str]], base: str) -> str:
    """Return the inner lines of an nginx ``map``: quoted old address, quoted whole new one.

    A server compares without case, so rows are told apart without it; the order is that of the
    old addresses, whoever wrote them.
    """
    prefix = quote(base, safe=":/-._~%")  # a dollar sign would begin a variable there
    lines = {key.lower(): f'{_quoted(key)} "{prefix}{address}";\n' for key, address in rows}
    return _HEADER + "".join(lines[key] for key in sorted(lines))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _page(plan: Plan, title: str, address: str, stub: str) -> bytes:
    return plan.templates.plain("moved", moved_page(plan.frame, title, address), stub)


def _targets(plan: Plan) -> dict[tuple[str, str], tuple[str, str]]:
    """Return title and address of all that old addresses may lead to, by source and number."""
    judged = plan.judged
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for record in judged.published:
        if record.entry and record.entry.legacy_urls:
            number = record.entry.index_number
            found[record.path, number] = (record.entry.title, addresses.entry_address(number))
    for agency, guide in judged.published_guides.items():
        if guide.guide:
            address = addresses.agency_address(agency, "guide.html")
            found[guide.path, ""] = (guide.guide.title, address)
    for report in (*judged.published_reports, *judged.published_site_reports):
        if report.report:
            address = addresses.report_address(report.agency, report.year, report.subject)
            found[report.path, ""] = (report.report.title, address)
    for grave in judged.corpus.tombstones:
        number = grave.tombstone.index_number
        if grave.is_own(judged.corpus):
            title = grave.tombstone.shown_title or "已撤下的信息"
            found[grave.place.path, number] = (title, addresses.entry_address(number))
    return found

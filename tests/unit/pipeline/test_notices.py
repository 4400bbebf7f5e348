"""What an ended 公示期 takes out of kept facts, and out of a page that outlived its source."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from golden.cases import BASE, Case, build_of
from gongkai.domain.values import Moment
from gongkai.intake.walk import Found
from gongkai.kernel.digest import digest_of_bytes
from gongkai.pipeline.parse import after_notice, entry_record, is_out_of_date, parse_bytes
from gongkai.pipeline.quarantine import is_notice_over_on, kept_pages
from gongkai.press.templates import Templates
from gongkai.views.entry_page import Surroundings, entry_page
from gongkai.views.frame import Frame
from make import make_corpus, make_record

FOUND = Found("agencies/mzj/catalogue/2026/hire.md", 1, 1, "entry", "mzj", "2026")
MARK = "暗记甲乙丙"
THEME = Path(__file__).parents[3] / "theme"
AROUND = Surroundings("not_applicable", "", None, None, (), (), (), ("", ""), 15)
LAST, OVER = date(2026, 3, 11), date(2026, 3, 12)
HEAD = f"""---
title: 关于拟聘用人员的公示
index_number: QH0000028/2026-00002
issued_on: 2026-03-02
published_on: 2026-03-05 10:20
column: notices
subject: T17
summary: {MARK}
notice: {{from: 2026-03-05, to: 2026-03-11}}
attachments: [{{file: ../../files/list.txt, title: {MARK}}}]
"""
REVIEW = "review: {checked_on: 2026-03-04, reviewer: 办公室主任, result: 可以公开}\n"
BODY = f"---\n{MARK}，见![](../../files/picture.png)和[{MARK}]({MARK}.md)。\n"


def facts_of(text: str) -> str:
    return parse_bytes(FOUND, text.encode()).facts


def test_until_the_last_day_facts_stay_as_they_are() -> None:
    facts = facts_of(HEAD + REVIEW + BODY)
    assert after_notice(FOUND, facts, LAST) is facts and MARK in facts


def test_afterwards_no_word_of_it_is_left_but_what_to_delete() -> None:
    facts = after_notice(FOUND, facts_of(HEAD + REVIEW + BODY), OVER)
    assert MARK not in facts and MARK not in json.loads(facts)["row"]
    record = entry_record(FOUND, "digest", json.loads(facts))
    assert record.ended is not None and record.digest != "digest"
    assert [zh for zh, _ in record.ended.fields] == ["正文", "内容概述", "附件"]
    assert record.ended.files == ("agencies/mzj/files/list.txt", "agencies/mzj/files/picture.png")
    assert record.body.digest == "" and record.entry is not None


def test_taking_away_twice_is_taking_away_once() -> None:
    facts = after_notice(FOUND, facts_of(HEAD + REVIEW + BODY), OVER)
    assert after_notice(FOUND, facts, OVER) is facts


def test_facts_without_text_are_of_no_use_for_an_earlier_day() -> None:
    facts = facts_of(HEAD + REVIEW + BODY)
    assert not is_out_of_date(facts, OVER) and not is_out_of_date(facts, LAST)
    ended = after_notice(FOUND, facts, OVER)
    assert is_out_of_date(ended, LAST) and not is_out_of_date(ended, OVER)


def test_what_cannot_be_bound_and_has_a_notice_keeps_no_text() -> None:
    text = HEAD.replace("to: 2026-03-11", "to: 2026-03-32") + REVIEW + BODY
    parsed = parse_bytes(FOUND, text.encode())
    assert json.loads(parsed.facts)["model"] is None
    assert parsed.html == "" and MARK not in parsed.facts


def test_slips_in_the_body_go_and_those_above_stay() -> None:
    facts = facts_of(HEAD + BODY + "\n<script>alert(1)</script>\n")
    before, after = (
        {packed[0] for packed in json.loads(one)["problems"]}
        for one in (facts, after_notice(FOUND, facts, OVER))
    )
    assert "GK222" in after and after < before


ADDRESS = "i/QH0000028/2026-00002"


def served(root: Path, end: str) -> Path:
    """Return a site that holds the page of a notice up to a day, and an attached file."""
    target = root / "site"
    lines = []
    page = f'<head><meta name="NoticeEnd" content="{end}"></head>{MARK}'.encode()
    for address, data in ((f"{ADDRESS}.html", page), (f"{ADDRESS}/1-00000000.txt", b"list")):
        file = target / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        lines.append(f"{digest_of_bytes(data)}\t{len(data)}\t{address}\n")
    (target / "data").mkdir()
    (target / "data" / "manifest.tsv").write_text("".join(lines), "utf-8")
    return target


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"from": "2026-03-01", "to": "2026-03-07"}, "公示期：2026年3月1日至3月7日"),
        ({"from": "2026-12-30", "to": "2027-01-05"}, "公示期：2026年12月30日至2027年1月5日"),
    ],
)
def test_the_page_says_from_when_until_when(days: dict[str, str], words: str) -> None:
    record = make_record(notice=days, published_on="2026-03-01 09:00")
    view = entry_page(Frame(make_corpus(record)), record, AROUND, "")
    assert view.banner is not None and view.banner.text == words


@pytest.mark.parametrize(("end", "is_kept"), [("2026-11-20", True), ("2026-11-19", False)])
def test_a_page_without_a_source_is_not_kept_beyond_its_notice(
    tmp_path: Path, end: str, is_kept: bool
) -> None:
    """The source was deleted without a tombstone; the address stays, the text does not."""
    content = tmp_path / "content"
    Case(BASE / "base.case", "", ()).lay(content)
    folder = content / "ledger"
    folder.mkdir()
    row = f"1\t2026-03-05\tpublished\t{ADDRESS}\t{'1' * 64}\n"
    folder.joinpath("mzj.tsv").write_text("batch\tdate\tevent\taddress\tcommitment\n" + row)
    build = build_of(content)
    judged = build.load()
    build.cache.close()
    kept = kept_pages(judged, served(tmp_path, end), content)
    assert (ADDRESS in kept.files) is is_kept
    assert (ADDRESS in kept.suspended) is not is_kept


def test_every_page_of_a_notice_says_how_long_it_may_stand(tmp_path: Path) -> None:
    content = tmp_path / "content"
    Case(BASE / "base.case", "", ()).lay(content)
    (content / FOUND.path).write_text(HEAD + REVIEW + BODY, "utf-8")
    (content / "agencies/mzj/files/list.txt").write_text("名单", "utf-8")
    build = build_of(content)
    build.options.as_of = Moment.parse("2026-03-11 09:00")
    judged = build.load()
    build.cache.close()
    record = judged.corpus.by_path[FOUND.path]
    head = entry_page(Frame(judged.corpus), record, AROUND, "").head
    assert ("NoticeEnd", "2026-03-11") in head.tags
    template = Templates(THEME).environment.get_template("pages/_head.html")
    page = tmp_path / "page.html"
    page.write_text(template.render(view=SimpleNamespace(head=head)), "utf-8")
    assert is_notice_over_on(page, OVER) and not is_notice_over_on(page, LAST)

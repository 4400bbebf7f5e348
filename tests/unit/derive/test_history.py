"""What was public of an entry's past, and what of it may be shown."""

from __future__ import annotations

from datetime import date

from gongkai.derive.history import (
    PRIVATE,
    UNREADABLE,
    EntryHistory,
    Mark,
    Note,
    Version,
    entry_history,
    known_versions,
    public_versions,
)
from gongkai.domain.entry import Entry

TODAY = date(2026, 11, 20)
NOW = "2026-11-20 09:00"


def made(*changes: tuple[str, str, str]) -> Entry:
    return Entry.model_validate(
        {
            "title": "关于补贴的通知",
            "index_number": "QH0000028/2026-00003",
            "issued_on": "2026-01-05",
            "published_on": "2026-01-06 09:30",
            "column": "notices",
            "subject": "T02",
            "changes": [{"date": d, "kind": k, "note": n} for d, k, n in changes],
        }
    )


def version(
    blob: str, content: str, *notes: Note, published: str = "2026-01-06 09:30", **more: object
) -> Version:
    facts = {"is_entry": True, "is_open": True, "worded": content, **more}
    return Version(blob, "n", published=published, content=content, changes=notes, **facts)  # type: ignore[arg-type]


def table(*versions: Version) -> dict[str, Version]:
    return {one.blob: one for one in versions}


def history(
    entry: Entry, *versions: Version, since: str = "", waived: tuple[tuple[str, str], ...] = ()
) -> EntryHistory:
    """Return the history of versions that came in March, April, May and so on."""
    public = [(one, f"2026-{n:02}-01 10:00") for n, one in enumerate(versions, 3)]
    return entry_history(entry, public, TODAY, waived, since)


def test_a_draft_that_was_replaced_before_its_day_never_was_public() -> None:
    marks = [
        Mark("a", "2026-01-01 10:00"),
        Mark("b", "2026-01-05 10:00"),
        Mark("c", "2026-02-01 10:00"),
    ]
    held = table(version("a", "1"), version("b", "2"), version("c", "3"))
    found = public_versions(marks, held, NOW)
    assert [one.blob for one, _ in found] == ["b", "c"]
    assert found[0][1] == "2026-01-06 09:30", "it came on its day, not with its commit"


def test_what_was_not_cleared_or_could_not_be_read_never_was_public() -> None:
    marks = [Mark(blob, f"2026-02-0{n} 10:00") for n, blob in enumerate("abcd", 1)]
    held = table(version("a", "1", is_open=False), Version("b"), version("d", "4"))
    assert [one.blob for one, _ in public_versions(marks, held, NOW)] == ["d"]


def test_an_entry_taken_away_ends_its_version() -> None:
    marks = [Mark("a", "2026-01-01 10:00"), Mark("", "2026-01-02 10:00"), Mark("b", "")]
    held = table(version("a", "1"), version("b", "2"))
    assert [one.blob for one, _ in public_versions(marks, held, NOW)] == ["b"]


def test_the_ledger_names_versions_even_where_they_cannot_be_read() -> None:
    marks = [Mark("a", "2026-01-06 00:00"), Mark("b", "")]
    found = known_versions(marks, table(version("b", "2")), NOW)
    assert [one.blob for one, _ in found] == ["a", "b"]
    step = entry_history(made(), found, TODAY).steps[0]
    assert (step.gap, step.before, step.after) == (UNREADABLE, "", "")


def test_versions_that_read_the_same_are_one() -> None:
    found = history(made(), version("a", "1"), version("b", "1"), version("c", "2"))
    assert [(s.before, s.after, s.date) for s in found.steps] == [("b", "c", "2026-05-01")]


def test_a_note_belongs_to_the_version_that_brought_it() -> None:
    note = Note("2026-03-30", "correction", "更正金额")
    entry = made(("2026-03-30", "correction", "更正金额"))
    found = history(entry, version("a", "1"), version("b", "2", note), version("c", "3", note))
    assert [step.notes for step in found.steps] == [(note,), ()]
    assert [step.date for step in found.unexplained] == ["2026-05-01"]


def test_a_note_written_later_explains_the_change_of_its_day() -> None:
    late = Note("2026-04-01", "update", "更新标准")
    entry = made(("2026-04-01", "update", "更新标准"))
    found = history(entry, version("a", "1"), version("b", "2"), version("c", "2", late))
    assert found.steps[0].notes == (late,) and not found.unexplained
    found = history(entry, version("a", "1"), version("b", "2"), version("c", "3", late))
    assert [step.notes for step in found.steps] == [(late,), ()]


def test_a_note_of_no_version_stays_a_note() -> None:
    found = history(made(("2025-01-01", "update", "旧站点时的更新")), version("a", "1"))
    assert not found.has_page and found.loose == (Note("2025-01-01", "update", "旧站点时的更新"),)


def test_a_note_that_was_taken_back_is_not_shown() -> None:
    note = Note("2026-04-01", "correction", "写错了的说明")
    found = history(made(), version("a", "1"), version("b", "2", note))
    assert found.steps[0].notes == ()


def test_changes_that_explain_themselves_need_no_note() -> None:
    found = history(made(), version("a", "1"), version("b", "2", worded="1"))
    assert found.has_page and not found.unexplained


def test_nothing_before_a_redaction_is_shown() -> None:
    note = Note("2026-05-01", "redaction", "去除个人信息")
    entry = made(("2026-05-01", "redaction", "去除个人信息"))
    versions = [version("a", "1"), version("b", "2"), version("c", "3", note)]
    found = history(entry, *versions, version("d", "4", note))
    assert [step.gap for step in found.steps] == [PRIVATE, PRIVATE, ""]
    assert found.steps[1].notes == (note,)
    assert (found.steps[0].before, found.steps[0].after) == ("", "")
    assert found.steps[2].before == "c"


def test_a_redaction_whose_note_was_deleted_still_hides() -> None:
    note = Note("2026-04-01", "redaction", "去除个人信息")
    found = history(made(), version("a", "1"), version("b", "2", note), version("c", "3"))
    assert [step.gap for step in found.steps] == [PRIVATE, ""]


def test_a_version_with_a_finding_is_never_shown_unless_it_was_waived() -> None:
    finding = ("identity", "**************")
    versions = (version("a", "1", private=(finding,)), version("b", "2"), version("c", "3"))
    found = history(made(), *versions)
    assert [step.gap for step in found.steps] == [PRIVATE, ""]
    assert [step.gap for step in history(made(), *versions, waived=(finding,)).steps] == ["", ""]


def test_a_version_whose_notice_is_over_is_not_shown() -> None:
    versions = (version("a", "1", notice_ends="2026-11-19"), version("b", "2"))
    assert history(made(), *versions).steps[0].gap == PRIVATE
    versions = (version("a", "1", notice_ends="2026-11-20"), version("b", "2"))
    assert history(made(), *versions).steps[0].gap == ""


def test_changes_before_the_first_day_are_left_out() -> None:
    versions = (version("a", "1"), version("b", "2"), version("c", "3"))
    found = history(made(), *versions, since="2026-05-01")
    assert [step.after for step in found.steps] == ["c"]
    assert found.first == "", "history does not reach back to the first publication"
    assert history(made(), *versions).first == "2026-01-06 09:30"
    assert not history(made(), *versions, since="2027-01-01").has_page

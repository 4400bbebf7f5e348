from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from golden.cases import BASE, build_of
from gongkai.domain.corpus import Judged, State
from gongkai.pipeline import attachments, plan
from gongkai.pipeline.build import Build

ENTRY = "agencies/mzj/catalogue/2026/allowance.md"
FORM = "agencies/mzj/files/allowance-form.txt"
MOBILE = "联系人手机：13800001234\n"
WAIVER = (
    "privacy_waivers:\n  - {kind: mobile, value: 138******34, reason: 公示的办事电话,"
    " reviewer: 办公室主任}\n"
)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "content"))


def changed(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def attach(content: Path, name: str, data: bytes) -> str:
    """Attach another file in the form's stead."""
    (content / FORM).unlink()
    path = f"agencies/mzj/files/{name}"
    (content / path).write_bytes(data)
    changed(content / ENTRY, lambda text: text.replace("allowance-form.txt", name))
    return path


def said(judged: Judged) -> set[tuple[str, str]]:
    return {(problem.code.id, problem.place.path) for problem in judged.problems}


def test_a_sound_attachment_gets_its_checksum(content: Path) -> None:
    judged = build_of(content).load()
    assert judged.states[FORM] is State.PUBLISHED
    assert len(judged.corpus.files[FORM].sha256) == 64


def test_an_unchanged_file_is_not_looked_through_again(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (content / FORM).write_text(MOBILE, "utf-8")
    first = build_of(content).load()

    def never(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(attachments, "inspect", never)
    assert said(build_of(content).load()) == said(first) >= {("GK730", FORM), ("GK732", ENTRY)}
    with pytest.raises(AssertionError):
        (content / FORM).write_text("另一份", "utf-8")
        build_of(content).load()


def test_the_name_and_the_sites_limits_count_too(content: Path) -> None:
    build_of(content).load()
    changed(content / "site.yml", lambda text: text + "attachment_limit_mb: 1\n")
    (content / FORM).write_bytes(b"x" * (2 << 20))
    assert ("GK725", FORM) in said(build_of(content).load())
    changed(content / "site.yml", lambda text: text.replace("mb: 1", "mb: 3"))
    assert ("GK725", FORM) not in said(build_of(content).load())


def test_a_damaged_row_costs_another_look_alone(content: Path) -> None:
    (content / FORM).write_text(MOBILE, "utf-8")
    first = build_of(content).load()
    build = build_of(content)
    build.cache.connection.execute("UPDATE inspections SET facts=replace(facts,'mobile','card')")
    build.cache.close()
    assert said(build_of(content).load()) == said(first)


def test_what_was_known_of_a_file_goes_with_it(content: Path) -> None:
    (content / FORM).write_text(MOBILE, "utf-8")
    build_of(content).load()
    (content / FORM).write_text("高龄津贴申请表\n", "utf-8")
    build = build_of(content)
    build.load()
    build.cache.close()
    with sqlite3.connect(build.cache.path) as cache:
        assert [row[0].count("138") for row in cache.execute("SELECT facts FROM inspections")] == [
            0
        ]


def test_personal_data_may_stand_where_the_entry_that_attaches_it_says_why(content: Path) -> None:
    (content / FORM).write_text(MOBILE, "utf-8")
    rejected = build_of(content).load()
    assert rejected.states[FORM] is rejected.states[ENTRY] is State.REJECTED
    changed(content / ENTRY, lambda text: text.replace("review:", f"{WAIVER}review:"))
    judged = build_of(content).load()
    assert {"GK730", "GK732"} & {code for code, _ in said(judged)} == set()
    assert judged.states[FORM] is judged.states[ENTRY] is State.PUBLISHED


def test_every_entry_that_attaches_a_file_has_to_say_why(content: Path) -> None:
    (content / FORM).write_text(MOBILE, "utf-8")
    text = (content / ENTRY).read_text("utf-8")
    changed(content / ENTRY, lambda text: text.replace("review:", f"{WAIVER}review:"))
    other = content / ENTRY.replace("allowance", "other")
    text = text.replace("2026-00001", "2026-00002").replace("12号", "13号")
    other.write_text(text.replace("发放工作", "复核工作"), "utf-8")
    assert {("GK730", FORM), ("GK732", ENTRY)} <= said(build_of(content).load())


def test_a_waiver_does_not_let_a_mark_of_secrecy_pass(content: Path) -> None:
    (content / FORM).write_text("机密★1年\n" + MOBILE, "utf-8")
    changed(content / ENTRY, lambda text: text.replace("review:", f"{WAIVER}review:"))
    assert {("GK731", FORM), ("GK732", ENTRY)} <= said(build_of(content).load())


def test_the_text_that_was_met_is_handed_to_the_search(content: Path) -> None:
    import docx

    made = docx.Document()
    made.add_paragraph("高龄津贴申请表")
    file = content.parent / "form.docx"
    made.save(str(file))
    path = attach(content, "form.docx", file.read_bytes())
    build = build_of(content)
    judged = build.load()
    digest = judged.corpus.files[path].digest
    assert build.cache.attachment_text(digest, "docx") == "高龄津贴申请表"


def test_an_svg_picture_is_published_in_its_safe_form_alone(content: Path) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><!-- x --><metadata/><path d="M0 0"/></svg>'
    path = attach(content, "flow.svg", drawing)
    judged = build_of(content).load()
    assert ("GK227", ENTRY) not in said(judged) or judged.states[ENTRY] is State.REJECTED
    changed(content / "site.yml", lambda text: text + "attachment_types: [svg]\n")
    build: Build = build_of(content)
    judged = build.load()
    assert judged.states[path] is State.PUBLISHED
    facts = judged.corpus.files[path]
    data = plan.published_bytes(content, path, facts.digest)
    assert b"metadata" not in data and b"<!--" not in data and len(data) == facts.size


def test_the_same_problems_come_from_any_number_of_workers(content: Path) -> None:
    names = [f"form{n}.txt" for n in range(20)]
    for name in names:
        (content / "agencies/mzj/files" / name).write_text(f"{name} {MOBILE}", "utf-8")
    lines = "".join(f"  - {{file: ../../files/{name}}}\n" for name in names)
    changed(content / ENTRY, lambda text: text.replace("attachments:\n", f"attachments:\n{lines}"))
    found = []
    for workers in (1, 2):
        build = build_of(content)
        build.cache.path.unlink(missing_ok=True)
        build.options.workers = workers
        found.append([problem.line() for problem in build.load().problems])
    assert found[0] == found[1] and sum(": GK730 " in line for line in found[0]) == 20


def test_what_an_entry_waives_for_a_file_is_noted_there_with_file_and_place(content: Path) -> None:
    (content / FORM).write_text("高龄津贴申请表\n" + MOBILE, "utf-8")
    changed(content / ENTRY, lambda text: text.replace("review:", f"{WAIVER}review:"))
    notes = [one for one in build_of(content).load().problems if one.code.id == "GK702"]
    line = (content / ENTRY).read_text("utf-8").split("\n").index(WAIVER.split("\n")[1]) + 1
    assert [(one.place.path, one.place.line) for one in notes] == [(ENTRY, line)]
    assert f"文件 {FORM} 第 2 行的手机号码（138******34）" in notes[0].line()
    assert f"a mobile number in line 2 of {FORM} (138******34)" in notes[0].line("en")


@pytest.mark.parametrize(
    ("body", "form", "is_told"),
    [
        ("", "没有号码", True),
        ("", MOBILE, False),
        ("值班手机：13800001234", "没有号码", False),
        ("值班手机：13800001234", MOBILE, False),
        ("值班手机：139****1234", "没有号码", True),
    ],
)
def test_a_waiver_that_neither_text_nor_file_needs_is_told(
    content: Path, body: str, form: str, is_told: bool
) -> None:
    (content / FORM).write_text(form, "utf-8")
    changed(content / ENTRY, lambda text: text.replace("review:", f"{WAIVER}review:") + body + "\n")
    build = build_of(content)
    for judged in (build.load(), build_of(content).load()):  # and so from the cache
        assert (("GK703", ENTRY) in said(judged)) is is_told
        assert {code for code, _ in said(judged)} & {"GK701", "GK730"} == set()


def test_the_waiver_that_lets_a_file_pass_stands_ready_in_the_message(content: Path) -> None:
    (content / FORM).write_text(MOBILE, "utf-8")
    told = next(one for one in build_of(content).load().problems if one.code.id == "GK730")
    waiver = "{kind: mobile, value: '138******34', reason: 理由, reviewer: 岗位}"
    assert f"privacy_waivers：[{waiver}]" in told.line()
    line = f"privacy_waivers: [{waiver}]\nreview:"
    changed(content / ENTRY, lambda text: text.replace("review:", line))
    assert build_of(content).load().states[FORM] is State.PUBLISHED


def test_more_personal_data_than_is_listed_never_passes_with_what_is_waived(content: Path) -> None:
    numbers = [f"138{n:02}0012{n:02}" for n in range(25)]
    (content / FORM).write_text("\n".join(numbers), "utf-8")
    first = build_of(content).load()
    told = [one for one in first.problems if one.code.id == "GK730"]
    assert len(told) == 20 and ("GK448", FORM) in said(first)
    waivers = "".join(
        f"  - {{kind: mobile, value: {one.facts['value']}, reason: 公示, reviewer: 主任}}\n"
        for one in told
    )
    lines = f"privacy_waivers:\n{waivers}review:"
    changed(content / ENTRY, lambda text: text.replace("review:", lines))
    second = build_of(content).load()
    assert len([one for one in second.problems if one.code.id == "GK730"]) == 5
    assert second.states[FORM] is State.REJECTED

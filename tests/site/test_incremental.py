"""After any sequence of edits, building on what stands gives the bytes of a build from nothing."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.project import AS_OF, Project, assert_same, ended, entry, small_project

SIMPLE = (  # entries that no other file names
    "agencies/czj/catalogue/2026/training.md",
    "agencies/czj/catalogue/2026/fees.md",
    "agencies/qinghe/catalogue/2026/circular.md",
    "agencies/qinghe/catalogue/2026/parking.md",
)


class Editing:
    """A project under edit, and what the editor remembers of it."""

    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self.random = random.Random(seed)
        self.simple = list(SIMPLE)
        self.as_of = AS_OF
        self.count = 100

    def next(self) -> int:
        self.count += 1
        return self.count

    def file(self, path: str) -> Path:
        return self.project.content / path

    def pick(self) -> str:
        return self.random.choice(self.simple)

    def replace(self, path: str, old: str, new: str) -> None:
        self.project.edit(f"content/{path}", old, new)

    def field(self, path: str, key: str, value: str) -> None:
        """Give one field of an entry another value."""
        file = self.file(path)
        lines = file.read_text("utf-8").split("\n")
        end = lines.index("---", 1)
        lines[1:end] = [x for x in lines[1:end] if not x.startswith(f"{key}:")]
        lines.insert(1, f"{key}: {value}")
        file.write_text("\n".join(lines), "utf-8")

    # the edits; each leaves content without errors

    def change_a_body(self) -> None:
        with self.file(self.pick()).open("a", encoding="utf-8") as file:
            file.write(f"\n## 补充说明{self.next()}\n\n另行通知的事项以本段为准。\n")

    def change_a_title(self) -> None:
        self.field(self.pick(), "title", f"改过的标题之{self.next()}")

    def add_an_entry(self) -> None:
        agency, code = self.random.choice((("mzj", "QH0000028"), ("czj", "QH0000036")))
        number = self.next()
        path = f"agencies/{agency}/catalogue/2026/new-{number}.md"
        day = self.random.choice(("2026-01-06 09:31", "2026-06-01 08:00", "2026-11-19 10:00"))
        text = entry(f"{code}/2026-00{number}", f"新条目第{number}号", published_on=day)
        self.project.write(path, text)
        self.simple.append(path)

    def delete_an_entry(self) -> None:
        path = self.pick()
        self.simple.remove(path)
        self.file(path).unlink()

    def withdraw_an_entry(self) -> None:
        path = self.pick()
        text = self.file(path).read_text("utf-8")
        number = text.split("index_number: ")[1].split("\n")[0]
        self.simple.remove(path)
        self.file(path).unlink()
        file = self.file(f"{path.split('/catalogue')[0]}/withdrawn.yml")
        before = file.read_text("utf-8") if file.exists() else "withdrawn:\n"
        row = f"  - {{index_number: {number}, withdrawn_on: 2026-11-01, reason: error}}\n"
        file.write_text(before + row, "utf-8")

    def rename_a_file(self) -> None:
        path = self.pick()
        new = f"{path.rpartition('/')[0]}/moved-{self.next()}.md"
        self.file(path).rename(self.file(new))
        self.simple[self.simple.index(path)] = new

    def change_a_column(self) -> None:
        path = self.pick()
        is_notice = "column: notices" in self.file(path).read_text("utf-8")
        self.field(path, "column", "normative" if is_notice else "notices")

    def repeal_an_entry(self) -> None:
        path = self.pick()
        self.field(path, "repealed_on", "2026-10-01")
        self.field(path, "repealed_by", "QH0000028/2026-00001")

    def change_an_agency_name(self) -> None:
        text = self.file("agencies/mzj/agency.yml").read_text("utf-8")
        name = text.split("name: ", 1)[1].split("\n")[0]
        new = text.replace(f"name: {name}\n", f"name: 青禾县民政{self.next()}局\n", 1)
        self.file("agencies/mzj/agency.yml").write_text(new, "utf-8")

    def change_a_word_of_the_theme(self) -> None:
        file = self.project.root / "theme" / "words" / "zh.json"
        text = file.read_text("utf-8")
        mark = '"platform.newest": "'
        file.write_text(text.replace(mark, f"{mark}{self.next()}"), "utf-8")

    def change_a_template(self) -> None:
        file = self.project.root / "theme" / "partials" / "gk" / "row.html"
        file.write_text(file.read_text("utf-8") + f"<!-- {self.next()} -->\n", "utf-8")

    def change_a_label_of_a_vocabulary(self) -> None:
        file = self.file("vocab/subjects.yml")
        text = file.read_text("utf-8")
        assert "code: T02, name: 综合政务" in text
        new = text.replace("code: T02, name: 综合政务", f"code: T02, name: 综合政务{self.next()}")
        file.write_text(new, "utf-8")

    def touch_a_file(self) -> None:
        self.file(self.pick()).touch()

    def change_the_day(self) -> None:
        days = ("2026-11-24", "2026-11-27", "2026-12-01 08:59", "2026-12-01 09:00", "2027-01-02")
        self.as_of = self.random.choice([day for day in days if day != self.as_of])

    def change_an_attachment(self) -> None:
        self.file("agencies/mzj/files/form.txt").write_text(f"申请表第{self.next()}版\n", "utf-8")

    def change_a_letter_and_hide_it(self) -> None:
        file = self.file("agencies/qinghe/catalogue/2026/open-day.md")
        facts, text = file.stat(), file.read_text("utf-8")
        file.write_text(
            text.replace("一楼大厅", f"{self.random.choice('二三四五')}楼大厅"), "utf-8"
        )
        os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    def change_a_guide(self) -> None:
        with self.file("agencies/qinghe/guide.md").open("a", encoding="utf-8") as file:
            file.write(f"\n## 新增一节{self.next()}\n\n内容。\n")

    def change_a_fixed_page(self) -> None:
        file = self.project.root / "site_src" / "about.md"
        file.write_text(file.read_text("utf-8") + f"\n第{self.next()}次补充。\n", "utf-8")

    def change_the_style(self) -> None:
        file = self.project.root / "theme" / "assets" / "gk.css"
        file.write_text(file.read_text("utf-8") + f"/* {self.next()} */\n", "utf-8")

    def lose_the_review(self) -> None:
        path = self.pick()
        self.field(path, "review", "")

    def change_a_relation(self) -> None:
        number = self.random.choice(("QH0000028/2026-00001", "QH0000036/2026-00001"))
        self.field(self.pick(), "related", f"[{number}]")

    def lose_a_published_page(self) -> None:
        (self.project.site / "i" / "QH000001X" / "2026-00001.html").unlink()

    def find_a_strange_page(self) -> None:
        (self.project.site / "c" / "strange.html").write_text("<p>外来</p>", "utf-8")


EDITS: list[Callable[[Editing], None]] = [
    value
    for name, value in vars(Editing).items()
    if name.split("_")[0]
    in ("change", "add", "delete", "withdraw", "rename", "repeal", "touch", "lose", "find")
]


def start(root: Path) -> Project:
    """Return the small project with lists of three, so that every list has pages that turn."""
    project = small_project(root)
    for plugin in ("directory", "columns"):
        line = f"  - gongkai/{plugin}"
        project.edit("mkdocs.yml", f"{line}\n", f"{line}: {{page_size: 3}}\n")
    return project


def compare_with_clean(editing: Editing, clean_root: Path, said: object) -> None:
    """Build what stands and a copy from nothing, side by side, and compare every byte."""
    clean = editing.project.copy_to(clean_root)
    builds = [p.start("build", "--as-of", editing.as_of) for p in (editing.project, clean)]
    for result in map(ended, builds):
        assert result.code == 0, (said, result.said)
    assert_same(editing.project.tree(), clean.tree(), said)
    shutil.rmtree(clean_root)


@pytest.mark.parametrize("seed", [20261122])
def test_any_sequence_of_edits_gives_the_bytes_of_a_clean_build(tmp_path: Path, seed: int) -> None:
    editing = Editing(start(tmp_path / "project"), seed)
    editing.project.build("--as-of", editing.as_of)
    order = editing.random.sample(EDITS, len(EDITS))
    groups = [[edit] for edit in order[:13]]
    groups += [order[n : n + 3] for n in range(13, len(order), 3)]
    done: list[str] = []
    for group in groups:
        for edit in group:
            edit(editing)
            done.append(edit.__name__)
        compare_with_clean(editing, tmp_path / "clean", (seed, done))
    assert len(done) >= 20


def test_a_build_that_trusts_what_stands_sees_every_change(tmp_path: Path) -> None:
    editing = Editing(start(tmp_path / "project"), 1)
    project = editing.project

    def settle() -> None:
        time.sleep(2.1)  # so that the signatures of the sources have settled and are trusted
        project.build("--as-of", editing.as_of)
        assert "没有变化" in project.build("--as-of", editing.as_of).err

    settle()
    for day in ("2026-12-01 08:59", "2026-12-01 09:00", AS_OF):
        editing.as_of = day
        compare_with_clean(editing, tmp_path / "clean", day)
    for edit in (
        Editing.lose_a_published_page,
        Editing.find_a_strange_page,
        Editing.change_a_letter_and_hide_it,
    ):
        edit(editing)
        compare_with_clean(editing, tmp_path / "clean", edit.__name__)
    settle()
    editing.change_a_word_of_the_theme()
    compare_with_clean(editing, tmp_path / "clean", "a word")

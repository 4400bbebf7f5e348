"""A release is whole or not at all: kill points, leftovers, locks and the slow swap."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.release import staging as module
from gongkai.release.staging import AnotherBuild, Staging, locked, remove, replace_file


def lay(site: Path, **files: str) -> None:
    site.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (site / name).write_text(text, "utf-8")


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def site(tmp_path: Path) -> Path:
    lay(tmp_path / "site", a="旧甲", b="旧乙")
    return tmp_path / "site"


def test_a_release_takes_the_place_of_the_old_one(site: Path) -> None:
    staging = Staging(site)
    staging.begin()
    staging.write("a", "新甲".encode())
    staging.write("deep/er/c.html", "新丙".encode())
    staging.keep("b")
    staging.publish()
    assert tree(site) == {"a": "新甲", "b": "旧乙", "deep/er/c.html": "新丙"}
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_first_release_needs_no_old_one(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "build" / "site")
    staging.begin()
    staging.write("a", b"x")
    staging.publish()
    assert tree(tmp_path / "build" / "site") == {"a": "x"}


def test_a_kept_file_is_not_written_again(site: Path) -> None:
    before = (site / "b").stat()
    staging = Staging(site)
    staging.begin()
    staging.keep("b")
    staging.publish()
    after = (site / "b").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_cannot_be_kept_is_an_error_and_leaves_the_old_site(site: Path) -> None:
    staging = Staging(site)
    staging.begin()
    with pytest.raises(OSError):
        staging.keep("nowhere")
    assert tree(site) == {"a": "旧甲", "b": "旧乙"}


@pytest.mark.parametrize("writes", range(4))
def test_a_build_that_dies_while_writing_leaves_the_old_site(site: Path, writes: int) -> None:
    staging = Staging(site)
    staging.begin()
    for n in range(writes):
        staging.write(f"n{n}", b"x")
    assert tree(site) == {"a": "旧甲", "b": "旧乙"}
    after = Staging(site)  # the next build knows nothing of the dead one
    after.begin()
    assert tree(after.folder) == {}
    after.write("a", "新甲".encode())
    after.publish()
    assert tree(site) == {"a": "新甲"}


@pytest.mark.parametrize("point", ["sync", "exchange"])
def test_a_build_that_dies_before_the_swap_leaves_the_old_site(
    site: Path, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    staging = Staging(site)
    staging.begin()
    staging.write("a", "新甲".encode())
    monkeypatch.setattr(
        *((module.os, "sync", die) if point == "sync" else (module, "_exchange", die))
    )
    with pytest.raises(KeyboardInterrupt):
        staging.publish()
    assert tree(site) == {"a": "旧甲", "b": "旧乙"}


def test_the_slow_swap_gives_the_same_site(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_exchange", lambda one, other: False)
    staging = Staging(site)
    staging.begin()
    staging.write("a", "新甲".encode())
    staging.publish()
    assert tree(site) == {"a": "新甲"}
    assert [path.name for path in site.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_build_that_dies_inside_the_slow_swap_is_mended_by_the_next(
    site: Path, fails_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_exchange", lambda one, other: False)
    rename, calls = Path.rename, [0]

    def die(self: Path, target: Path) -> Path:
        calls[0] += 1
        if calls[0] == fails_at:
            raise KeyboardInterrupt
        return rename(self, target)

    staging = Staging(site)
    staging.begin()
    staging.write("a", "新甲".encode())
    monkeypatch.setattr(Path, "rename", die)
    with pytest.raises(KeyboardInterrupt):
        staging.publish()
    monkeypatch.setattr(Path, "rename", rename)
    after = Staging(site)
    after.recover()
    assert tree(site) == {"a": "旧甲", "b": "旧乙"}


def test_an_abandoned_release_leaves_nothing(site: Path) -> None:
    staging = Staging(site)
    staging.begin()
    staging.write("a", b"x")
    staging.abandon()
    assert [path.name for path in site.parent.iterdir()] == ["site"]
    assert tree(site) == {"a": "旧甲", "b": "旧乙"}


def test_a_lock_refuses_a_second_holder_and_is_freed_when_the_first_is_done(tmp_path: Path) -> None:
    lock = tmp_path / "build" / ".site.lock"
    with locked(lock), pytest.raises(AnotherBuild), locked(lock):
        pytest.fail("two builds hold the lock")
    with locked(lock):
        pass


def test_another_process_cannot_take_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / ".site.lock"
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from gongkai.release.staging import AnotherBuild, locked\n"
        "try:\n    with locked(Path(sys.argv[1])):\n        print('held')\n"
        "except AnotherBuild:\n    print('refused')\n"
    )
    ask = [sys.executable, "-c", program, str(lock)]
    with locked(lock):
        assert subprocess.run(ask, capture_output=True, text=True, check=True).stdout == "refused\n"
    assert subprocess.run(ask, capture_output=True, text=True, check=True).stdout == "held\n"


def test_a_lock_is_freed_by_an_exception(tmp_path: Path) -> None:
    lock = tmp_path / ".site.lock"
    with pytest.raises(RuntimeError), locked(lock):
        raise RuntimeError
    with locked(lock):
        pass


def test_removing_takes_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    lay(tmp_path / "kept", a="甲")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    remove(tmp_path / "link")
    remove(tmp_path / "nothing")
    assert tree(tmp_path / "kept") == {"a": "甲"}


# one file


def test_a_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    lay(tmp_path, a="旧甲")
    replace_file(tmp_path / "a", "新甲".encode())
    replace_file(tmp_path / "deep" / "er" / "b", "乙".encode())
    assert tree(tmp_path) == {"a": "新甲", "deep/er/b": "乙"}


def test_what_reads_the_old_file_goes_on_reading_it(tmp_path: Path) -> None:
    lay(tmp_path, a="旧甲")
    with (tmp_path / "a").open(encoding="utf-8") as reader:
        replace_file(tmp_path / "a", "新甲".encode())
        assert reader.read() == "旧甲"


@pytest.mark.parametrize("point", ["fsync", "replace"])
def test_a_disk_that_is_full_leaves_the_old_file(
    tmp_path: Path, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise OSError(28, "No space left on device")

    lay(tmp_path, a="旧甲")
    with monkeypatch.context() as patch:
        patch.setattr(module.os, point, die)
        with pytest.raises(OSError, match="No space"):
            replace_file(tmp_path / "a", "新甲".encode())
    assert (tmp_path / "a").read_text("utf-8") == "旧甲"
    replace_file(tmp_path / "a", "更新".encode())  # what was left behind is in nobody's way
    assert tree(tmp_path) == {"a": "更新"}


def test_a_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, swap = module.os.fsync, module.os.replace
    monkeypatch.setattr(module.os, "fsync", lambda file: (steps.append("fsync"), fsync(file)))
    monkeypatch.setattr(module.os, "replace", lambda *two: (steps.append("replace"), swap(*two)))
    replace_file(tmp_path / "a", "甲".encode())
    assert steps == ["fsync", "replace"]


def test_what_a_dead_build_left_is_dropped_even_where_nothing_changed(site: Path) -> None:
    staging = Staging(site)
    assert not staging.has_leftovers
    lay(staging.folder, a="撤下的")
    lay(staging.previous, a="更早撤下的")
    assert staging.has_leftovers
    staging.clear()
    assert not staging.has_leftovers
    assert tree(site) == {"a": "旧甲", "b": "旧乙"}


def test_the_only_site_there_is_is_no_leftover(site: Path) -> None:
    site.rename(Staging(site).previous)
    Staging(site).clear()
    assert tree(site) == {"a": "旧甲", "b": "旧乙"}

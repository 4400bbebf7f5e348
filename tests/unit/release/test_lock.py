"""The lock of a site and the place that a release really takes."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from gongkai.release.staging import AnotherBuild, Staging, let_go, locked

HAS_FORK = "fork" in multiprocessing.get_all_start_methods() and hasattr(os, "fork")


@pytest.mark.skipif(not HAS_FORK, reason="this system does not fork")
@pytest.mark.parametrize("lets_go", [True, False])
def test_a_worker_that_outlives_its_parent_keeps_no_lock(tmp_path: Path, lets_go: bool) -> None:
    lock = tmp_path / ".site.lock"
    ready, stay = os.pipe(), os.pipe()
    with locked(lock):
        worker = os.fork()
        if worker == 0:
            if lets_go:
                let_go()
            os.write(ready[1], b"x")
            os.read(stay[0], 1)
            os._exit(0)
        os.read(ready[0], 1)
    try:
        if lets_go:
            with locked(lock):
                pass
        else:  # the worker's copy of the handle is what holds it
            with pytest.raises(AnotherBuild), locked(lock):
                pass
    finally:
        os.write(stay[1], b"x")
        os.waitpid(worker, 0)
        for handle in (*ready, *stay):
            os.close(handle)


def test_a_linked_site_is_replaced_where_it_really_stands(tmp_path: Path) -> None:
    real = tmp_path / "srv"
    real.mkdir()
    (real / "old.html").write_text("旧", "utf-8")
    link = tmp_path / "build" / "site"
    link.parent.mkdir()
    link.symlink_to(real, target_is_directory=True)
    staging = Staging(link)
    staging.begin()
    staging.write("new.html", "新".encode())
    staging.publish()
    assert link.is_symlink()
    assert [path.name for path in real.iterdir()] == ["new.html"]

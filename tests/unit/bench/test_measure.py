"""Costs and changes are measured over whole process trees and judged by content."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.measure import Changes, CommandFailed, compare, run, standing

BURN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
HOLD = "held = bytearray(b'x') * 60_000_000\nimport time; time.sleep(1.5)\n"


def test_cpu_of_children_counts(tmp_path: Path) -> None:
    (tmp_path / "burn.py").write_text(BURN)
    parent = "import subprocess, sys; subprocess.run([sys.executable, 'burn.py'], check=True)"
    assert run([sys.executable, "-c", parent], tmp_path).cpu >= 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells proportional set sizes")
def test_peak_is_that_of_all_processes_together(tmp_path: Path) -> None:
    (tmp_path / "hold.py").write_text(HOLD)
    parent = (
        "import subprocess, sys\n"
        "both = [subprocess.Popen([sys.executable, 'hold.py']) for _ in range(2)]\n"
        "[one.wait() for one in both]\n"
    )
    peak = run([sys.executable, "-c", parent], tmp_path).peak
    assert peak is not None
    assert 120_000_000 < peak < 200_000_000


def test_a_failed_command_is_told_with_its_output(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"(?s)ended with 3.*what went wrong"):
        run([sys.executable, "-c", "print('what went wrong'); raise SystemExit(3)"], tmp_path)


def test_files_written_and_files_changed_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "i").mkdir()
    for name in ("same", "rewritten", "changed", "gone"):
        (tmp_path / "i" / name).write_text(name)
    before = standing(tmp_path)
    (tmp_path / "i" / "gone").unlink()
    (tmp_path / "i" / "changed").write_text("otherwise")
    for name in ("rewritten", "new"):
        path = tmp_path / "i" / f"{name}.tmp"
        path.write_text(name)
        path.rename(tmp_path / "i" / name)
    assert compare(before, standing(tmp_path)) == Changes(3, 3, {"i": 3})

"""What was judged is what is published, or nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.cases import BASE, Case, build_of

PATH = "agencies/mzj/catalogue/2026/allowance.md"


def test_a_source_swapped_after_it_was_judged_is_not_pressed(tmp_path: Path) -> None:
    content = tmp_path / "content"
    Case(BASE / "base.case", "", ()).lay(content)
    build = build_of(content)
    record = build.load().corpus.by_path[PATH]
    build.cache.reset()  # so that the body has to be read again
    sound = build._body(record)
    file = content / PATH
    file.write_bytes(file.read_bytes() + "\n联系人的手机是13800138000。\n".encode())
    assert "老年人" in sound
    with pytest.raises(OSError, match="被改动"):
        build._body(record)
    build.cache.close()

"""A step of the benchmark into an edit of the sources, the same for Gongkai and for Hugo."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import Corpus, Item, source_text, write
from bench.twin import hugo_path, hugo_text


@dataclass(frozen=True)
class Editor:
    """Edits one corpus where it was written; ``turn`` makes each edit another one."""

    corpus: Corpus
    content: Path
    hugo: Path | None = None

    def change_body(self, turn: int) -> str:
        """Add a paragraph to one entry; return its path."""
        item = self.corpus.ordinary(turn)
        addition = f"\n经核实，补充说明如下：有关数据以第{turn + 1}次统计口径为准。\n"
        self._change(item, lambda text, is_hugo: text + addition)
        return item.path

    def change_title(self, turn: int) -> str:
        """Change the title of one entry; return its path."""
        item = self.corpus.ordinary(turn + 10)
        title = f"{item.title}（第{turn + 1}次修订）"

        def retitle(text: str, is_hugo: bool) -> str:
            line = f"title: {json.dumps(title, ensure_ascii=False) if is_hugo else title}"
            return re.sub(r"(?m)^title: .*$", lambda match: line, text, count=1)

        self._change(item, retitle)
        return item.path

    def add_newest(self, turn: int) -> str:
        """Add an entry that is newer than all others; return its path."""
        item = self.corpus.newest(turn)
        write(self.content / item.path, source_text(item))
        if self.hugo:
            write(self.hugo / "content" / hugo_path(item), hugo_text(item))
        return item.path

    def _change(self, item: Item, change: Callable[[str, bool], str]) -> None:
        path = self.content / item.path
        write(path, change(path.read_text("utf-8"), False))
        if self.hugo:
            path = self.hugo / "content" / hugo_path(item)
            write(path, change(path.read_text("utf-8"), True))

"""The history of each entry into the page that shows how it changed after its publication."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any

from gongkai.derive import addresses
from gongkai.derive.differences import Difference, Shown, difference
from gongkai.derive.history import EntryHistory, Step
from gongkai.domain.corpus import EntryRecord
from gongkai.intake.git_history import Blobs, Repository
from gongkai.pipeline.plan import Plan
from gongkai.pipeline.versions import Reading, read_version, standing
from gongkai.press.artifact import Artifact
from gongkai.views.changes_page import changes_page

COMPARED = 100  # changes of one entry that are shown word by word, the last ones


def changes_pages(plan: Plan) -> Iterator[Artifact]:
    """Yield the page of changes of every entry that changed after its publication."""
    history = plan.history
    if not history.entries:
        return
    texts = _Texts(plan, history.place)
    for record in plan.judged.published:
        own = history.entries.get(record.path)
        if own is None or not own.has_page or record.entry is None:
            continue
        address = addresses.changes_address(record.entry.index_number)
        key = f"{record.row_digest} {record.agency} {own!r}"
        yield plan.page("changes", address, key, partial(_view, plan, texts, record, own))


def _view(plan: Plan, texts: _Texts, record: EntryRecord, own: EntryHistory) -> Any:
    older = max(0, len(own.steps) - COMPARED)
    found: list[Difference | None] = [
        None if step.gap else Difference((), (), is_rewritten=True) for step in own.steps[:older]
    ]
    found += [texts.difference(step) for step in own.steps[older:]]
    return changes_page(plan.frame, record, own, found)


class _Texts:
    """What the public saw of a version: remembered, or read again."""

    def __init__(self, plan: Plan, place: Repository) -> None:
        self._cache = plan.cache
        self._place = place
        self._root = plan.root
        self._paths = {record.blob: record.path for record in plan.judged.published}

    def difference(self, step: Step) -> Difference | None:
        """Return what a change changed, or ``None`` where its versions are not shown."""
        if step.gap:
            return None
        before, after = self.shown(step.before), self.shown(step.after)
        return None if before is None or after is None else difference(before, after)

    def shown(self, blob: str) -> Shown | None:
        """Return the words of one version, ``None`` where it is lost."""
        words = self._cache.version_words(blob)
        if words:
            fields, body = json.loads(words)
            return Shown(fields, tuple(body))
        path = self._paths.get(blob)
        data = standing(self._root, path, blob) if path else None
        if data is None:
            with closing(Blobs(self._place)) as store:
                data = store.read(blob)
        version, shown = read_version(blob, data, Reading())
        return shown if version.is_entry else None

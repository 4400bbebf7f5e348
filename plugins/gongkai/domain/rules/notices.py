"""Ended 公示期: what the sources still hold, though no page shows it."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.domain.corpus import Corpus
from gongkai.kernel import problems as p
from gongkai.kernel.problems import Problem


def judge_notices(corpus: Corpus) -> Iterator[Problem]:
    """Yield each entry whose 公示期 is over and whose file, or an attached one, is still whole."""
    for record in corpus.entries:
        if record.ended is None or record.entry is None or record.entry.notice is None:
            continue
        if any(problem.code is p.NOTICE_DATES for problem in record.problems):
            continue  # its days have to be mended first
        fields = list(record.ended.fields)
        if any(path in corpus.files for path in record.ended.files):
            fields.append(("附件的文件", "attached files"))
        if not fields:
            continue
        facts = {
            "day": str(record.entry.notice.last),
            "what": "、".join(zh for zh, _ in fields),
            "what_en": ", ".join(en for _, en in fields),
        }
        yield Problem(p.NOTICE_STILL_THERE, record.at("notice"), facts)

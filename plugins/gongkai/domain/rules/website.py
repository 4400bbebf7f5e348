"""What the web site's own yearly report needs of the column tree: a known type for each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongkai.domain.column import Column
from gongkai.domain.reports.site_counts import CLASS_OF_TYPE, unclassified
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem
from gongkai.kernel.text import nearest

COLUMNS_FILE = "vocab/columns.yml"


def judge_column_types(columns: Mapping[str, Column]) -> Iterator[Problem]:
    """Yield the columns whose entries stand in none of the three classes of the site's report."""
    for column in unclassified(columns):
        facts = {
            "name": column.name,
            "type": column.type,
            "known": "、".join(CLASS_OF_TYPE),
            **p.hint(nearest(column.type, CLASS_OF_TYPE)),
        }
        yield Problem(p.COLUMN_TYPE_UNKNOWN, Place(COLUMNS_FILE), facts)

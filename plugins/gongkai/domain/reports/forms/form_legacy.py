"""Reports older than the national forms: prose with named figures, sums and discrepancies."""

from __future__ import annotations

from gongkai.domain.reports.form import ReportForm

FORM = ReportForm(
    name="legacy",
    title="早期年度报告（无统一格式）",
    instrument="",
    years=(2008, 2018),
    parts=(),
    takes_named_figures=True,
    # 2007 条例 art. 31: every body by 31 March
    deadlines=dict.fromkeys(("department", "county", "town"), (3, 31)),
)

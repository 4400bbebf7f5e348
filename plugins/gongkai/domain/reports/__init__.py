"""The yearly disclosure report (政府信息公开工作年度报告): forms as data, figures, identities."""

"""Publish the yearly reports, and what is compared from them, inside the MkDocs build."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from gongkai.glue.state import build_of
from gongkai.pipeline.audit import write_audit
from gongkai.pipeline.report_plan import (
    OUTPUTS,
    ReportOptions,
    assessment_pages,
    no_pdf,
    report_pages,
    series_files,
    statistics_pages,
)

log = logging.getLogger("mkdocs.plugins.gongkai")


class ReportsConfig(Config):
    """Options written under `gongkai/reports` in mkdocs.yml."""

    outputs = opt.ListOfItems(opt.Choice(OUTPUTS), default=list(OUTPUTS))
    font_digests = opt.ListOfItems(opt.Type(str), default=[])
    public_board = opt.Type(bool, default=False)
    smallest_base = opt.Type(int, default=1)
    audit_dir = opt.Type(str, default="build/audit")


class ReportsPlugin(BasePlugin[ReportsConfig]):
    """Ask for the pages and files of the yearly reports; write the board beside the site."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        build = build_of(config)
        if "pdf" in self.config.outputs and (why := no_pdf(self.config.font_digests)):
            build.notices.append(f"不生成年报的 PDF：{why}")
            log.info("%s", build.notices[-1])
        options = ReportOptions(
            outputs=tuple(self.config.outputs),
            font_digests=tuple(self.config.font_digests),
            has_public_board=self.config.public_board,
            smallest_base=self.config.smallest_base,
        )
        build.add(partial(report_pages, options=options))
        build.add(partial(series_files, options=options))
        build.add(statistics_pages)
        build.add(assessment_pages)
        return config

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        judged = build_of(config).judged
        if judged is not None and self.config.audit_dir:
            base = Path(config.config_file_path or ".").parent
            try:
                write_audit(judged, base / self.config.audit_dir)
            except OSError as error:  # the office's own board must not keep the site back
                notices = build_of(config).notices
                notices.append(f"年报进度表没有写成：{error.strerror or error}")
                log.info("%s", notices[-1])

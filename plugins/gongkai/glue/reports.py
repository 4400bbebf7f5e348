"""Publish the yearly reports inside the MkDocs build."""

from __future__ import annotations

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from gongkai.glue.state import build_of
from gongkai.pipeline.plan import report_pages


class ReportsConfig(Config):
    """This plugin takes no options."""


class ReportsPlugin(BasePlugin[ReportsConfig]):
    """Ask for the pages of the yearly reports."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        build_of(config).add(report_pages)
        return config

"""Publish every column's pages inside the MkDocs build."""

from __future__ import annotations

from functools import partial

from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from gongkai.glue.state import build_of
from gongkai.pipeline.plan import column_pages


class ColumnsConfig(Config):
    """Options written under `gongkai/columns` in mkdocs.yml."""

    page_size = opt.Type(int, default=20)


class ColumnsPlugin(BasePlugin[ColumnsConfig]):
    """Ask for the pages of every column."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        build_of(config).add(partial(column_pages, page_size=self.config.page_size))
        return config

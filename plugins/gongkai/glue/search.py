"""Publish the search index inside the MkDocs build."""

from __future__ import annotations

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from gongkai.glue.state import build_of
from gongkai.pipeline.search_plan import search_files


class SearchConfig(Config):
    """This plugin takes no options."""


class SearchPlugin(BasePlugin[SearchConfig]):
    """Ask for the index and the script that reads it."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        build_of(config).add(search_files)
        return config

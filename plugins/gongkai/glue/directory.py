"""Publish 公开目录 inside the MkDocs build."""

from __future__ import annotations

from functools import partial

from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from gongkai.glue.state import build_of
from gongkai.pipeline.plan import directory_pages


class DirectoryConfig(Config):
    """Options written under `gongkai/directory` in mkdocs.yml."""

    page_size = opt.Type(int, default=20)


class DirectoryPlugin(BasePlugin[DirectoryConfig]):
    """Ask for the pages of the directory."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        build_of(config).add(partial(directory_pages, page_size=self.config.page_size))
        return config

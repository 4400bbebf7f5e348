"""Where the plugins of one MkDocs build find the build they share."""

from __future__ import annotations

from typing import cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from gongkai.pipeline.build import Build

CATALOGUE = "gongkai/catalogue"


def build_of(config: MkDocsConfig) -> Build:
    """Return the build that ``gongkai/catalogue`` made.

    Raises:
        PluginError: that plugin is not in mkdocs.yml, or stands behind the one that asks.
    """
    build = getattr(config.plugins.get(CATALOGUE), "build", None)
    if build is None:
        raise PluginError(f"mkdocs.yml: plugins 中须把 {CATALOGUE} 写在其他 gongkai 插件之前")
    return cast(Build, build)

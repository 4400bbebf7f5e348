"""The views that prose pages of ``site_src/`` ask for by name in their front matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gongkai.pipeline.plan import Plan
from gongkai.views import listing_page, platform_page

PROSE_VIEWS: dict[str, Callable[[Plan], Any]] = {
    "home": lambda plan: platform_page.home_page(plan.frame, plan.directory, plan.judged),
    "map": lambda plan: listing_page.columns_page(plan.frame, plan.directory),
}

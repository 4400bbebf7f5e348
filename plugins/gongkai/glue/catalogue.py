"""Load and check content/ inside the MkDocs build, press entry pages, publish the release.

This plugin comes first in mkdocs.yml; the others add their pages to the build it holds.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Literal

import jinja2
from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils.templates import TemplateContext

from gongkai.kernel.digest import digest_of_bytes
from gongkai.kernel.place import Place
from gongkai.kernel.problems import (
    ANOTHER_BUILD,
    CANNOT_WRITE,
    LOG_REWRITTEN,
    NOT_SIGNED,
    NOT_VERIFIED,
    PUBLISHED_LATER,
    Code,
    Problem,
    Severity,
)
from gongkai.pipeline.attachments import attachment_list
from gongkai.pipeline.build import Build, Options, Outcome, RejectedContent, TwoSources, moment
from gongkai.pipeline.data_files import build_account, catalogue_files
from gongkai.pipeline.history_files import changes_pages
from gongkai.pipeline.log_files import log_files
from gongkai.pipeline.old_addresses import old_address_files
from gongkai.pipeline.plan import SHELL_DEPTHS, entry_pages, has_page, platform_pages
from gongkai.pipeline.prose_views import PROSE_VIEWS
from gongkai.pipeline.publish import LogRewritten, NotVerified, Publication, PublishedLater
from gongkai.pipeline.report_plan import no_pdf
from gongkai.pipeline.scripts import is_served, served
from gongkai.press.artifact import Artifact
from gongkai.press.shell import MARKS
from gongkai.release.signing import SigningFailed
from gongkai.release.staging import AnotherBuild, locked, remove

log = logging.getLogger("mkdocs.plugins.gongkai")
_OWN = ("pages/", "partials/gk/", "404.html")
_UNUSED = ("assets/javascripts/bundle", "assets/javascripts/lunr", "assets/javascripts/workers")
_LEVELS = {
    Severity.ERROR: logging.ERROR,
    Severity.WARNING: logging.WARNING,
    Severity.NOTE: logging.INFO,
}
_PRESSED = "gk-pressed"


class CannotPublish(Abort):
    """The release could not be written; ``problem`` says why, the published site stands."""

    def __init__(self, code: Code, **facts: object) -> None:
        self.problem = Problem(code, Place(""), facts)
        super().__init__(f"{code.id} {self.problem.message()}")


class CatalogueConfig(Config):
    """Options written under `gongkai/catalogue` in mkdocs.yml."""

    content_dir = opt.Type(str, default="content")
    cache_dir = opt.Type(str, default="build/cache")
    as_of = opt.Optional(opt.Type(str))
    quarantine = opt.Type(bool, default=False)
    workers = opt.Optional(opt.Type(int))


class PressedFiles(Files):
    """Files that also answer for pressed pages, so that prose may link to them."""

    is_pressed: Callable[[str], bool] = staticmethod(lambda address: False)
    config: MkDocsConfig

    def get_file_from_path(self, path: str) -> File | None:
        found = super().get_file_from_path(path)
        if found is None and self.is_pressed(path):
            found = File.generated(self.config, path, content="")
        return found


class CataloguePlugin(BasePlugin[CatalogueConfig]):
    """Hold the build: check first, let MkDocs draw shells and prose, then press and swap."""

    def __init__(self) -> None:
        self.build: Build | None = None
        self.outcome: Outcome | None = None
        self._is_serving = False
        self._target = Path()
        self._drawn = Path()
        self._failed = False
        self._is_ready = False
        self._is_standing = False
        self._extra: list[Path] = []
        self.problems: list[Problem] | None = None
        self._locks = ExitStack()
        self._holds_lock = False
        self.publication: Publication | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self._is_serving = command == "serve"

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        base = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
        custom = config.theme.custom_dir
        if custom is None:
            raise PluginError("mkdocs.yml: theme.custom_dir 应指向本项目的 theme/")
        target = base / "build" / "serve" if self._is_serving else Path(config.site_dir)
        self._target = Path(os.path.realpath(target))
        self._drawn = self._target.parent / f".{self._target.name}.mkdocs"
        self._failed = self._is_ready = self._is_standing = False
        self._extra = self._inputs(config)
        self._take_lock()
        remove(self._drawn)
        config.site_dir = str(self._drawn)
        for name in ("sitemap.xml", "sitemap.xml.gz"):
            config.theme.static_templates.discard(name)
        as_of = self.config.as_of
        options = Options(
            content=base / self.config.content_dir,
            theme=Path(custom),
            cache=base / self.config.cache_dir / "gongkai.sqlite",
            as_of=moment(as_of) if as_of else None,
            quarantine=self.config.quarantine or self._is_serving,
            workers=self.config.workers,
        )
        if self.build is None:
            self.build = Build(options)
        else:
            self.build.renew(options)
        self.build.publication = self.publication
        if self.publication is not None:
            self.publication.begin(options.content)
        try:
            self.problems = self._standing(config)
            if self.problems is not None:
                return self._draw_nothing(config)
            self.problems = list(self.build.load().problems)
        except PublishedLater as error:
            raise CannotPublish(PUBLISHED_LATER, **error.facts) from None
        except sqlite3.Error as error:
            raise CannotPublish(CANNOT_WRITE, file=str(options.cache), why=str(error)) from None
        except OSError as error:
            file = str(error.filename or options.content)
            why = error.strerror or str(error)
            raise CannotPublish(CANNOT_WRITE, file=file, why=why) from None
        self._report(self.build)
        self.build.add(entry_pages)
        self.build.add(platform_pages)
        self.build.add(catalogue_files)
        self.build.add(build_account)
        self.build.add(attachment_list)
        self.build.add(changes_pages)
        self.build.add(log_files)
        self.build.add(old_address_files)
        config.site_name = self.build.check().corpus.site.name or config.site_name
        return config

    def _take_lock(self) -> None:
        """Hold the site's lock from the first folder touched to the last."""
        self._locks.close()  # under serve, a build may have died half-way
        self._holds_lock = False
        try:
            self._locks.enter_context(locked(self._target.parent / f".{self._target.name}.lock"))
            self._holds_lock = True
        except AnotherBuild as error:
            raise CannotPublish(ANOTHER_BUILD, file=str(error)) from None
        except OSError as error:
            file, why = str(error.filename or self._target), error.strerror or str(error)
            raise CannotPublish(CANNOT_WRITE, file=file, why=why) from None

    def _inputs(self, config: MkDocsConfig) -> list[Path]:
        """Return what shapes the site beside content/."""
        own = [config.docs_dir, config.theme.custom_dir, config.config_file_path]
        return [Path(place) for place in own if place]

    def _standing(self, config: MkDocsConfig) -> list[Problem] | None:
        """Return the problems of the standing release where nothing has changed since.

        Under ``serve``, and beside plugins or hooks whose inputs are not known, everything is
        drawn anew.
        """
        assert self.build is not None
        others = [name for name in config.plugins if not name.startswith("gongkai/")]
        text = Path(config.config_file_path).read_text("utf-8") if config.config_file_path else ""
        reports = config.plugins.get("gongkai/reports")
        audit = reports.config.get("audit_dir") if reports is not None else ""
        if audit and not (Path(config.config_file_path or ".").parent / audit).is_dir():
            return None  # the board is to be written anew
        is_plain = not re.search(r"^INHERIT:|!ENV", text, re.MULTILINE)
        if self._is_serving or others or config.hooks or not is_plain:
            return None
        self.build.options.mode = "strict" if config.strict else ""
        if self.publication is not None:
            self.build.options.mode += " publish"
        if reports is not None and "pdf" in reports.config.outputs:
            # fonts that came or went since change what is made
            self.build.options.mode += f" {no_pdf(reports.config.font_digests)}"
        return self.build.standing_release(self._target, self._inputs(config))

    def _draw_nothing(self, config: MkDocsConfig) -> MkDocsConfig:
        """Let MkDocs run through with no page to draw; the standing release stays."""
        self._is_standing = True
        self._tell()
        config.nav = None
        config.theme.static_templates.clear()
        return config

    def _tell(self) -> None:
        for problem in self.problems or ():
            log.log(_LEVELS[problem.severity], "%s", problem.line())

    def _report(self, build: Build) -> None:
        self._tell()
        try:
            build.check()
        except RejectedContent as rejected:
            raise Abort(f"内容有 {rejected} 处错误，未生成网站；请按上面的提示改正") from None

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        if self._is_standing:
            return Files([])
        for file in list(files):
            if (
                file.src_uri == "sitemap.xml"
                or file.src_uri.startswith(("words/", "print/"))
                or file.src_uri.startswith(_UNUSED)
                or file.src_uri.endswith(".map")
            ):
                files.remove(file)
        pressed = PressedFiles(list(files))
        pressed.config = config
        pressed.is_pressed = self._is_pressed
        for depth in SHELL_DEPTHS:
            source = "s/" * depth + "gk-shell.md"
            shell = File.generated(
                config,
                source,
                content=f"---\nshell: d{depth}\n---\n",
                inclusion=InclusionLevel.NOT_IN_NAV,
            )
            pressed.append(shell)
        return pressed

    def _is_pressed(self, address: str) -> bool:
        assert self.build is not None
        return has_page(self.build.plan(), address)

    def on_env(
        self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        assert self.build is not None
        if self._is_standing:
            return env
        env.autoescape = lambda name: name is not None and name.startswith(_OWN)
        env.globals["t"] = self.build.plan().templates.words
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        assert self.build is not None
        context.update(self._common())  # type: ignore[typeddict-item]
        name = page.meta.get("view")
        if name is not None:
            view = PROSE_VIEWS[str(name)](self.build.plan())
            context["view"] = view  # type: ignore[typeddict-unknown-key]
        page.toc = TableOfContents([AnchorLink("", "main", 1)])  # the skip link reads it
        return context

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        context.update(self._common())  # type: ignore[typeddict-item]
        return context

    def _common(self) -> dict[str, Any]:
        assert self.build is not None
        plan = self.build.plan()
        return {
            "site": plan.judged.corpus.site,
            "footer": plan.frame.footer,
            "nav_links": plan.frame.navigation,
            "slot": MARKS,
        }

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        shell = page.meta.get("shell")
        if shell is None or self.build is None:
            return output
        self.build.take_shell(int(str(shell)[1:]), output)
        return ""  # MkDocs writes no file for it

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        self._is_ready = True
        if self._is_serving:
            self._publish()
            self._locks.close()

    def on_build_error(self, *, error: Exception) -> None:
        self._failed = True

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        assert self.build is not None
        server.root = str(self._target)
        server.watch(str(self.build.options.content))
        server.watch(str(self.build.options.theme))
        return server

    def on_shutdown(self) -> None:
        try:
            if self._is_ready and not self._failed and not self._is_serving:
                self._publish()
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Drop what was drawn and close the cache; what is published stays."""
        self._is_ready = False
        if self.build is not None:
            self.build.cache.close()
        if self._holds_lock:
            remove(self._drawn)
        self._holds_lock = False
        self._locks.close()

    def _publish(self) -> None:
        assert self.build is not None
        if self._is_standing:
            self.outcome = Outcome()
            log.info("没有变化，原网站不动")
            return
        try:
            self.outcome = self.build.publish(self._target, self._drawn_artifacts())
        except TwoSources as error:
            raise Abort(
                f"地址 {error} 有两个来源：site_src/ 里的文件占用了程序生成的地址，请改名"
            ) from None
        except NotVerified:
            count = len(self.publication.findings) if self.publication else 0
            raise CannotPublish(NOT_VERIFIED, count=count) from None
        except LogRewritten:
            raise CannotPublish(LOG_REWRITTEN) from None
        except SigningFailed as error:
            raise CannotPublish(NOT_SIGNED, why=str(error)) from None
        except sqlite3.Error as error:
            cache = str(self.build.options.cache)
            raise CannotPublish(CANNOT_WRITE, file=cache, why=str(error)) from None
        except OSError as error:
            file = str(error.filename or self._target)
            raise CannotPublish(CANNOT_WRITE, file=file, why=error.strerror or str(error)) from None
        shutil.rmtree(self._drawn, ignore_errors=True)
        if not self._is_serving:
            self.build.remember_release(self._target, self._extra)
        done = self.outcome
        log.info(
            "共 %d 个文件，写入 %d 个，撤去 %d 个",
            done.artifacts,
            len(done.written),
            len(done.removed),
        )

    def _drawn_artifacts(self) -> list[Artifact]:
        """Return prose pages and theme files as MkDocs drew them."""
        artifacts = []
        for path in sorted(self._drawn.rglob("*")):
            address = path.relative_to(self._drawn).as_posix()
            if path.is_file() and is_served(address):
                data = served(address, path.read_bytes())
                artifacts.append(Artifact(address, digest_of_bytes(data), partial(bytes, data)))
        return artifacts

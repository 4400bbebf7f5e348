"""A size and a seed into a generated site: sources, built pages, Pagefind's index beside."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from bench.bench import freeze, say
from bench.corpus import ROOT
from bench.measure import Cost, run
from bench.search import pagefind, samples
from bench.search.corpus import Document, SearchCorpus, load, save
from bench.search.engines import ENGINES, OWN, Engine
from bench.search.server import Site
from gongkai.press.search.script import FOLDER, PARTS, lunr_script

TOOLS = ROOT / "build" / "bench-tools"
ASSETS = ROOT / "theme" / "assets"
_OUTPUTS = re.compile(r"outputs: \[.*\]")
_SEARCH = re.compile(r"^ *- gongkai/search\b.*\n", re.MULTILINE)


@dataclass
class Project:
    """A work folder; everything in it is made when first asked for, and kept."""

    given: argparse.Namespace
    work: Path

    @property
    def folder(self) -> Path:
        """The project that is built."""
        return self.work / "project"

    @property
    def site(self) -> Path:
        """The built site."""
        return self.given.site or self.folder / "build" / "site"

    @property
    def beside(self) -> Path:
        """Where Pagefind's index stands, apart from the site."""
        return self.work / "beside"

    @property
    def _sources(self) -> Path:
        """The folder of what is known of the corpus."""
        if self.given.site:
            return Path(self.given.documents).parent
        self.write()
        return self.work

    def documents(self) -> list[Document]:
        """Return what is known of the corpus."""
        return load(self._sources / "documents.jsonl")

    def sample_queries(self) -> list[samples.SampleQuery]:
        """Return the judged queries for the collected texts, if these were there."""
        return samples.load(self._sources / "samples.json")

    def write(self) -> None:
        """Write the sources, once for a size and a seed."""
        facts = {"entries": self.given.entries, "seed": self.given.seed}
        mark = self.work / "corpus.json"
        if mark.is_file() and json.loads(mark.read_text("utf-8")) == facts:
            return
        say(f"writing {facts['entries']:,} entries with seed {facts['seed']}")
        for name in ("project", "frozen", "beside"):
            shutil.rmtree(self.work / name, ignore_errors=True)
        frozen = freeze(self.work)
        for name in ("theme", "site_src"):
            shutil.copytree(frozen / name, self.folder / name)
        write_corpus(self.given.entries, self.given.seed, self.folder / "content", self.work)
        mark.write_text(json.dumps(facts), "utf-8")

    def _set(self, *, with_search: bool) -> None:
        """Write the repository's settings, less the files that yearly reports are printed to."""
        text = (self.work / "frozen" / "mkdocs.yml").read_text("utf-8")
        text = _OUTPUTS.sub("outputs: []", text)
        (self.folder / "mkdocs.yml").write_text(text if with_search else _SEARCH.sub("", text))

    def build(self, *, with_search: bool = True) -> Cost:
        """Build the site cold and return what that took."""
        self.write()
        self._set(with_search=with_search)
        shutil.rmtree(self.folder / "build", ignore_errors=True)
        env = {**os.environ, "PYTHONPATH": str(self.work / "frozen" / "plugins")}
        say(f"building {'with' if with_search else 'without'} search")
        return run([sys.executable, "-m", "gongkai.cli", "build"], self.folder, env)

    def built(self) -> None:
        """Build the site where it does not stand yet."""
        if not self.given.site:
            self.write()
            if not (self.site / "search" / "manifest.json").is_file():
                self.build()

    @cached_property
    def pagefind(self) -> Path | None:
        """Pagefind's program, or ``None`` where it is not wanted or cannot be had."""
        if self.given.skip_pagefind:
            return None
        program = pagefind.install(TOOLS)
        if program is None:
            say("Pagefind is not to be had here (it needs npm and Linux): its column stays empty.")
        return program

    def index_with_pagefind(self) -> Cost:
        """Let Pagefind index the built pages; return what that took."""
        assert self.pagefind
        say("indexing with Pagefind")
        return pagefind.index(self.pagefind, self.site, self.beside / "pagefind")

    def engines(self) -> list[Engine]:
        """Return the engines, their indexes standing."""
        self.built()
        if self.pagefind is None:
            return [OWN]
        if not (self.beside / "pagefind" / "pagefind.js").is_file():
            self.index_with_pagefind()
        return list(ENGINES)

    def pages(self) -> int:
        """Return how many pages can be found: entries and yearly reports."""
        return len(self.documents()) + len({key for q in self.sample_queries() for key in q.list})

    def files(self, engine: Engine) -> list[Path]:
        """Return the files of an engine's index."""
        if engine is not OWN:
            return pagefind.files(self.beside / "pagefind")
        found = (self.site / "search").rglob("*")
        return [path for path in found if path.is_file() and path.suffix != ".html"]

    def serve(self) -> Site:
        """Return the site to serve, with Pagefind's index and a page for each engine beside it."""
        self.beside.mkdir(parents=True, exist_ok=True)
        pages = {engine.path: engine.page for engine in ENGINES}
        parts = [ASSETS / FOLDER / name for name in PARTS]
        if self.given.engine is not None:
            files = [self.given.engine] if self.given.engine.is_file() else parts
            texts = [path.read_text("utf-8") for path in files]
            pages[f"/{OWN.folder}/engine.js"] = ";\n".join([lunr_script(), *texts])
        return Site(self.site, pages, self.beside)


def write_corpus(entries: int, seed: int, content: Path, beside: Path) -> None:
    """Write a content folder with the collected texts hidden in it, and what is known beside."""
    corpus = SearchCorpus(entries, seed)
    corpus.fill(os.cpu_count() or 1)
    corpus.write(content)
    save(corpus.documents(), beside / "documents.jsonl")
    hidden = [asdict(query) for query in samples.hide(content)]
    path = beside / "samples.json"
    path.write_text(json.dumps(hidden, ensure_ascii=False, indent=1), "utf-8")

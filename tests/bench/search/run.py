"""A generated site into a table of how its search does, beside Pagefind and beside the goals.

    python tests/bench/search/run.py [--entries 10000] [--seed 1] [--queries-seed 1]
        [--only quality,bytes,…] [--skip-pagefind] [--keep FOLDER] [--json FILE] [--failures]
        [--site FOLDER --documents FILE] [--engine [FILE]]

Without ``--site`` the site is generated and built, in ``--keep`` once for all runs. With it a site
that stands is asked, which takes seconds: ``--only quality --failures`` is for tuning.

| part | what it measures |
|---|---|
| quality | success@3 and nDCG@10 of every kind of query, as ``judge.py`` defines them |
| samples | the collected real texts, hidden among the generated ones |
| bytes | first use, and what a fresh visitor's query with ten cards sends for |
| warm | a query all of whose files are at hand, the page's processor four times slower |
| slow | fresh visits over 1.6 Mbit/s and 150 ms, four times slower, to ten cards |
| size | files and bytes of the index |
| build | a cold build with and without the search plugin, and Pagefind on the same pages |

Engines run on the page and not in a worker, because Chromium does not slow workers down. The exit
status is 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

if not __package__:  # run as a script: let the folder above be the package ``bench``
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from playwright.sync_api import Browser

from bench.bench import say
from bench.measure import CommandFailed, Cost
from bench.search import browser as driver
from bench.search.engines import OWN, PAGEFIND, Engine
from bench.search.judge import Query, Verdict, ndcg, success, verdicts
from bench.search.lexicon import NoWordList
from bench.search.project import Project
from bench.search.queries import Queries
from bench.search.samples import SampleQuery
from bench.search.server import Sent, Site, served

PARTS = ("quality", "samples", "bytes", "warm", "slow", "size", "build")
NUMBERS = ("document number", "index number")
WARM_QUERIES, SLOW_VISITS = 80, 40
KIB, GIB = 1024, 1024**3
RESULTS = "/search/index.html"
CARDS = "document.querySelector('.gk-result')"  # all ten are shown at once
LARGE = 50_000  # entries from which the goals for 100,000 hold
_OWN_SCRIPT = re.compile(r'<script[^>]* src="([^"]*/(?:find|search)[^"/]*\.js)"')

Figures = dict[str, dict[str, float]]  # name → engine → figure


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the table: a figure, and what it must be at most or at least."""

    name: str
    label: str
    limit: float | None = None
    large: float | None = None
    is_least: bool = False
    digits: int = 1

    def told(self, entries: int) -> str:
        """Return the goal in words."""
        limit = self.limit_at(entries)
        return "" if limit is None else f"{'≥' if self.is_least else '≤'} {limit:.3g}"

    def limit_at(self, entries: int) -> float | None:
        """Return the limit for a size."""
        return self.large if entries >= LARGE and self.large is not None else self.limit

    def is_met(self, figure: float, entries: int) -> bool | None:
        """Tell whether a figure meets the goal; ``None`` where there is none."""
        limit = self.limit_at(entries)
        if limit is None:
            return None
        figure = round(figure, self.digits)
        return figure >= limit if self.is_least else figure <= limit


GOALS = (
    Goal("success", "success@3", 0.95, 0.93, is_least=True, digits=3),
    Goal("ndcg", "nDCG@10", 0.92, 0.88, is_least=True, digits=3),
    Goal("numbers", "文号 and 索引号 in every form, success@3", 1.0, is_least=True, digits=3),
    Goal("samples", "real texts: queries that hold, share", digits=3),
    Goal("first", "first use with our scripts, KB gzip", 35, 60),
    Goal("cold p50", "cold query with 10 cards p50, KB", 40, 60),
    Goal("cold p95", "cold query with 10 cards p95, KB", 90, 180),
    Goal("requests p50", "requests of a cold query p50", digits=0),
    Goal("requests p95", "requests of a cold query p95 (stretch 13)", 20, digits=0),
    Goal("warm p50", "warm query, 4 × CPU, p50, ms", digits=0),
    Goal("warm p95", "warm query, 4 × CPU, p95, ms", 200, digits=0),
    Goal("slow p50", "slow link to ten cards, bare page, p50, s", digits=2),
    Goal("slow p95", "slow link to ten cards, bare page, p95, s", 2.0, digits=2),
    Goal("visit p50", "slow link to ten cards, results page, p50, s", digits=2),
    Goal("visit p95", "slow link to ten cards, results page, p95, s", 2.0, digits=2),
    Goal("size", "index, KB an entry", 1.3, digits=2),
    Goal("files", "index, files an entry", 0.4, digits=2),
    Goal("build wall", "building the index, s", digits=1),
    Goal("build cpu", "building the index, CPU s", digits=1),
    Goal("build share", "building the index, share of Pagefind's time", 1 / 3, digits=3),
    Goal("build cpu share", "building the index, share of Pagefind's CPU", digits=3),
    Goal("build peak", "peak memory of the whole build, GiB", 0.7, 3, digits=2),
)


@dataclass(slots=True)
class Run:
    """One run: what was asked, and every figure found."""

    project: Project
    queries: list[Query]
    samples: list[SampleQuery]
    figures: Figures = field(default_factory=dict)
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    found: dict[str, list[list[str]]] = field(default_factory=dict)
    misses: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What is typed."""
        return [query.text for query in self.queries]

    def some(self, count: int) -> list[str]:
        """Return so many of them, always the same."""
        return Random(0).sample(self.texts, min(count, len(self.texts)))

    def note(self, name: str, engine: Engine, figure: float) -> None:
        """Keep a figure."""
        self.figures.setdefault(name, {})[engine.name] = figure

    def spread(self, name: str, engine: Engine, values: Sequence[float]) -> None:
        """Keep the median and the 95th percentile of figures."""
        self.note(f"{name} p50", engine, percentile(values, 50))
        self.note(f"{name} p95", engine, percentile(values, 95))


def percentile(values: Sequence[float], share: int) -> float:
    """Return the smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


# ---- parts


def quality(run: Run, chromium: Browser, site: Site, engine: Engine) -> None:
    """Judge every query."""
    found = _ranked(run, chromium, site, engine, run.texts)
    judged = verdicts(run.queries, found)
    run.found[engine.name], run.verdicts[engine.name] = found, judged
    run.note("success", engine, judged[-1].success)
    run.note("ndcg", engine, judged[-1].ndcg)
    pairs = zip(run.queries, found, strict=True)
    exact = [success(keys, query.grades) for query, keys in pairs if query.kind in NUMBERS]
    run.note("numbers", engine, statistics.fmean(exact))


def _ranked(
    run: Run, chromium: Browser, site: Site, engine: Engine, texts: Sequence[str]
) -> list[list[str]]:
    """Return what every query finds; one that fails finds nothing, and is told."""
    answers = driver.ranked(chromium, site, engine, texts)
    errors = Counter(answer["error"] for answer in answers if "error" in answer)
    run.notes += [f"{engine.name} failed on {n} queries: {why}" for why, n in errors.items()]
    return [answer["keys"] for answer in answers]


def real_texts(run: Run, chromium: Browser, site: Site, engine: Engine) -> None:
    """Judge the queries for the collected texts."""
    if not run.samples:
        return
    found = _ranked(run, chromium, site, engine, [query.text for query in run.samples])
    held = [query.holds(keys) for query, keys in zip(run.samples, found, strict=True)]
    run.note("samples", engine, statistics.fmean(held))
    run.misses[engine.name] = [
        query.id for query, holds in zip(run.samples, held, strict=True) if not holds
    ]


def sent(run: Run, chromium: Browser, site: Site, engine: Engine) -> None:
    """Count what is sent for."""
    first = driver.first_use(chromium, site, engine)
    if engine is OWN:
        first += [Sent(path, site.gzip_size(path)) for path in own_scripts(site)]
    run.note("first", engine, sum(one.size for one in first) / KIB)
    parts = ", ".join(f"{one.path} {one.size / KIB:.1f}" for one in first)
    run.notes.append(f"{engine.name}, first use in KB: {parts}")
    cold = driver.cold(chromium, site, engine, run.texts)
    run.spread("cold", engine, [one.size / KIB for one in cold])
    run.spread("requests", engine, [one.requests for one in cold])


def own_scripts(site: Site) -> list[str]:
    """Return the paths of the scripts around the engine that the results page names."""
    page = site.folder / RESULTS.lstrip("/")
    found = _OWN_SCRIPT.findall(page.read_text("utf-8")) if page.is_file() else []
    return ["/" + path.lstrip("./") for path in dict.fromkeys(found)]


def warm(run: Run, chromium: Browser, site: Site, engine: Engine) -> None:
    """Time queries whose files are at hand."""
    took = driver.warm(chromium, site, engine, run.some(WARM_QUERIES))
    run.spread("warm", engine, took.times)
    run.notes.append(f"{engine.name}, warm: the page ran {took.slowed:.1f} times slower")


def slow(run: Run, chromium: Browser, site: Site, engine: Engine) -> None:
    """Time fresh visits over a slow link."""
    texts = run.some(SLOW_VISITS)
    # a query that finds less than ten is done when all it finds is shown
    took = driver.slow_visits(chromium, site, engine.path, texts, "window.done")
    run.spread("slow", engine, [ms / 1000 for ms in took])
    if engine is OWN and own_scripts(site):
        many = [query.text for query in run.queries if query.kind in ("topic", "question")]
        took = driver.slow_visits(chromium, site, RESULTS, many, CARDS)
        run.spread("visit", engine, [ms / 1000 for ms in took])


def size(run: Run, chromium: Browser, site: Site, engine: Engine) -> None:
    """Weigh the index."""
    files = run.project.files(engine)
    count = run.project.pages()
    run.note("size", engine, sum(path.stat().st_size for path in files) / KIB / count)
    run.note("files", engine, len(files) / count)


IN_BROWSER: dict[str, Callable[[Run, Browser, Site, Engine], None]] = {
    "quality": quality,
    "samples": real_texts,
    "bytes": sent,
    "warm": warm,
    "slow": slow,
    "size": size,
}


def build(run: Run, repeat: int) -> None:
    """Build with and without the plugin, and let Pagefind index the same pages."""
    project = run.project
    plain, full, other = [], [], []
    for _ in range(repeat):
        plain.append(project.build(with_search=False))
        full.append(project.build())
        if project.pagefind:
            other.append(project.index_with_pagefind())
    wall = _median(full, "wall") - _median(plain, "wall")
    cpu = _median(full, "cpu") - _median(plain, "cpu")
    run.note("build wall", OWN, wall)
    run.note("build cpu", OWN, cpu)
    run.note("build peak", OWN, _median(full, "peak") / GIB)
    whole = f"{_median(full, 'wall'):.1f} s, CPU {_median(full, 'cpu'):.1f} s"
    run.notes.append(f"the whole build with search: {whole}; figures are medians of {repeat}")
    if other:
        run.note("build wall", PAGEFIND, _median(other, "wall"))
        run.note("build cpu", PAGEFIND, _median(other, "cpu"))
        run.note("build peak", PAGEFIND, _median(other, "peak") / GIB)
        run.note("build share", OWN, wall / _median(other, "wall"))
        run.note("build cpu share", OWN, cpu / _median(other, "cpu"))


def _median(costs: Sequence[Cost], name: str) -> float:
    return statistics.median(getattr(cost, name) or 0 for cost in costs)


# ---- what is printed


def table(run: Run, entries: int) -> Iterator[str]:
    """Yield the lines of a Markdown table of all figures and goals."""
    yield "| | goal | Gongkai | met | Pagefind |"
    yield "|---|---:|---:|---|---:|"
    for goal in GOALS:
        figures = run.figures.get(goal.name, {})
        own, other = figures.get(OWN.name), figures.get(PAGEFIND.name)
        if own is None and other is None:
            continue
        met = None if own is None else goal.is_met(own, entries)
        word = {None: "", True: "yes", False: "**no**"}[met]
        cells = (goal.label, goal.told(entries), _told(own, goal), word, _told(other, goal))
        yield f"| {' | '.join(cells)} |"


def _told(figure: float | None, goal: Goal) -> str:
    return "–" if figure is None else f"{figure:.{goal.digits}f}"


def kinds(run: Run) -> Iterator[str]:
    """Yield the lines of a Markdown table of quality by kind."""
    names = list(run.verdicts)
    yield f"| kind | queries | {' | '.join(f'{n} success@3 | nDCG@10' for n in names)} |"
    yield "|---|---:|" + "---:|---:|" * len(names)
    for row in zip(*run.verdicts.values(), strict=True):
        cells = " | ".join(f"{one.success:.3f} | {one.ndcg:.3f}" for one in row)
        yield f"| {row[0].kind} | {row[0].queries} | {cells} |"


def failures(run: Run, engine: str) -> Iterator[str]:
    """Yield what went wrong with each query that is not perfect."""
    titles = {one.key: one.title for one in run.project.documents()}
    for query, found in zip(run.queries, run.found[engine], strict=True):
        held, gain = success(found, query.grades), ndcg(found, query.grades)
        if held and gain > 0.8:
            continue
        mark = "     " if held else "MISS "
        best = max(query.grades, key=lambda key: query.grades[key])
        yield f"{mark}{gain:.2f} {query.kind}: {query.text}  [{query.form}]"
        yield f"       wanted {query.grades[best]} {titles[best]} {best}"
        for key in found[:5]:
            yield f"       got {query.grades.get(key, 0)} {titles.get(key, '')} {key}"


def as_json(run: Run, given: argparse.Namespace) -> dict[str, Any]:
    """Return everything, for later comparison."""
    goals = {
        goal.name: goal.is_met(run.figures[goal.name][OWN.name], given.entries)
        for goal in GOALS
        if OWN.name in run.figures.get(goal.name, {})
    }
    judged = {name: [asdict(one) for one in found] for name, found in run.verdicts.items()}
    asked = {"entries": given.entries, "seed": given.seed, "queries_seed": given.queries_seed}
    return {
        "version": 1,
        **asked,
        "figures": run.figures,
        "goals": goals,
        "kinds": judged,
        "samples_missed": run.misses,
        "notes": run.notes,
    }


# ---- the command


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description="Measure search beside Pagefind's.")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries-seed", type=int, default=1)
    parser.add_argument("--only", help=f"parts with commas between: {', '.join(PARTS)}")
    parser.add_argument("--skip-pagefind", action="store_true")
    parser.add_argument("--keep", type=Path, help="generate and build in this folder, and keep it")
    parser.add_argument("--site", type=Path, help="ask this built site instead")
    parser.add_argument(
        "--engine", type=Path, nargs="?", const=Path(),
        help="answer with this script after lunr.js, by default with those in theme/",
    )  # fmt: skip
    parser.add_argument("--documents", type=Path, help="documents.jsonl of the site given")
    parser.add_argument("--repeat", type=int, default=1, help="builds of each kind")
    parser.add_argument("--json", type=Path, help="write every figure here")
    parser.add_argument("--failures", action="store_true", help="show queries that found little")
    given = parser.parse_args()
    parts = given.only.split(",") if given.only else list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if given.site and (not given.documents or ("build" in parts and given.only)):
        parser.error("--site needs --documents, and is not built")
    if given.site:
        parts = [part for part in parts if part != "build"]
    work = given.keep or Path(tempfile.mkdtemp(prefix="gongkai-search-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        return measured(given, parts, work.resolve())
    except (CommandFailed, NoWordList) as error:
        say(str(error))
        return 1
    finally:
        if not given.keep:
            shutil.rmtree(work, ignore_errors=True)


def measured(given: argparse.Namespace, parts: list[str], work: Path) -> int:
    """Do what the command line asks for and return the exit status."""
    project = Project(given, work)
    queries = Queries(project.documents(), given.queries_seed).all()
    run = Run(project, queries, project.sample_queries())
    if "build" in parts:
        build(run, given.repeat)
    asked = [part for part in parts if part in IN_BROWSER]
    if asked:
        engines = project.engines()
        with driver.chromium() as chromium, served(project.serve()) as site:
            run.notes.append(f"Chromium {chromium.version}")
            for part in asked:
                for engine in engines:
                    say(f"{part}: {engine.name}")
                    IN_BROWSER[part](run, chromium, site, engine)
    print(f"{given.entries:,} entries, seed {given.seed}, {len(queries)} queries", end="\n\n")
    print(*table(run, given.entries), sep="\n", end="\n\n")
    if run.verdicts:
        print(*kinds(run), sep="\n", end="\n\n")
    for name, missed in run.misses.items():
        print(f"- {name}, real texts not found: {', '.join(missed) or 'none'}")
    print(*(f"- {note}" for note in run.notes), sep="\n")
    if given.failures and run.found:
        print("\n" + "\n".join(failures(run, OWN.name)))
    result = as_json(run, given)
    if given.json:
        given.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    return 0 if False not in result["goals"].values() else 1


if __name__ == "__main__":
    sys.exit(main())

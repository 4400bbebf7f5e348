"""The tree of content/ into sorted regular files, and problems with what else is there."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

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
)
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\\]|^[ ~]|[ .]$")
_RESERVED = re.compile(
    r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?"
)  # names Windows cannot hold
_LITTER = re.compile(r"(?i)\.ds_store|thumbs\.db|desktop\.ini|~\$.*|~.*\.tmp|.*\.(bak|tmp|swp)|.*~")


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
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
        for entry in ordered:
            # a name that is no text is spelled out, or nothing could print it
            path = prefix + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
            place = Place(path)
            if other := folded.get(name := _folded(entry.name)):
                problems.append(Problem(p.NAME_CLASH, place, {"other": other}))
            folded[name] = entry.name
            is_litter = _LITTER.fullmatch(entry.name) is not None
            if not is_litter and (slip := _bad_name(entry.name)):
                problems.append(Problem(p.BAD_FILE_NAME, place, {"name": entry.name, **slip}))
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


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _bad_name(name: str) -> dict[str, str] | None:
    if _BAD_NAME.search(name) or any(
        unicodedata.category(c) in ("Cf", "Cc", "Co", "Cs") for c in name
    ):
        return {
            "remedy": "请改用文字、数字、连字符和下划线",
            "remedy_en": "use letters, digits, - and _",
        }
    if _RESERVED.fullmatch(name):
        return {
            "remedy": "这是 Windows 的保留名，请改名",
            "remedy_en": "Windows reserves it; rename it",
        }
    if unicodedata.normalize("NFC", name) != name:
        return {
            "remedy": "请用常规（NFC）字形重新输入文件名",
            "remedy_en": "type the name again in NFC form",
        }
    return None


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

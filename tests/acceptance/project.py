"""Temporary projects: made from the repository's theme and pages, built by the real command.

The tests of ``site/``, ``browser/`` and ``acceptance/`` share this module. Nothing here imports
gongkai, except for the synthetic registers of the office: what is tested is the command and the
files it leaves.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
GONGKAI = (sys.executable, "-m", "gongkai.cli.__main__")
AS_OF = "2026-11-20 09:00"
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)


@dataclass(frozen=True)
class Result:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


class Project:
    """One project folder with its content, theme and built site."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        self.site = root / "build" / "site"
        self.cache = root / "build" / "cache" / "gongkai.sqlite"

    def start(
        self, *arguments: str, env: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start the command without waiting for it."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(
            [*GONGKAI, *arguments],
            cwd=self.root,
            env={**os.environ, **_QUIET, **(env or {})},
            **options,
        )

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
        """Run the command to its end; a traceback is never acceptable."""
        return ended(self.start(*arguments, env=env))

    def build(self, *arguments: str, expect: int = 0) -> Result:
        """Build the site."""
        result = self.run("build", *arguments)
        assert result.code == expect, result.said
        return result

    def problems(self) -> list[dict[str, Any]]:
        """Return what ``check`` says of the content."""
        result = self.run("check", "--format", "json")
        return json.loads(result.out)["problems"]

    def codes(self, severity: str | None = None) -> list[str]:
        """Return the codes that ``check`` reports."""
        found = self.problems()
        return [p["code"] for p in found if severity is None or p["severity"] == severity]

    def write(self, path: str, text: str | bytes) -> Path:
        """Write one file below content/."""
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file of the project."""
        file = self.root / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, (path, old, text.count(old))
        file.write_text(text.replace(old, new), "utf-8")

    def tree(self) -> dict[str, bytes]:
        """Return every file of the built site."""
        return tree(self.site)

    def text(self, address: str) -> str:
        """Return one file of the built site."""
        return (self.site / address).read_text("utf-8")

    def page(self, address: str) -> Page:
        """Return one page of the built site."""
        return read_page(self.text(address))

    def data(self, name: str) -> Any:
        """Return one JSON file under data/."""
        return json.loads(self.text(f"data/{name}.json"))

    def states(self) -> dict[str, str]:
        """Return the state of every file of content/ by its name.

        The account does not name what is not public: such files stand in it as ``folder/#n``,
        in the order of the names that it leaves out of the folder.
        """
        account: dict[str, str] = self.data("build")["files"]
        files = {
            path.relative_to(self.content).as_posix()
            for path in self.content.rglob("*")
            if path.is_symlink() or not path.is_dir()
        }
        names = dict(account)
        for folder in {key.rpartition("/#")[0] for key in account if "/#" in key}:
            left = sorted(f for f in files - account.keys() if f.rpartition("/")[0] == folder)
            for n, path in enumerate(left, 1):
                names[path] = names.pop(f"{folder}/#{n}")
        return names

    def copy_to(self, root: Path, *, with_build: bool = False) -> Project:
        """Return a copy of this project."""
        skip = None if with_build else shutil.ignore_patterns("build")
        shutil.copytree(self.root, root, ignore=skip)
        return Project(root)


def ended(process: subprocess.Popen[bytes]) -> Result:
    """Wait for a started command."""
    out, err = process.communicate(timeout=300)
    result = Result(
        process.returncode, (out or b"").decode("utf-8"), (err or b"").decode("utf-8", "replace")
    )
    assert "Traceback" not in result.said, result.said
    return result


def tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_same(left: Mapping[str, bytes], right: Mapping[str, bytes], said: object = "") -> None:
    """Say which files differ between two trees, rather than print them."""
    differ = sorted(
        address for address in left.keys() | right.keys() if left.get(address) != right.get(address)
    )
    shown = [
        (a, "only right" if a not in left else "only left" if a not in right else "bytes")
        for a in differ[:12]
    ]
    assert not differ, (said, len(differ), shown)


def where_to(address: str, link: str) -> str:
    """Return the site address that a relative link on a page leads to."""
    return posixpath.normpath(f"{posixpath.dirname(address)}/{link}").lstrip("/")


# the list itself, and what vouches for the list
UNLISTED = ("data/manifest.tsv", "log/checkpoint", "log/checkpoint.sig")


def is_whole(site: Path) -> bool:
    """Tell whether a published folder holds exactly what its manifest lists."""
    listed = {}
    for line in (site / "data" / "manifest.tsv").read_text("utf-8").splitlines():
        digest, size, address = line.split("\t", 2)
        listed[address] = (digest, int(size))
    found = {
        address: (hashlib.blake2b(data, digest_size=16).hexdigest(), len(data))
        for address, data in tree(site).items()
        if address not in UNLISTED
    }
    return listed == found


def new_project(root: Path) -> Project:
    """Return a project with the repository's theme and fixed pages and no content yet."""
    root.mkdir(parents=True)
    # PDFs take most of a cold build; the offices of built_offices() have them
    options = (ROOT / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(options.replace("[docx, pdf, xlsx", "[docx, xlsx"), "utf-8")
    for folder in ("theme", "site_src"):
        shutil.copytree(ROOT / folder, root / folder)
    return Project(root)


def demonstration(root: Path) -> Project:
    """Return a copy of the demonstration."""
    project = new_project(root)
    shutil.copytree(ROOT / "content", project.content)
    return project


def of_the_run(base: Path) -> Path:
    """Return the folder that all processes of one test run share."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Make a folder that the processes of a test run share; who comes later waits and finds it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.with_name(f".{folder.name}.made")
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what was begun and not finished
            make(folder)
            made.touch()
    return folder


def _build_demonstration(root: Path) -> None:
    result = demonstration(root).run("build", "--strict")
    assert result.code == 0, result.said


@cache
def built_demonstration(base: Path) -> Project:
    """Return the demonstration, built strictly once a test run; tests must not change it."""
    return Project(once(of_the_run(base) / "demonstration", _build_demonstration))


REVIEW = "{checked_on: 2026-01-05, reviewer: 办公室主任, result: 可以公开}"


def entry(number: str, title: str, body: str = "", **fields: str) -> str:
    """Return an entry's file; its fields may be replaced, and one set to "" is left out."""
    year = number.partition("/")[2][:4]
    facts = {
        "title": title,
        "index_number": number,
        "issued_on": f"{year}-01-05",
        "published_on": f"{year}-01-06 09:30",
        "column": "notices",
        "subject": "T02",
        "review": REVIEW,
        **fields,
    }
    head = "".join(f"{key}: {value}\n" for key, value in facts.items() if value)
    text = body or f"现将{title}的有关事项公布如下，请按照要求办理，咨询电话0000-0000021。"
    return f"---\n{head}---\n{text}\n"


def agency(name: str, code: str, level: str = "department", **fields: str) -> str:
    """Return an ``agency.yml``."""
    facts = {"name": name, "level": level, "codes": f"[{code}]", **fields}
    return "".join(f"{key}: {value}\n" for key, value in facts.items() if value) + (
        "contact:\n"
        f"  office: {name}办公室\n"
        "  address: 青禾县政通路1号\n"
        "  hours: 工作日 8:30—17:30\n"
        "  telephone: 0000-0000021\n"
    )


def guide(name: str, **fields: str) -> str:
    """Return a ``guide.md`` with the nine items."""
    facts = {
        "title": f"{name}政府信息公开指南",
        "published_on": "2026-01-12 09:00",
        "classification": "规范性文件、机构职能和办事服务三类。",
        "arrangement": "按机关、年份和流水号编排。",
        "access": "通过网站检索，或者到查阅点查阅。",
        "office_name": name,
        "office_address": "青禾县政通路1号",
        "office_hours": "工作日 8:30—17:30",
        "telephone": "0000-0000021",
        "fax": "0000-0000022",
        "internet_contact": "zwgk@qinghe.example",
        "review": REVIEW,
        **fields,
    }
    head = "".join(f"{key}: {value}\n" for key, value in facts.items() if value)
    return f"---\n{head}---\n## 怎样查阅\n\n本指南说明公开哪些信息、到哪里查、怎样申请。\n"


def organisation_code(n: int) -> str:
    """Return an invented 9-character organisation code with its check character (GB 11714)."""
    body = f"QB{n:06}"
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(w * letters.index(c) for w, c in zip(weights, body, strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(rest, str(rest))


PROSE = """## 一、总体情况

{overview}

## 五、存在的主要问题及改进情况

{problems}

## 六、其他需要报告的事项

{other}
"""
_ROWS = """
new carried_in granted partial
denied_state_secret denied_by_law denied_safety denied_third_party denied_internal
denied_deliberative denied_case_file denied_registry
unable_not_held unable_must_create unable_unclear
np_petition np_repeat np_publication np_mass np_reconfirm
other_not_corrected other_fee_unpaid other_other
results_total carried_out
"""
_SIZES: dict[str, dict[str, int]] = {
    "s2_art20_1": {"rules": 3, "normative": 3},
    "s2_art20_5": {"licence": 1},
    "s2_art20_6": {"penalty": 1, "coercion": 1},
    "s2_art20_8": {"fees": 1},
    "s3_requests": dict.fromkeys(_ROWS.split(), 7),
    "s4_review": {"review": 5, "litigation_direct": 5, "litigation_after_review": 5},
}
Tables = dict[str, dict[str, list[Any]]]


def zero_tables(*names: str) -> Tables:
    """Return tables of the form of 2021 in which every figure is 0: all of them, or those named."""
    return {
        table: {row: [0] * size for row, size in rows.items()}
        for table, rows in _SIZES.items()
        if not names or table in names
    }


def prose(
    overview: str = "本机关依照条例开展政府信息公开工作。",
    problems: str = "部分信息公开不够及时，已经明确专人按周核对。",
    other: str = "没有发出信息处理费收费通知，没有其他需要报告的事项。",
) -> str:
    """Return the three parts in prose of a report since 2019."""
    return PROSE.format(overview=overview, problems=problems, other=other)


def report(
    title: str, year: int, body: str = "", *, tables: Tables | None = None, **fields: Any
) -> str:
    """Return a yearly report's file, by default on the form of 2021 and on time.

    A field set to ``None`` is left out; without ``tables`` the site has to count them.
    """
    facts: dict[str, Any] = {
        "title": f"{title}{year}年政府信息公开工作年度报告",
        "form": "2021",
        "published_on": f"{year + 1}-01-20 09:00",
        "review": {"checked_on": f"{year + 1}-01-18", "reviewer": "办公室主任"},
        **fields,
    }
    if tables is not None:
        facts["tables"] = tables
    if facts["review"]:
        facts["review"] = {"result": "可以公开", **facts["review"]}
    kept = {key: value for key, value in facts.items() if value is not None}
    head = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{head}---\n{body or prose()}"


COLUMNS = """presets: [statutory]
columns:
  - {code: documents, name: 其他文件, period: 6m, type: 政策文件, article_20: ["15"], owner: qinghe}
  - {code: interpretations, name: 政策解读, period: 6m, type: 政策解读, article_20: ["15"]}
  - {code: consultations, name: 意见征集, period: 6m, type: 征集调查, article_20: ["15"]}
  - {code: notices, name: 通知公告, period: 6m, article_20: ["15"]}
"""


def ask_reports(project: Project, options: str) -> None:
    """Give the options of ``gongkai/reports`` in mkdocs.yml, in place of those that are there."""
    file = project.root / "mkdocs.yml"
    given = rf"  - gongkai/reports: {options}\n"
    there = r"(?m)^  - gongkai/reports\b.*\n(?: {4,}.*\n)*"
    text, count = re.subn(there, given, file.read_text("utf-8"))
    assert count == 1
    file.write_text(text, "utf-8")


AGENCIES = {
    "qinghe": ("青禾县人民政府办公室", "QH000001X", "county"),
    "mzj": ("青禾县民政局", "QH0000028", "department"),
    "czj": ("青禾县财政局", "QH0000036", "department"),
}


def settings(project: Project, columns: str = COLUMNS) -> None:
    """Write the demonstration's identity and vocabularies with a column tree of their own."""
    shutil.copytree(ROOT / "content" / "vocab", project.content / "vocab", dirs_exist_ok=True)
    project.write("vocab/columns.yml", columns)
    project.write("site.yml", (ROOT / "content" / "site.yml").read_text("utf-8"))


def small_project(root: Path) -> Project:
    """Return three agencies with twelve entries of every state and relation, without problems."""
    project = new_project(root)
    settings(project)
    for code, (name, front, level) in AGENCIES.items():
        parent = "" if level == "county" else "qinghe"
        project.write(f"agencies/{code}/agency.yml", agency(name, front, level, parent=parent))
        project.write(f"agencies/{code}/guide.md", guide(name))
    for path, text in SMALL.items():
        project.write(path, text)
    return project


_MZJ, _CZJ, _QH = (f"agencies/{code}/catalogue/2026" for code in ("mzj", "czj", "qinghe"))
SMALL = {
    f"{_MZJ}/measures.md": entry(
        "QH0000028/2026-00001",
        "青禾县民政局关于印发高龄津贴发放办法的通知",
        "## 发放对象\n\n年满80周岁的本县户籍老年人，见[旧办法](old-measures.md)。",
        document_number="青民发〔2026〕12号",
        column="normative",
        instrument="normative",
        subject="T17",
        effective_on="2026-02-01",
        expires_on="2026-12-31",
        supersedes="[QH0000028/2026-00002]",
        interpreted_by="[QH0000028/2026-00003]",
        attachments="[{file: ../../files/form.txt, title: 高龄津贴申请表}]",
    ),
    "agencies/mzj/files/form.txt": "高龄津贴申请表\n",
    f"{_MZJ}/old-measures.md": entry(
        "QH0000028/2026-00002",
        "青禾县民政局关于印发高龄津贴发放办法（试行）的通知",
        document_number="青民发〔2026〕3号",
        column="normative",
        instrument="normative",
        subject="T17",
        published_on="2026-01-07 08:00",
        repealed_on="2026-02-01",
        repealed_by="QH0000028/2026-00001",
    ),
    f"{_MZJ}/reading.md": entry(
        "QH0000028/2026-00003",
        "《高龄津贴发放办法》政策解读",
        kind="interpretation",
        genre="interpretation",
        column="interpretations",
        subject="T17",
        published_on="2026-01-08 10:00",
        interprets="[QH0000028/2026-00001]",
    ),
    f"{_MZJ}/draft.md": entry(
        "QH0000028/2026-00004", "尚未审查的养老机构名单公示", subject="T17", review=""
    ),
    f"{_MZJ}/later.md": entry(
        "QH0000028/2026-00005",
        "定时发布的冬季取暖救助公告",
        issued_on="2026-11-19",
        published_on="2026-12-01 09:00",
        subject="T17",
    ),
    f"{_CZJ}/on-request.md": entry(
        "QH0000036/2026-00001",
        "公务用车油料定点采购内部流程",
        " ",
        column="documents",
        subject="T04",
        disclosure="on_request",
        disclosure_reason="internal",
        effective_on="2026-01-05",
        expires_on="2026-11-30",
        review="{checked_on: 2026-01-05, reviewer: 办公室主任, result: 依申请公开}",
    ),
    f"{_CZJ}/withheld.md": entry(
        "QH0000036/2026-00002",
        "预算调整方案过程稿的请示",
        " ",
        column="documents",
        subject="T04",
        disclosure="withheld",
        disclosure_reason="deliberative",
        review="{checked_on: 2026-01-05, reviewer: 办公室主任, result: 不予公开}",
    ),
    f"{_CZJ}/fees.md": entry(
        "QH0000036/2026-00003",
        "青禾县行政事业性收费目录清单",
        "| 项目 | 标准 |\n|---|---|\n| 不动产登记 | 80元 |\n| 工本费 | 10元 |",
        column="fees",
        subject="T04",
    ),
    f"{_CZJ}/training.md": entry(
        "QH0000036/2026-00004", "关于举办会计继续教育培训的通知", subject="T04"
    ),
    f"{_QH}/open-day.md": entry(
        "QH000001X/2026-00001",
        "关于举办政务公开日活动的通知",
        "## 时间\n\n4月20日上午。\n\n## 地点\n\n一楼大厅，见[津贴办法]"
        "(../../../mzj/catalogue/2026/measures.md#发放对象)。",
    ),
    f"{_QH}/parking.md": entry(
        "QH000001X/2026-00002",
        "关于城区停车管理办法征求意见的公告",
        kind="consultation",
        genre="announcement",
        column="consultations",
        subject="T10",
        opens_on="2026-11-10",
        closes_on="2026-11-25",
        reply_to="邮箱zwgk@qinghe.example",
    ),
    f"{_QH}/circular.md": entry(
        "QH000001X/2026-00003",
        "关于做好冬季取暖安全工作的通知",
        document_number="青政办发〔2026〕9号",
        column="documents",
        subject="T02",
        related="[QH000001X/2026-00001]",
    ),
}


OFFICE = {
    "qinghe": ("青禾县人民政府办公室", "QH000001X", "county"),
    "bureau": ("青禾县自然资源局", "QH0000028", "department"),
    "harbour": ("青禾县住房和城乡建设局", "QH0000036", "department"),
    "whitestone": ("青禾县白石镇人民政府", organisation_code(11), "town"),
    "archive": ("青禾县人口局", organisation_code(12), "department"),
}
# code and name of each topic of the thousand applications, in words that stand nowhere else
SECRET_TOPICS = {
    "land": ("zj-tudi", "甲字第七类主题"),
    "budget": ("zj-zijin", "乙字第七类主题"),
    "welfare": ("zj-jiuzhu", "丙字第七类主题"),
    "planning": ("zj-guihua", "丁字第七类主题"),
}
_TOPICS = "terms:\n  - {code: demolition, name: 拆迁}\n  - {code: other, name: 其他}\n" + "".join(
    f"  - {{code: {code}, name: {name}}}\n" for code, name in SECRET_TOPICS.values()
)
THOUSAND = (2022, 2023, 2024)  # the years of the thousand applications of ``bureau``
FOUR = """登记号,收到日期,申请渠道,申请人类别,主题,答复日期,办理结果
SZ-2024-1,2024-02-05,网络,自然人,拆迁,2024-02-20,予以公开
SZ-2024-2,2024-04-08,当面,自然人,其他,2024-04-19,部分公开
SZ-2024-3,2024-06-11,信函,商业企业,其他,2024-06-25,本机关不掌握相关政府信息
SZ-2024-4,2024-12-20,网络,自然人,其他,2025-01-10,予以公开
"""
DECISIONS = """类别,日期,事项名称,件数,金额
行政许可,2024-03-05,施工许可,12,
行政许可,2024-09-06,施工许可,7,
行政处罚,2024-05-08,未批先建,2,
行政事业性收费,2024-06-30,城市基础设施配套费,,7.62
行政事业性收费,2024-12-31,城市基础设施配套费,,0.38
"""
_OLD_FIGURES = (
    ("training_sessions", "培训", "次", "", (6, 4)),
    ("training_persons", "参加培训", "人次", "training_people", (23, 31)),
    ("equipment", "设备投入", "万元", "", (3, 2)),
    ("letters", "群众来信", "件", "", (17, 12)),
    ("accepted", "受理", "件", "", (9102, 9541)),
    ("closed", "办结", "件", "", (8011, 7766)),
    ("cases", "审批件", "件", "", (5600, 16437)),
)


def office_project(root: Path, registers: Mapping[int, str]) -> Project:
    """Return agencies whose reports are computed, zero, late, missing and old.

    ``registers`` are the sheets of the thousand applications of ``bureau``, by year.
    """
    project = new_project(root)
    settings(project)
    ask_reports(project, "{outputs: [docx, xlsx, json]}")
    project.write("vocab/request-topics.yml", _TOPICS)
    for code, (name, front, level) in OFFICE.items():
        facts = {"parent": "" if level == "county" else "qinghe"}
        facts["guide"] = "" if level == "county" else "parent"
        if code == "harbour":
            facts["register_is_public"] = "true"
        project.write(f"agencies/{code}/agency.yml", agency(name, front, level, **facts))
    project.write("agencies/qinghe/guide.md", guide(OFFICE["qinghe"][0]))
    for year, sheet in registers.items():
        project.write(f"agencies/bureau/register/{year}.csv", _in_secret_words(sheet))
        late = {"published_on": f"{year + 1}-02-20 09:00"} if year == 2023 else {}
        text = report(
            OFFICE["bureau"][0],
            year,
            computed=["s3_requests", "s4_review"],
            tables=zero_tables("s2_art20_1", "s2_art20_5", "s2_art20_6", "s2_art20_8"),
            submitted_on=f"{year + 1}-01-19",
            **late,
        )
        project.write(f"agencies/bureau/reports/{year}.md", text)
    project.write("agencies/harbour/register/2024.csv", FOUR)
    project.write("agencies/harbour/decisions/2024.csv", DECISIONS)
    for n, title in enumerate(("装修管理办法", "物业服务收费办法"), 1):
        number = f"{OFFICE['harbour'][1]}/2024-0000{n}"
        project.write(
            f"agencies/harbour/catalogue/2024/{n}.md",
            entry(
                number,
                f"关于印发{title}的通知",
                document_number=f"青建规〔2024〕{n}号",
                column="normative",
                instrument="normative",
                review=REVIEW.replace("2026", "2024"),
            ),
        )
    four = "受理申请4件，其中拆迁1件、其他3件。"
    text = report(OFFICE["harbour"][0], 2024, prose(four), computed=["all"])
    project.write("agencies/harbour/reports/2024.md", text)
    none = "全年没有收到政府信息公开申请。"
    text = report(OFFICE["whitestone"][0], 2024, prose(none), tables=zero_tables())
    project.write("agencies/whitestone/reports/2024.md", text)
    for n, year in enumerate((2014, 2015)):
        project.write(f"agencies/archive/reports/{year}.md", _old_report(year, n))
    return project


def _in_secret_words(sheet: str) -> str:
    """Write the topics of a register in words that stand nowhere else, and its numbers so too."""
    for code, (own, name) in SECRET_TOPICS.items():
        label = {"land": "土地征收", "budget": "财政资金", "welfare": "社会救助"}.get(
            code, "规划建设"
        )
        sheet = sheet.replace(f",{code},", f",{own},").replace(f",{label},", f",{name},")
    return re.sub(r"(?m)^(20[0-9]{2}-[0-9]{4}),", r"DJH-\1,", sheet)


def _old_report(year: int, n: int) -> str:
    """Return a report older than the national forms: figures by name, prose that repeats them."""
    figures = [
        {"key": key, "name": name, "value": str(values[n]), "unit": unit, "indicator": indicator}
        for key, name, unit, indicator, values in _OLD_FIGURES
    ]
    said = "".join(f"{one['name']}{one['value']}{one['unit']}。" for one in figures)
    facts: dict[str, Any] = {
        "form": "legacy",
        "published_on": f"{year + 1}-03-20",
        "time_unknown": "true",
        "figures": figures,
        "relations": [{"left": "closed", "right": "accepted", "name": "办结数不大于受理数"}],
        "rates": [{"name": "办结率", "part": "closed", "whole": "accepted"}],
    }
    if n:
        facts["rates"][0]["stated"] = "81.4%"
        facts["growth"] = [{"figure": "cases", "words": "近3倍", "previous": "5600"}]
        said += "审批件数是去年的近3倍。"
    return report(OFFICE["archive"][0], year, f"## 概述\n\n{said}\n", **facts)


@cache
def built_offices(base: Path) -> tuple[Project, Project]:
    """Return the office twice, built at once in unlike surroundings; tests must not change it."""
    root = once(of_the_run(base) / "office", _build_offices)
    return Project(root / "here"), Project(root / "深 there" / "x")


def _build_offices(root: Path) -> None:
    from registers import synthetic

    sheets = synthetic(20301122, 1000, THOUSAND)
    here = office_project(root / "here", sheets)
    there = office_project(root / "深 there" / "x", sheets)
    unlike = {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    builds = [
        here.start("build", env={"TZ": "America/Lima", "LANG": "C.UTF-8", "PYTHONHASHSEED": "1"}),
        there.start("build", env=unlike),
    ]
    for result in map(ended, builds):
        assert result.code == 0, result.said


@dataclass
class Node:
    """One element of a page."""

    tag: str
    attrs: dict[str, str]
    children: list[Node | str] = field(default_factory=list)
    parent: Node | None = None

    def walk(self) -> Iterator[Node]:
        """Yield this element and all below it."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def text(self) -> str:
        """Return the words below, white space squeezed."""
        return re.sub(r"\s+", " ", "".join(self._words())).strip()

    def _words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style"):
                yield from child._words()

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()


class Page:
    """A parsed page."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.nodes = list(root.walk())

    def all(self, tag: str = "", css: str = "") -> list[Node]:
        """Return the elements of a tag, of a class, or both."""
        return [
            n for n in self.nodes if (not tag or n.tag == tag) and (not css or css in n.classes)
        ]

    def one(self, tag: str = "", css: str = "") -> Node:
        """Return the only such element."""
        found = self.all(tag, css)
        assert len(found) == 1, (tag, css, len(found))
        return found[0]

    @property
    def tags(self) -> dict[str, list[str]]:
        """The contents of ``<meta name>``, by name."""
        found: dict[str, list[str]] = {}
        for node in self.all("meta"):
            if "name" in node.attrs:
                found.setdefault(node.attrs["name"], []).append(node.attrs.get("content", ""))
        return found

    @property
    def h1(self) -> str:
        return self.one("h1").text()

    @property
    def text(self) -> str:
        return self.one("body").text()

    @property
    def links(self) -> list[str]:
        return [n.attrs["href"] for n in self.all("a") if "href" in n.attrs]

    def facts(self) -> dict[str, str]:
        """Return the labels and values of every <dl> of facts."""
        pairs = self.all("div", "gk-facts__pair")
        return {
            pair.children[1].text(): pair.children[3].text()  # type: ignore[union-attr]
            for pair in pairs
        }


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#page", {})
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs}, parent=self.at)
        self.at.children.append(node)
        if tag not in _VOID:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self.at
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self.at = node.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read_page(text: str) -> Page:
    """Parse one page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Page(reader.root)

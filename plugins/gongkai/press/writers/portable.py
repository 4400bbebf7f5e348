"""A report's page into a tagged PDF whose bytes depend on nothing but the page and two fonts.

The fonts are told by their digests, and no other font of the machine is seen: two machines with
the same fonts and the same version of the library make the same file.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from gongkai.kernel.digest import digest_of_text
from gongkai.press.templates import Templates
from gongkai.press.writers.characters import printable
from gongkai.press.writers.word import LANGUAGES, long_date, title_lines
from gongkai.views.pages import ReportPage
from gongkai.views.shared import MARK

_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "/usr/share/fonts/google-noto-sans-cjk-fonts",
    "/usr/share/fonts/google-noto-serif-cjk-fonts",
    "/usr/share/fonts/truetype/noto",
    "/usr/local/share/fonts",
)
_FACES = {
    "serif": ("Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf"),
    "serif_bold": ("Noto Serif CJK SC:bold", "NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf"),
    "sans": ("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"),
}
_SYSTEM_CACHE = "/var/cache/fontconfig"  # read where it knows the folder; never written first
_SYSTEM = (
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
)
_CELL = re.compile(r"(?i)<(?:t[dh]|li|br|hr|img)[\s/>]")
_CELLS, _CHARACTERS = 20_000, 2_000_000  # a report has hundreds and ten thousand
_MARKED = re.compile(f' (href|src)="{MARK}([^"]*)"')
_NO_LIBRARY = "没有安装 WeasyPrint；请运行 pip install weasyprint"
_NO_PANGO = (
    "WeasyPrint 缺少系统组件 pango；请运行 apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
    "libharfbuzz-subset0"
)
_NO_FONT = (
    "没有找到思源字体（Noto Serif CJK 和 Noto Sans CJK）；请运行 apt-get install fonts-noto-cjk"
)
_OTHER_FONT = "系统里的思源字体与登记的字体文件不一致（摘要不符），为保证各处生成的文件相同，不使用"


@dataclass(frozen=True, slots=True)
class Font:
    """One font file and its SHA-256 digest."""

    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts of a PDF: Song for text, its bold for titles, Hei for headings."""

    serif: Font
    serif_bold: Font
    sans: Font

    @property
    def files(self) -> tuple[Font, ...]:
        """All three."""
        return (self.serif, self.serif_bold, self.sans)

    @property
    def digest(self) -> str:
        """One digest of all three, for the key of what is made with them."""
        return digest_of_text(*(font.digest for font in self.files))


def find_fonts(allowed: Collection[str] = ()) -> Fonts | None:
    """Return the fonts of this machine, or ``None`` where one of them is missing.

    Args:
        allowed: the digests of the font files that may be used; without any, all may.
    """
    found = {role: _find(*names, allowed=allowed) for role, names in _FACES.items()}
    serif, bold, sans = (found[role] for role in ("serif", "serif_bold", "sans"))
    return Fonts(serif, bold, sans) if serif and bold and sans else None


def _find(pattern: str, *names: str, allowed: Collection[str]) -> Font | None:
    for folder in _FOLDERS:
        for name in names:
            path = Path(folder, name)
            if path.is_file() and (font := _allowed(path, allowed)):
                return font
    program = shutil.which("fc-match")
    if program is None:
        return None
    command = [program, "--format=%{file}", pattern]
    answer = subprocess.run(command, capture_output=True, check=False, timeout=30)
    path = Path(os.fsdecode(answer.stdout))
    # it names the nearest font that there is, whatever was asked for
    return _allowed(path, allowed) if path.name in names and path.is_file() else None


def _allowed(path: Path, allowed: Collection[str]) -> Font | None:
    facts = path.stat()
    digest = _digest(path, facts.st_size, facts.st_mtime_ns)
    return Font(path, digest) if not allowed or digest in allowed else None


@lru_cache(maxsize=32)
def _digest(path: Path, size: int, modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def why_not(allowed: Collection[str] = ()) -> str | None:
    """Say in Chinese why no PDF can be made on this machine, or ``None`` if it can."""
    if find_fonts(allowed) is None:
        return _OTHER_FONT if allowed and find_fonts() else _NO_FONT
    # asked by every build, so that the library itself, half a second, is not loaded for it
    if importlib.util.find_spec("weasyprint") is None:
        return _NO_LIBRARY
    return None if _has_pango() else _NO_PANGO


def _has_pango() -> bool:
    """Tell whether the system has the parts that the library loads, by any of their names."""
    for names in _SYSTEM:
        for name in names:
            try:
                ctypes.CDLL(name)
                break
            except OSError:
                continue
        else:
            return False
    return True


def print_digest(templates: Templates) -> str:
    """Return a digest of the template and the style sheet, for the key of what they make."""
    files = sorted((templates.theme / "print").iterdir())
    return digest_of_text(*(f"{path.name}\n{path.read_text('utf-8')}" for path in files))


def report_html(
    templates: Templates, page: ReportPage, agency: str, made_on: date, base: str = ""
) -> str:
    """Return the page of a report for paper.

    ``base`` is the site's address, which makes links into the site whole; without it they are
    printed as text.
    """

    def prose(html: str) -> str:
        whole = rf' \1="{escape(base)}\2"' if base else ""
        return _MARKED.sub(whole, html)

    template = templates.environment.get_template("print/report.html")
    return template.render(
        view=page,
        agency=agency,
        language=LANGUAGES.get(page.lang, "zh-CN"),
        made=f"{made_on}T00:00:00Z",
        published=long_date(page.published),
        title_lines=title_lines(page.title),
        prose=prose,
    )


class TooLongForPaper(ValueError):
    """A page so long that laying it out would take the memory of the machine."""


def portable(html: str, css: str, fonts: Fonts) -> bytes:
    """Return a PDF (PDF/UA-1: tagged, with language and title) of one page for paper.

    Nothing is fetched: pictures and style sheets that the page names are left out.

    Raises:
        TooLongForPaper: the page is longer than a report; nothing has been laid out.
    """
    with _only(fonts):
        data: bytes = layout(html, css, fonts).write_pdf(**_OPTIONS)
    return data


_OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_identifier": b"gongkai"}


def layout(html: str, css: str, fonts: Fonts) -> Any:
    """Return the laid-out pages, which tell where each line stands."""
    html = printable(html)
    if len(html) > _CHARACTERS or sum(1 for _ in islice(_CELL.finditer(html), _CELLS + 1)) > _CELLS:
        raise TooLongForPaper(f"more than {_CHARACTERS} characters or {_CELLS} cells")
    with _only(fonts):
        library = _library()
        faces = library.text.fonts.FontConfiguration()
        nothing = library.urls.URLFetcher(allowed_protocols=())
        document = library.HTML(string=html, url_fetcher=nothing)
        sheet = library.CSS(string=css, font_config=faces, url_fetcher=nothing)
        return document.render(font_config=faces, stylesheets=[sheet], **_OPTIONS)


def _library() -> Any:
    import weasyprint
    import weasyprint.text.fonts

    return weasyprint


@contextmanager
def _only(fonts: Fonts) -> Iterator[None]:
    """Let the library see these fonts and no others of the machine.

    It reads its configuration when it makes a list of fonts, from where the environment says.
    """
    before = {name: os.environ.get(name) for name in ("FONTCONFIG_FILE", "FONTCONFIG_PATH")}
    folder, is_lasting = _own_folder()
    os.environ["FONTCONFIG_FILE"] = str(_configuration(fonts, folder))
    os.environ.pop("FONTCONFIG_PATH", None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about fonts and formats; problems are exceptions
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if not is_lasting:
            shutil.rmtree(folder, ignore_errors=True)


def _configuration(fonts: Fonts, folder: Path) -> Path:
    """Return a file that names the fonts, where they lie and where lists of fonts are kept."""
    lines = ['<?xml version="1.0"?>', "<fontconfig>"]
    places = sorted({str(font.path.parent) for font in fonts.files})
    lines += [f"<dir>{escape(place)}</dir>" for place in places]
    lines.append("<selectfont><rejectfont><glob>*</glob></rejectfont>")
    lines += [
        f"<acceptfont><glob>{escape(str(font.path))}</glob></acceptfont>" for font in fonts.files
    ]
    lines.append("</selectfont>")
    lines += [f"<cachedir>{escape(one)}</cachedir>" for one in (str(folder), _SYSTEM_CACHE)]
    text = "\n".join([*lines, "</fontconfig>", ""])
    file = folder / f"{digest_of_text(text)}.conf"
    if not file.exists():
        beside = folder / f"{os.getpid()}.new"
        beside.write_text(text, "utf-8")
        beside.replace(file)
    return file


def _own_folder() -> tuple[Path, bool]:
    """Return a folder of this user's alone, and whether it stays for the next time.

    Making its list of fonts anew would take a second.
    """
    user: int = getattr(os, "getuid", lambda: 0)()
    folder = Path(tempfile.gettempdir(), f"gongkai-fonts-{user}")
    with suppress(FileExistsError):  # whatever it is
        folder.mkdir(mode=0o700)
    facts = folder.lstat()
    if stat.S_ISDIR(facts.st_mode) and facts.st_uid == user and not facts.st_mode & 0o022:
        return folder, True
    return Path(tempfile.mkdtemp(prefix="gongkai-fonts-")), False  # somebody else made that one

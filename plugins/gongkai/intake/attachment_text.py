"""An attachment into the text that a reader can read in it, or why there is none.

A file is somebody's upload: time, memory and the length of the text are bounded whatever it
holds, and a damaged one costs its own text alone. The same bytes give the same text: what stops
the reading is counted (characters, pages, drawing steps, bytes unpacked). Only where a file
keeps the parser busy beyond ``SECONDS`` is all of its text given up, never a part of it.
"""

from __future__ import annotations

import codecs
import logging
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.intake.office_text import Collected, Full, NoText, word_text, workbook_text
from gongkai.intake.source import guess_encoding
from gongkai.kernel.clock import cpu_seconds
from gongkai.kernel.terms import HAN

if TYPE_CHECKING:
    import pypdf

FILE_LIMIT_MB = 100
PAGES_LIMIT = 500  # of a PDF
STEPS_LIMIT = 500_000  # drawing operators of a PDF; pages of text have some hundreds each
PAGE_STEPS_LIMIT = 300_000  # of a page, counted with what the operators are given
STREAM_LIMIT_MB = 32  # one stream of a PDF, unpacked
SECONDS = 10  # of this thread's own CPU time, so that a busy machine does not change the verdict
_FORGET = 20  # pages after which a PDF's objects are let go

# programs draw whole characters as these radicals, which no normal form takes back
# (Equivalent_Unified_Ideograph of Unicode)
_RADICALS = str.maketrans(
    "⺁⺄⺈⺊⺌⺎⺓⺜⺝⺟⺠⺧⺩⺬⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "厂乙刀卜小兀幺日月母民牛王示虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}\u2e80-\u2fdf])[ \t\r\n]+(?=[{HAN}\u2e80-\u2fdf])")


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """The text of an attachment on one line; ``note`` says why there is none.

    A note is ``scanned`` (pictures without a text layer), ``encrypted``, ``damaged``,
    ``too large`` or ``unsupported``; it is empty where there is text, and for an empty file.
    """

    text: str
    note: str = ""


class _Stop(BaseException):
    """Work is used up; no Exception, so that no library takes it for a slip of the file's."""


class _TooSlow(_Stop):
    """The CPU time is used up."""


def attachment_text(path: Path, name: str, limit: int = 200_000) -> AttachmentText:
    """Return the first ``limit`` characters of the text of a file that is called ``name``.

    Comments, tracked deletions, hidden sheets and what a file says of its authors are no text.

    Raises:
        OSError: the file cannot be read.
    """
    suffix = (Path(name).suffix or path.suffix).lower()
    read = _READERS.get(suffix)
    if read is None:
        return AttachmentText("", "unsupported")
    if path.stat().st_size > FILE_LIMIT_MB << 20:
        return AttachmentText("", "too large")
    kept = Collected(limit)
    try:
        with cpu_seconds(SECONDS, _TooSlow):
            read(path, kept)
    except Full:
        pass
    except NoText as error:
        return AttachmentText("", error.note)
    except (_TooSlow, MemoryError):
        return AttachmentText("", "too large")
    return AttachmentText(kept.text())


def _plain(path: Path, kept: Collected) -> None:
    """Collect a text or table file in UTF-8, UTF-16 or GB 18030; its end may be cut off."""
    with path.open("rb") as file:
        data = file.read(4 * kept.limit)
        is_cut = bool(file.read(1))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        if is_cut:  # in no encoding does a line end stand inside a character
            data = data[: data.rfind(b"\n") + 1] or data
        encodings = ["utf-8-sig", guess_encoding(data)]
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data, final=not is_cut)
        except (UnicodeDecodeError, LookupError):
            continue
        kept.add(text)
        return
    raise NoText("damaged")


def pdf_bounds() -> pypdf.Configuration:
    """Return the bounds within which every reading of a PDF stays."""
    import pypdf

    return pypdf.Configuration(
        zlib_maximum_output_length=STREAM_LIMIT_MB << 20,
        lzw_maximum_output_length=STREAM_LIMIT_MB << 20,
        run_length_maximum_output_length=STREAM_LIMIT_MB << 20,
        brotli_maximum_output_length=STREAM_LIMIT_MB << 20,
        array_based_stream_maximum_output_length=STREAM_LIMIT_MB << 20,
        stream_decoding_work_maximum_length=2 * STREAM_LIMIT_MB << 20,
        stream_parsing_work_maximum_count=PAGE_STEPS_LIMIT,
        page_tree_maximum_entries=20_000,
    )


def _pdf(path: Path, kept: Collected) -> None:
    """Collect the text layer of a PDF, page by page; a page that cannot be read is left out."""
    import pypdf
    from pypdf.errors import LimitReachedError

    class Unlocked(pypdf.PdfReader):
        @property
        def is_encrypted(self) -> bool:
            if super().is_encrypted:  # what could be tried depends on what is installed
                raise NoText("encrypted")
            return False

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every slip that it mends
    until = time.thread_time() + SECONDS
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps > STEPS_LIMIT:
            raise _Stop
        if steps % 256 == 0 and time.thread_time() > until:
            raise _TooSlow

    is_beyond = is_damaged = False
    with (
        path.open("rb") as file,
        pypdf.apply_configuration(pdf_bounds()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            reader = Unlocked(file)
            pages = len(reader.pages)
        except LimitReachedError as error:
            raise NoText("too large") from error
        except (NoText, MemoryError):
            raise
        except Exception as error:  # whatever a damaged file makes the library stumble over
            raise NoText("damaged") from error
        for number in range(min(pages, PAGES_LIMIT)):
            if time.thread_time() > until:
                raise _TooSlow
            try:
                text = reader.pages[number].extract_text(visitor_operand_before=step)
                kept.add(joined(text) + "\n")
            except (Full, MemoryError):
                raise
            except LimitReachedError:
                is_beyond = True
            except Exception:
                is_damaged = True
            except _TooSlow:
                raise
            except _Stop:
                is_beyond = True
                break
            if number % _FORGET == _FORGET - 1:
                reader.resolved_objects.clear()
    if not re.search(r"\w", "".join(kept.pieces)):
        raise NoText("too large" if is_beyond else "damaged" if is_damaged else "scanned")


def joined(text: str) -> str:
    """Return the text of a page with its lines, and letter-spaced words, in one piece.

    A line ends where the paper does, and a word that begins on one line may end on the next.
    """
    return _BETWEEN_HAN.sub("", text.translate(_RADICALS))


_READERS: dict[str, Callable[[Path, Collected], None]] = {
    ".docx": word_text,
    ".xlsx": workbook_text,
    ".pdf": _pdf,
    ".csv": _plain,
    ".tsv": _plain,
    ".txt": _plain,
}

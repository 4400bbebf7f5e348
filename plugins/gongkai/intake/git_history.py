"""One pass over git into the versions of every catalogue file, by git's own command line.

What git is asked, and how, depends neither on the user's settings nor on the place of the clone:
no pager, hook, filter, helper or network is ever started, and names come as they are. History is
that of the main line (``--first-parent``): what stands on a side branch is not public until the
merge brings it in, and the merge is the moment at which it comes.
"""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8))
# what the environment adds: no setting but the repository's own, and nobody is asked anything
_QUIET = {
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
}
_ALONE = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
}
BLOB_LIMIT = 2 * 1024 * 1024  # bytes: no larger source file is ever published
NAME_LIMIT = 64 * 1024  # bytes of one name or commit line
ASK_SECONDS = 20.0  # for a question with a short answer
PASS_SECONDS = 600.0  # for the whole pass
_CHUNK = 1 << 16
_ASKED = 64  # blobs asked for at once: their names fit into any pipe
_OVERRIDES = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.commitGraph=true",
    f"diff.orderFile={os.devnull}",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.follow=false",
    "i18n.logOutputEncoding=UTF-8",
    "protocol.allow=never",  # a partial clone must not fetch what it left out
    "credential.helper=",
    "gc.auto=0",
    "maintenance.auto=false",
)
_ENTRY = re.compile(rb"agencies/[^/]+/catalogue/.+\.md", re.DOTALL)
_RAW = re.compile(rb"\n?:([0-7]{6}) ([0-7]{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])[0-9]*")
_COMMIT = re.compile(rb"\n?\x01([0-9a-f]{40,64}) (-?[0-9]+)")
_REGULAR = (b"100644", b"100755")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USERPROFILE", "XDG_CONFIG_HOME")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where content/ lies in a repository, or why there is no history of it.

    ``status`` is ok, shallow or none; ``why`` names the reason of the latter two. ``top`` is the
    working tree, ``prefix`` leads from there to content/ and ends in a slash.
    """

    status: str
    why: str = ""
    top: str = ""
    prefix: str = ""
    head: str = ""

    @property
    def stamp(self) -> str:
        """What history depends on, whatever folder the clone stands in."""
        return f"{self.status} {self.why} {self.head} {self.prefix}"


@dataclass(frozen=True, slots=True)
class Revision:
    """One file as one commit left it: ``blob`` is empty where the commit took it away.

    ``path`` is below content/; ``instant`` is the commit's, in the time of the People's Republic,
    as text that sorts by time.
    """

    path: str
    blob: str
    instant: str


@dataclass(frozen=True, slots=True)
class History:
    """All revisions of catalogue files up to ``head``, oldest first."""

    status: str
    why: str = ""
    head: str = ""
    revisions: tuple[Revision, ...] = ()


class GitFailed(Exception):
    """Git did not answer, or not in time; ``why`` is one of the reasons of a ``Repository``."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def locate(content: Path) -> Repository:
    """Return the repository that holds content/; two short questions, never an exception.

    The first one is asked with the user's own settings, since only there may stand that a folder
    of another owner is trusted (``safe.directory``); nothing but this answer is taken from them.
    """
    content = content.resolve()
    try:
        code, out, said = _ask(content, ["rev-parse", "--show-toplevel", "--show-prefix"], {})
    except FileNotFoundError:
        return Repository("none", "no-git" if content.is_dir() else "no-repository")
    except (OSError, GitFailed):
        return Repository("none", "failed")
    if code:
        is_refused = b"dubious ownership" in said or b"safe.directory" in said
        return Repository("none", "unsafe" if is_refused else "no-repository")
    top, prefix = _lines(out, 2)
    if not top:
        return Repository("none", "no-repository")  # a bare one, or inside .git itself
    try:
        arguments = ["rev-parse", "--is-shallow-repository", "--verify", "--quiet", "HEAD^{commit}"]
        code, out, said = _ask(Path(top), arguments, _ALONE, top)
    except (OSError, GitFailed):
        return Repository("none", "failed", top, prefix)
    shallow, head = _lines(out, 2)
    if code or not _ID.fullmatch(head):
        return Repository("none", "no-commits", top, prefix)
    if shallow == "true":
        return Repository("shallow", "shallow", top, prefix, head)
    return Repository("ok", "", top, prefix, head)


def read_history(place: Repository, known: History | None = None) -> History:
    """Return every revision of the catalogue's files in one pass over the commits.

    What a clone that was cut short still holds is not read: the oldest version there would pass
    for the first one. With a ``known`` history whose head is an ancestor of the present one,
    only the commits since are read; after a rebase, everything is. A pass that fails gives a
    history that says so.
    """
    if place.status == "none":
        return History("none", place.why)
    if place.status == "shallow":
        return History("shallow", place.why, place.head)
    if known is not None and known.head == place.head:
        return known
    try:
        if _is_partial(place):
            return History("shallow", "partial", place.head)
        older: tuple[Revision, ...] = ()
        span = place.head
        if known is not None and _leads_to(place, known.head):
            older, span = known.revisions, f"{known.head}..{place.head}"
        newest_first = list(_log(place, span))
    except FileNotFoundError:
        return History("none", "no-git")
    except OSError:
        return History("none", "failed")
    except GitFailed as error:
        return History("none", error.why, place.head)
    revisions = (*older, *reversed(newest_first))
    if not revisions:
        return History("none", "not-tracked", place.head)
    return History("ok", "", place.head, revisions)


def _is_partial(place: Repository) -> bool:
    """Tell whether objects were left out when the repository was cloned (``--filter``)."""
    pattern = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
    arguments = ["config", "--local", "--name-only", "--get-regexp", pattern]
    code, out, _ = _ask(Path(place.top), arguments, _ALONE, place.top)
    return code == 0 and bool(out.strip())


def _leads_to(place: Repository, old: str) -> bool:
    """Tell whether ``old`` is on the main line that led to the present head.

    An ancestor is not enough: where a branch was merged the wrong way round, the line is another.
    """
    if not _ID.fullmatch(old):
        return False
    # the commits of the line since: the last of them must have ``old`` as its first parent
    arguments = ["rev-list", "--first-parent", "--parents", f"{old}..{place.head}"]
    with _running(place.top, arguments) as git:
        last = b""
        for line in git.lines():
            last = line
        parents = last.split()
        return git.ended() == 0 and len(parents) > 1 and parents[1] == old.encode()


def _log(place: Repository, span: str) -> Iterator[Revision]:
    """Yield revisions newest first, commit by commit, as git prints them."""
    prefix = os.fsencode(place.prefix)
    arguments = [
        "log",
        "--first-parent",
        "-m",
        "--raw",
        "-z",
        "--no-renames",
        "--no-abbrev",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--no-show-signature",
        "--no-mailmap",
        "--ignore-submodules=all",
        "--format=tformat:%x01%H %ct",
        span,
        "--",
        f"{place.prefix}agencies",
    ]
    with _running(place.top, arguments) as git:
        instant = ""
        tokens = git.tokens()
        for token in tokens:
            if match := _COMMIT.fullmatch(token):
                instant = instant_of(int(match[2]))
                continue
            raw = _RAW.fullmatch(token)
            if raw is None:
                continue
            if not instant:
                raise GitFailed("failed")  # it says something else than what it was asked
            name = next(tokens, b"")
            below = name.removeprefix(prefix)
            if not name.startswith(prefix) or not _ENTRY.fullmatch(below):
                continue
            try:
                path = below.decode()
            except UnicodeDecodeError:
                continue  # no such name is ever published
            is_there = raw[5] != b"D" and raw[2] in _REGULAR
            yield Revision(path, raw[4].decode() if is_there else "", instant)
        if git.ended():
            raise GitFailed("failed")


def instant_of(seconds: int) -> str:
    """Return a commit's time stamp as ``2026-03-05 10:20`` in China; no stamp is too odd."""
    bounded = min(max(seconds, 0), 253_370_000_000)  # the years 1970 to 9998
    return datetime.fromtimestamp(bounded, CHINA).strftime("%Y-%m-%d %H:%M")


class Blobs:
    """The contents of git's objects, asked one by one of a process that stays.

    A process that fork made asks through a git of its own.
    """

    def __init__(self, place: Repository) -> None:
        self._place = place
        self._git: _Git | None = None
        self._owner = 0

    def read(self, blob: str) -> bytes | None:
        """Return a blob, or ``None`` where it is missing, too large or no blob at all."""
        if not _ID.fullmatch(blob):
            return None
        try:
            git = self._running()
            git.write(blob.encode() + b"\n")
            data, is_alive = self._answer(git)
            if not is_alive:
                self._drop()
            return data
        except (OSError, GitFailed, ValueError):
            self._drop()
            return None

    def read_all(self, blobs: Sequence[str]) -> Iterator[bytes | None]:
        """Yield several blobs in order; git is asked for many of them at once."""
        for first in range(0, len(blobs), _ASKED):
            part = blobs[first : first + _ASKED]
            try:
                if not all(map(_ID.fullmatch, part)):
                    raise ValueError("no blob ids")
                git = self._running()
                git.write("".join(f"{blob}\n" for blob in part).encode())
            except (OSError, GitFailed, ValueError):
                self._drop()
                yield from map(self.read, part)
                continue
            for n in range(len(part)):
                try:
                    data, is_alive = self._answer(git)
                except (OSError, GitFailed, ValueError):
                    data, is_alive = None, False
                if not is_alive:
                    self._drop()  # the answers that are left go with it
                    yield data
                    yield from map(self.read, part[n + 1 :])
                    break
                yield data

    def _answer(self, git: _Git) -> tuple[bytes | None, bool]:
        """Return the next blob, ``None`` where there is none, and whether git still answers."""
        fields = git.line().split()
        if len(fields) != 3:
            # it died, as where a partial clone would have to fetch
            return None, fields[1:] == [b"missing"]
        size = int(fields[2])
        if size > BLOB_LIMIT or fields[1] != b"blob":
            git.skip(size + 1)
            return None, True
        return git.exactly(size + 1)[:-1], True

    def _running(self) -> _Git:
        if self._git is None or self._owner != os.getpid():
            self._git = _running(self._place.top, ["cat-file", "--batch"], is_asked=True)
            self._owner = os.getpid()
        self._git.renew()
        return self._git

    def _drop(self) -> None:
        if self._git is not None and self._owner == os.getpid():
            self._git.close()
        self._git = None

    def close(self) -> None:
        """End this process's git."""
        self._drop()


class _Git:
    """A running git whose answers are read in bounded pieces and within a bounded time."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._held = bytearray()
        self._selector = selectors.DefaultSelector() if os.name == "posix" else None
        if self._selector is not None and process.stdout is not None:
            self._selector.register(process.stdout, selectors.EVENT_READ)

    def __enter__(self) -> _Git:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def renew(self) -> None:
        """Give the next answer its full time."""
        self._until = time.monotonic() + self._seconds

    def write(self, data: bytes) -> None:
        """Ask the next question."""
        assert self._process.stdin is not None
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def tokens(self) -> Iterator[bytes]:
        """Yield what stands between NUL bytes."""
        return self._split(b"\0")

    def lines(self) -> Iterator[bytes]:
        """Yield what stands between line ends."""
        return self._split(b"\n")

    def _split(self, mark: bytes) -> Iterator[bytes]:
        rest = b""
        while piece := self._piece():
            parts = (rest + piece).split(mark)
            rest = parts.pop()
            if len(rest) > NAME_LIMIT:
                raise GitFailed("failed")
            yield from parts
        if rest:
            yield rest

    def line(self) -> bytes:
        """Return the next line, or what is left where it has none."""
        while (end := self._held.find(b"\n")) < 0:
            piece = self._piece()
            if not piece or len(self._held) > NAME_LIMIT:
                return b""
            self._held += piece
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line

    def exactly(self, size: int) -> bytes:
        """Return the next ``size`` bytes.

        Raises:
            GitFailed: there are not as many.
        """
        while len(self._held) < size:
            piece = self._piece()
            if not piece:
                raise GitFailed("failed")
            self._held += piece
        data = bytes(self._held[:size])
        del self._held[:size]
        return data

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes without holding them."""
        while size > 0:
            step = min(size, _CHUNK)
            self.exactly(step)
            size -= step

    def _piece(self) -> bytes:
        out = self._process.stdout
        assert out is not None
        if self._selector is not None:
            left = self._until - time.monotonic()
            if left <= 0 or not self._selector.select(left):
                raise GitFailed("timeout")
        return os.read(out.fileno(), _CHUNK)

    def ended(self) -> int:
        """Return how git ended, once it has said all."""
        try:
            return self._process.wait(max(0.1, self._until - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise GitFailed("timeout") from None

    def close(self) -> None:
        """End git, whatever it does."""
        if self._selector is not None:
            self._selector.close()
            self._selector = None
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        if self._process.poll() is None:
            with suppress(OSError, subprocess.TimeoutExpired):
                self._process.kill()
                self._process.wait(5)


def _ask(
    folder: Path, arguments: list[str], settings: dict[str, str], trusted: str = ""
) -> tuple[int, bytes, bytes]:
    """Return how git ended, what it said, and what it complained of.

    Raises:
        FileNotFoundError: there is no git, or no such folder.
        GitFailed: no answer in time.
    """
    try:
        done = subprocess.run(
            _command(arguments, trusted),
            cwd=folder,
            env=_environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ASK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitFailed("timeout") from None
    return done.returncode, done.stdout, done.stderr


def _running(top: str, arguments: list[str], *, is_asked: bool = False) -> _Git:
    process = subprocess.Popen(
        _command(arguments, top),
        cwd=top,
        env=_environment(_ALONE),
        stdin=subprocess.PIPE if is_asked else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return _Git(process, ASK_SECONDS if is_asked else PASS_SECONDS)


def _command(arguments: list[str], trusted: str) -> list[str]:
    overrides = [word for setting in _OVERRIDES for word in ("-c", setting)]
    if trusted:  # the first question was answered, so that whoever runs this trusts the folder
        overrides += ["-c", f"safe.directory={trusted}"]
    flags = ["--no-pager", "--no-replace-objects", "--literal-pathspecs"]
    return ["git", *flags, *overrides, *arguments]


def _environment(settings: dict[str, str]) -> dict[str, str]:
    """Return the environment of git: none of the caller's own GIT_ variables, as in a hook."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **_QUIET, **settings}


def _lines(out: bytes, count: int) -> list[str]:
    """Return the first lines of an answer, file names as the system spells them."""
    lines = os.fsdecode(out).split("\n")
    return [*lines, *[""] * count][:count]

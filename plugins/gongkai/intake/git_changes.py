"""What a change touches, by git's own command line: paths, modes and the bytes before it.

The names and contents that come in with a change are data: no name becomes an option or a part
of a command line, no shell, filter, hook or helper of the change's own is run.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120  # for one question to git
BLOB_LIMIT = 8 << 20  # bytes; no larger source is read
_OPTIONS = (
    *("-c", "core.quotePath=false"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),  # a partial clone asks nobody for what it left out
)
_ABSENT = "000000"
_LINK, _SUBMODULE = "120000", "160000"


class GitFailed(Exception):
    """Git cannot answer; ``remedy`` and ``remedy_en`` say what helps."""

    def __init__(self, remedy: str, remedy_en: str) -> None:
        super().__init__(remedy)
        self.remedy, self.remedy_en = remedy, remedy_en


@dataclass(frozen=True, slots=True)
class Changed:
    """One changed path below the project, or above it (then it begins with ``/``)."""

    path: str
    old: str  # blob ids, empty where there is none
    new: str
    mode: str

    @property
    def is_added(self) -> bool:
        """Tell whether the path was not there before."""
        return not self.old

    @property
    def is_link(self) -> bool:
        """Tell whether a symbolic link stands there now."""
        return self.mode == _LINK

    @property
    def is_submodule(self) -> bool:
        """Tell whether another repository stands there now."""
        return self.mode == _SUBMODULE


@dataclass(frozen=True, slots=True)
class Change:
    """Everything between the point at which work began and the files as they are now."""

    base: str  # the commit at which it began
    prefix: str  # of the project within its repository; ends in a slash, or is empty
    project: Path
    top: Path  # of the repository
    changed: tuple[Changed, ...]

    def before(self, changed: Iterable[Changed]) -> dict[str, bytes]:
        """Return the earlier bytes of changed files by path; large and missing ones are left out.

        Raises:
            GitFailed: git cannot answer.
        """
        wanted = {one.path: one.old for one in changed if one.old}
        if not wanted:
            return {}
        asked = "".join(f"{blob}\n" for blob in wanted.values()).encode()
        said = _git(self.project, "cat-file", "--batch", said=asked)
        found: dict[str, bytes] = {}
        at = 0
        for path in wanted:
            head, _, _ = said[at : at + 200].partition(b"\n")
            words = head.split()
            at += len(head) + 1
            if len(words) == 3 and words[2].isdigit():
                size = int(words[2])
                if words[1] == b"blob" and size <= BLOB_LIMIT:
                    found[path] = said[at : at + size]
                at += size + 1
        return found

    def lay_base(self, content: str, folder: Path) -> Path | None:
        """Write the content folder as it was before below ``folder``; ``None`` if there was none.

        Raises:
            GitFailed: git cannot answer.
        """
        tree = f"{self.base}:{self.prefix}{content}"
        if _run(self.project, "rev-parse", "--verify", "--quiet", tree).returncode:
            return None
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        # below the top, git would lay out only what the index holds of that folder
        _git(self.top, "read-tree", tree, more=index)
        below = folder / content
        below.mkdir()
        _git(self.top, "checkout-index", "--all", f"--prefix={below}/", more=index)
        return below


def read_change(project: Path, base: str) -> Change:
    """Return what differs from where the work parted from ``base``, uncommitted files included.

    Both what is committed and what only lies in the folder counts, so that nothing can be hidden
    by undoing it without a commit.

    Raises:
        GitFailed: there is no git, no repository or no such commit.
    """
    if not base or base.startswith("-") or any(c in base for c in "\0\n :^~?*["):
        raise GitFailed(
            "请写分支、标签或提交号，如 origin/main", "name a branch, tag or commit: origin/main"
        )
    if _run(project, "rev-parse", "--is-inside-work-tree").stdout.strip() != b"true":
        raise GitFailed(
            "项目文件夹不在 git 仓库里，看不出改动了什么",
            "the project is no git repository, so nothing tells what changed",
        )
    prefix = _git(project, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape")
    prefix = prefix.removesuffix("\n")
    found = _run(project, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}")
    is_shallow = _git(project, "rev-parse", "--is-shallow-repository").strip() == b"true"
    fetch = (
        (
            "仓库是浅克隆，没有这个提交；请先运行 git fetch --unshallow，"
            "或在流水线里设 GIT_DEPTH: 0",
            "the clone is shallow: run git fetch --unshallow, or set GIT_DEPTH: 0 in the pipeline",
        )
        if is_shallow
        else (
            "仓库里没有这个提交，请核对名字，或先运行 git fetch",
            "no such commit: check the name, or run git fetch first",
        )
    )
    if found.returncode:
        raise GitFailed(*fetch)
    commit = found.stdout.decode("ascii").strip()
    common = _run(project, "merge-base", commit, "HEAD")
    if common.returncode or not common.stdout.strip():
        if is_shallow:
            raise GitFailed(*fetch)
        raise GitFailed("它与当前分支没有共同的起点", "it shares no beginning with this branch")
    begun = common.stdout.decode("ascii").split()[0]
    changed: dict[tuple[str, str], Changed] = {}
    raw = ["diff", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-relative"]
    raw += ["--no-textconv", "--ignore-submodules=none"]
    for span in ((begun, "HEAD"), ("HEAD",)):
        for one in _read_raw(_git(project, *raw, *span, "--"), prefix):
            key = (one.path, one.mode)
            held = changed.get(key)
            changed[key] = Changed(one.path, held.old, one.new, one.mode) if held else one
    others = ("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/")
    top = Path(os.fsdecode(_git(project, "rev-parse", "--show-toplevel").removesuffix(b"\n")))
    for name in _names(_git(project, *others)):
        path = _below(name, prefix).rstrip("/")
        is_link = (top / name).is_symlink()
        # a folder of its own is named by git only where it is another repository
        mode = _LINK if is_link else _SUBMODULE if name.endswith("/") else "100644"
        changed.setdefault((path, mode), Changed(path, "", "", mode))
    return Change(begun, prefix, project, top, tuple(changed[key] for key in sorted(changed)))


def _read_raw(said: bytes, prefix: str) -> Iterator[Changed]:
    fields = said.split(b"\0")
    for head, name in zip(fields[::2], fields[1::2], strict=False):
        old_mode, mode, old, new, _ = head.decode("ascii").removeprefix(":").split()
        path = _below(name.decode("utf-8", "backslashreplace"), prefix)
        is_blob = old_mode not in (_ABSENT, _SUBMODULE)
        yield Changed(path, old if is_blob else "", new if mode != _ABSENT else "", mode)


def _names(said: bytes) -> Iterator[str]:
    return (name.decode("utf-8", "backslashreplace") for name in said.split(b"\0") if name)


def _below(name: str, prefix: str) -> str:
    return name.removeprefix(prefix) if name.startswith(prefix) else f"/{name}"


def _git(
    project: Path, *arguments: str, said: bytes | None = None, more: dict[str, str] | None = None
) -> bytes:
    done = _run(project, *arguments, said=said, more=more)
    if done.returncode:
        why = done.stderr.decode("utf-8", "replace").strip().split("\n")[0][:200]
        raise GitFailed(f"git 无法回答（{why}）", f"git cannot answer ({why})")
    return done.stdout


def _run(
    project: Path, *arguments: str, said: bytes | None = None, more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(
            ["git", *_OPTIONS, *arguments],
            cwd=project,
            env={**environment, **(more or {})},
            input=said or b"",
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise GitFailed("需要先安装 git", "git must be installed") from None
    except subprocess.TimeoutExpired:
        raise GitFailed("git 太久没有回答", "git took too long") from None

"""A published folder into one package that works from a disk, without a server.

A page that was opened from a disk may run scripts but not read files. The data of search
therefore lie in the package twice: as they are, and as scripts that hand over the same bytes.
"""

from __future__ import annotations

import base64
import errno
import io
import json
import os
import shutil
import stat
import zipfile
from pathlib import Path
from typing import IO

_MARK = "data/manifest.tsv"  # every release holds it
_SEARCH = "search/"
_PACKED = (".bin", ".docx", ".xlsx", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".zip")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a package can tell


class NoSite(Exception):
    """The folder does not hold a built site."""


def bundle(site: Path, out: Path) -> int:
    """Write the files of ``site`` and the twins of its search data to ``out``, a ZIP file.

    The same site gives the same bytes. What the release does not list, and links, are left out.
    Returns how many files of the site were packed.

    Raises:
        NoSite: there is no built site.
        OSError: the package cannot be written; one that stood there before still stands.
    """
    if not (site / _MARK).is_file():
        raise NoSite(str(site))
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
    sizes = _released(site)
    twins = {f"{address}.js": address for address in sizes if _has_twin(address)}
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.new")
    try:
        beside.unlink(missing_ok=True)  # whatever a link there points to is not ours
        with open(beside, "xb") as file:
            with zipfile.ZipFile(file, "w") as package:
                for address in sorted({*sizes, *twins}):
                    if address in sizes:
                        with open(site / address, "rb") as data:
                            _add(package, address, data, sizes[address])
                    else:
                        data_of_twin = _twin(site, twins[address])
                        _add(package, address, io.BytesIO(data_of_twin), len(data_of_twin))
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, out)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return len(sizes)


def _released(site: Path) -> dict[str, int]:
    """Return the size of each regular file that the release lists, and of the list itself."""
    lines = (site / _MARK).read_text("utf-8").splitlines()
    root = os.path.realpath(site)
    found = {}
    for address in (*(line.split("\t", 2)[-1] for line in lines), _MARK):
        path = os.path.join(root, *address.split("/"))
        if ".." in address.split("/") or os.path.realpath(path) != path:
            continue  # not below the folder, or a link on the way
        if os.path.isfile(path):
            found[address] = os.path.getsize(path)
    return found


def _has_twin(address: str) -> bool:
    name = address.removeprefix(_SEARCH)
    return name != address and (name == "manifest.json" or name.endswith((".bin", ".txt")))


def _twin(site: Path, address: str) -> bytes:
    """Return a script that hands a file of search over under its path below ``search/``."""
    with open(site / address, "rb") as file:
        data = base64.b64encode(file.read())
    name = json.dumps(address.removeprefix(_SEARCH)).encode()
    return b'gongkaiPut(%b,"%b");\n' % (name, data)


def _add(package: zipfile.ZipFile, address: str, data: IO[bytes], size: int) -> None:
    info = zipfile.ZipInfo(address, _FIRST_DAY)
    is_packed = address.lower().endswith(_PACKED)
    info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    info.create_system = 3  # Unix, whichever system writes it
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.file_size = size
    with package.open(info, "w") as part:
        shutil.copyfileobj(data, part, 1 << 20)

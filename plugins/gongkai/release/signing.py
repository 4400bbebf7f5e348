"""A checkpoint into its signature, and a signature into trust, by commands outside this program.

The private key never comes near this program: an outside command signs (a token, a smart card
or ``openssl``), and an outside command checks. No shell is involved. What is signed is the text
of ``log/checkpoint``, byte by byte; the signature stands beside it in ``log/checkpoint.sig``.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMEOUT = 60.0  # seconds; long enough for a PIN to be typed
LONGEST = 16 * 1024  # bytes of a signature; those of RSA and certificates' chains are far shorter
SM2_ID = "1234567812345678"  # the user identity that GM/T 0009 names when none was agreed on
_TAIL = 300  # characters of a failed command's words
_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----(.+?)-----END PUBLIC KEY-----", re.DOTALL)
_ED25519 = bytes.fromhex("06032b6570")  # the algorithms' identifiers in a public key (RFC 8410)
_SM2 = bytes.fromhex("06082a811ccf5501822d")  # (GB/T 33560)

Command = Sequence[str] | str


class SigningFailed(Exception):
    """An outside command could not be run or did not sign; the words are for the operator."""


class KeyUnreadable(Exception):
    """A file is no public key in PEM; the words are for the operator."""


def sign(checkpoint: bytes, command: Command, *, timeout: float = TIMEOUT) -> bytes:
    """Return the signature that an outside command makes over a checkpoint.

    ``command`` is a list of arguments or one line in a shell's quoting; ``{in}`` stands for the
    file to sign and ``{out}`` for the file of the signature. Without ``{in}`` the text comes on
    standard input, without ``{out}`` the signature is what the command prints.

    Raises:
        SigningFailed: the command is missing, failed, took too long, or gave no signature.
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        text, out = Path(folder, "checkpoint"), Path(folder, "signature")
        text.write_bytes(checkpoint)
        arguments = _arguments(command, {"in": str(text), "out": str(out)})
        printed = _run(arguments, text, Path(folder), timeout)
        if any("{out}" in part for part in _parts(command)):
            if out.is_symlink() or not out.is_file():
                raise SigningFailed("签名命令没有写出签名文件")
            with out.open("rb") as file:
                printed = file.read(LONGEST + 1)
    if not printed.strip():
        raise SigningFailed("签名命令给出的签名是空的")
    if len(printed) > LONGEST:
        raise SigningFailed(f"签名命令给出的内容超过 {LONGEST} 字节，不像签名")
    return printed


def is_signed(
    checkpoint: bytes, signature: bytes, command: Command, *, timeout: float = TIMEOUT
) -> bool:
    """Tell whether an outside command accepts a signature; status 0 means that it does.

    ``{in}`` stands for the file of the checkpoint and ``{sig}`` for that of the signature, which
    may have been published in base64.

    Raises:
        SigningFailed: the command cannot be run or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        text, given = Path(folder, "checkpoint"), Path(folder, "signature")
        text.write_bytes(checkpoint)
        given.write_bytes(raw_signature(signature))
        arguments = _arguments(command, {"in": str(text), "sig": str(given)})
        try:
            _run(arguments, text, Path(folder), timeout)
        except _Refused:
            return False
    return True


def check_command(key: Path) -> list[str]:
    """Return the ``openssl`` command (3.0 or newer) that checks signatures of a public key.

    Raises:
        KeyUnreadable: the file cannot be read or holds no public key in PEM.
    """
    try:
        with key.open("rb") as file:
            found = _PEM.search(file.read(64 * 1024))
        data = base64.b64decode(b"".join(found[1].split()), validate=True) if found else b""
    except OSError as error:
        raise KeyUnreadable(f"公钥 {key} 打不开：{error.strerror}") from None
    except binascii.Error:
        data = b""
    if not data:
        raise KeyUnreadable(f"{key} 不是 PEM 格式的公钥")
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin"]
    if _ED25519 in data[:16]:
        return [*verify, "-in", "{in}", "-sigfile", "{sig}"]
    if _SM2 in data[:32]:
        by = ["-digest", "sm3", "-pkeyopt", f"distid:{SM2_ID}"]
        return [*verify, *by, "-in", "{in}", "-sigfile", "{sig}"]
    return ["openssl", "dgst", "-sha256", "-verify", str(key), "-signature", "{sig}", "{in}"]


def raw_signature(data: bytes) -> bytes:
    """Return a signature's own bytes, where it was published in base64."""
    try:
        return base64.b64decode(b"".join(data.split()), validate=True) or data
    except (binascii.Error, ValueError):
        return data


class _Refused(SigningFailed):
    """The command ran and said no."""


def _parts(command: Command) -> list[str]:
    try:
        return shlex.split(command) if isinstance(command, str) else [*command]
    except ValueError as error:
        raise SigningFailed(f"命令“{command}”的引号不成对（{error}）") from None


def _arguments(command: Command, places: Mapping[str, str]) -> list[str]:
    """Return a command's arguments with the names of files put in; other braces stay."""
    arguments = _parts(command)
    for name, place in places.items():
        arguments = [part.replace(f"{{{name}}}", place) for part in arguments]
    if not arguments:
        raise SigningFailed("没有写明命令")
    return arguments


def _run(arguments: list[str], text: Path, folder: Path, timeout: float) -> bytes:
    """Run a command to its end and return what it printed.

    Its output goes to files, so that a child it leaves behind cannot hold us through a pipe.
    """
    out, err = folder / "out", folder / "err"
    with text.open("rb") as given, out.open("wb") as told, err.open("wb") as said:
        try:
            done = subprocess.run(
                arguments, stdin=given, stdout=told, stderr=said, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired:
            raise SigningFailed(f"命令 {arguments[0]} 超过 {timeout:g} 秒没有结束") from None
        except (OSError, ValueError) as error:
            why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
            raise SigningFailed(f"命令 {arguments[0]} 无法运行：{why}") from None
    with out.open("rb") as file:
        printed = file.read(LONGEST + 1)
    if done.returncode:
        with err.open("rb") as file:
            words = file.read(4096) or printed[:4096]
        tail = " ".join(words.decode("utf-8", "replace").split())[-_TAIL:]
        raise _Refused(f"命令 {arguments[0]} 以状态 {done.returncode} 结束：{tail}")
    return printed

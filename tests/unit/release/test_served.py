"""A copy that was meddled with is told from a sound one, in a folder and on any server."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.release.fetch import Folder, Web
from gongkai.release.served import Anchors, Kind, Verdict, check
from gongkai.release.signing import (
    KeyUnreadable,
    SigningFailed,
    check_command,
    is_signed,
    raw_signature,
    sign,
)
from served_copy import (
    ROWS,
    Handler,
    commitment,
    page,
    pages,
    put,
    relist,
    serving,
    write_checkpoint,
    write_copy,
    write_ledger,
)

FIRST = f"{ROWS[0][3]}.html"
ATTACHMENT = "i/QH0000028/2026-00001/1-0123abcd.pdf"
GAMBLING = (
    '<div style="position:absolute;left:-9999px"><a href="https://bet.example/a">现金网开户</a>'
    '<a href="https://bet.example/b">真人娱乐</a></div>'
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return write_copy(tmp_path / "copy")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """The site as it was built."""
    return write_copy(tmp_path / "sound")


def in_folder(copy: Path, **anchors: object) -> Verdict:
    return check(Folder(copy), Anchors(**anchors))  # type: ignore[arg-type]


def on_web(url: str, limit: float = 60, silence: float = 5, **anchors: object) -> Verdict:
    web = Web(url, timeout=silence, until=time.monotonic() + limit)
    try:
        return check(web, Anchors(**anchors))  # type: ignore[arg-type]
    finally:
        web.close()


def found(verdict: Verdict) -> list[tuple[str, str]]:
    return [(one.kind.value, one.address) for one in verdict.differences]


def edit(copy: Path, address: str, old: str, new: str) -> None:
    text = (copy / address).read_text("utf-8")
    assert old in text
    (copy / address).write_text(text.replace(old, new), "utf-8")


def test_a_sound_copy_agrees(copy: Path) -> None:
    verdict = in_folder(copy)
    assert (found(verdict), verdict.code, verdict.why_not) == ([], 0, "")
    assert verdict.files == len(pages()) + 2


def test_without_anything_to_trust_only_agreement_within_itself_is_claimed(copy: Path) -> None:
    verdict = in_folder(copy)
    assert not verdict.is_proved
    assert verdict.notes == [
        "没有密钥、登记簿或本地的网站可以对照：只核对了这份网站自身前后是否一致"
    ]


def test_a_sound_copy_on_a_server_agrees(copy: Path) -> None:
    with serving(copy) as (url, asked):
        verdict = on_web(url)
    assert (found(verdict), verdict.code) == ([], 0)
    assert any("gk-" in path for path in asked), "what it says of nothing was learned"


def test_a_site_below_a_folder_agrees(tmp_path: Path) -> None:
    write_copy(tmp_path / "root" / "zwgk")
    with serving(tmp_path / "root") as (url, _):
        for name in ("zwgk", "zwgk/", "zwgk/index.html"):
            assert found(on_web(url + name)) == []


def test_one_changed_byte_is_named_with_its_place(copy: Path, sound: Path) -> None:
    edit(copy, FIRST, "第1号", "第7号")
    verdict = in_folder(copy, site=sound)
    assert found(verdict) == [("changed", FIRST)]
    line = verdict.differences[0].line()
    assert line.startswith(f"{FIRST}: 内容被改动（应为 ")
    assert "字节起不同：原为“1号通知" in line and "现为“7号通知" in line
    assert verdict.code == 1


@pytest.mark.parametrize("has_original", [True, False])
def test_hidden_gambling_links_are_shown(copy: Path, sound: Path, has_original: bool) -> None:
    edit(copy, FIRST, "<h1>", f"{GAMBLING}<h1>")
    verdict = in_folder(copy, site=sound if has_original else None)
    assert found(verdict) == [("changed", FIRST)]
    line = verdict.differences[0].line()
    assert "页面被加入外部链接 bet.example（2 处）" in line
    assert "看不见的文字 “现金网开户 真人娱乐”" in line
    assert "gov.cn" not in line


def test_foreign_words_are_shown_masked_and_short(copy: Path) -> None:
    edit(copy, FIRST, "<h1>", f"<p hidden>\x1b[2J\u202e{'赌' * 500}</p><h1>")
    line = in_folder(copy).differences[0].line()
    assert "\\u001b[2J\\u202e赌" in line
    assert len(line) < 300


def test_a_file_that_nothing_links_to_is_found_in_a_folder(copy: Path) -> None:
    put(copy, "i/QH0000028/bet.html", page("娱乐城", GAMBLING).encode())
    verdict = in_folder(copy)
    assert found(verdict) == [("injected", "i/QH0000028/bet.html")]
    assert "bet.example" in verdict.differences[0].why


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
def test_links_and_special_files_are_found_and_never_followed(copy: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside/x.html", b"x")
    (copy / "out").symlink_to(tmp_path / "outside")
    (copy / "one.html").symlink_to(copy / "index.html")
    os.mkfifo(copy / "pipe")
    (copy / "404.html").unlink()
    (copy / "404.html").symlink_to(copy / "index.html")
    verdict = in_folder(copy)
    injected = [("injected", name) for name in ("one.html", "out", "pipe")]
    assert found(verdict) == [("changed", "404.html"), *injected]


def test_a_missing_page_is_named(copy: Path) -> None:
    (copy / FIRST).unlink()
    assert found(in_folder(copy)) == [("missing", FIRST)]
    with serving(copy) as (url, _):
        assert found(on_web(url)) == [("missing", FIRST)]


def test_a_swapped_attachment_is_named(copy: Path) -> None:
    put(copy, ATTACHMENT, (copy / ATTACHMENT).read_bytes()[::-1])
    assert found(in_folder(copy)) == [("changed", ATTACHMENT)]


def test_a_list_that_was_written_anew_is_caught_by_the_checkpoint(copy: Path) -> None:
    edit(copy, FIRST, "<h1>", f"{GAMBLING}<h1>")
    relist(copy)
    verdict = in_folder(copy)
    assert found(verdict) == [("changed", "data/manifest.tsv")]


def test_a_checkpoint_written_anew_too_is_caught_by_the_built_site(copy: Path, sound: Path) -> None:
    edit(copy, FIRST, "<h1>", f"{GAMBLING}<h1>")
    relist(copy)
    write_checkpoint(copy, [commitment(n) for n in range(len(ROWS))])
    assert found(in_folder(copy)) == []  # agrees within itself: nothing more was claimed
    verdict = in_folder(copy, site=sound)
    assert found(verdict) == [("changed", "data/manifest.tsv"), ("changed", FIRST)]


def test_the_ledger_proves_the_log_and_no_more(copy: Path, tmp_path: Path) -> None:
    verdict = in_folder(copy, content=write_ledger(tmp_path / "content"))
    assert verdict.trusted == ["发布日志与登记簿一致（7 条）"]
    assert not verdict.is_proved
    assert "登记簿只证明发布日志" in verdict.notes[0]


def test_a_forked_log_is_caught_by_the_ledger(tmp_path: Path) -> None:
    data = [commitment(n, "" if n != 4 else "other") for n in range(len(ROWS))]
    copy = write_copy(tmp_path / "copy", data=data)
    assert found(in_folder(copy)) == []
    verdict = in_folder(copy, content=write_ledger(tmp_path / "content"))
    assert found(verdict) == [("log", "log/checkpoint")]
    assert "第 5 条（登记簿：2026-03-02 published i/QH0000028/2026-00005）" in (
        verdict.differences[0].why
    )


def test_a_truncated_log_is_an_older_copy_for_the_ledger_and_caught_by_an_old_checkpoint(
    copy: Path, tmp_path: Path
) -> None:
    since = (copy / "log" / "checkpoint").read_bytes()
    short = write_copy(tmp_path / "short", data=[commitment(n) for n in range(5)])
    verdict = in_folder(short, content=write_ledger(tmp_path / "content"))
    assert found(verdict) == []
    assert verdict.trusted == ["发布日志与登记簿一致（5 条，还差最近 2 条）"]
    verdict = in_folder(short, since=since)
    assert "被截短" in verdict.differences[0].why


def test_a_log_that_goes_on_agrees_with_an_old_checkpoint(copy: Path, tmp_path: Path) -> None:
    for size in range(len(ROWS) + 1):
        short = write_copy(tmp_path / f"{size}", data=[commitment(n) for n in range(size)])
        since = (short / "log" / "checkpoint").read_bytes()
        verdict = in_folder(copy, since=since)
        assert found(verdict) == []
        assert verdict.trusted == [f"发布日志接续旧的检查点（{size} 条）"]


def test_a_log_whose_history_was_rewritten_is_caught_by_an_old_checkpoint(
    copy: Path, tmp_path: Path
) -> None:
    since = (copy / "log" / "checkpoint").read_bytes()
    data = [commitment(n, "" if n else "other") for n in range(len(ROWS) + 1)]
    verdict = in_folder(write_copy(tmp_path / "longer", data=data), since=since)
    assert "历史被改写" in verdict.differences[0].why


def test_a_log_with_more_than_the_ledger_is_not_ours(copy: Path, tmp_path: Path) -> None:
    verdict = in_folder(copy, content=write_ledger(tmp_path / "content", rows=3))
    assert "多出的不是本地登记的" in verdict.differences[0].why


@pytest.mark.parametrize("name", ["entries/000.p/7", "0/000.p/7"])
def test_a_damaged_or_missing_tile_is_named(copy: Path, name: str) -> None:
    file = copy / "log" / "tile" / name
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    assert ("log", f"log/tile/{name}") in found(in_folder(copy)) or name.startswith("entries")
    assert ("log", "log/checkpoint") in found(in_folder(copy)) or not name.startswith("entries")
    file.unlink()
    assert ("log", f"log/tile/{name}") in found(in_folder(copy))
    assert ("missing", f"log/tile/{name}") in found(in_folder(copy))


@pytest.mark.parametrize(
    "text",
    [b"", b"\xff\xfe", b"a/log\n7\nAAAA\n", b"a/log\n-1\n", b"\n" * 9, b"x" * 20000,
     b"a/log\n999999999999999\n" + b"A" * 43 + b"=\nmanifest sha256 " + b"0" * 64 + b"\n"],
)  # fmt: skip
def test_a_checkpoint_that_is_none_is_said(copy: Path, text: bytes) -> None:
    put(copy, "log/checkpoint", text)
    assert ("log", "log/checkpoint") in found(in_folder(copy))


@pytest.mark.parametrize(
    ("old", "new"), [("\nmanifest", "\n现金网开户\nmanifest"), ("www.qinghe.example", "<b>bet</b>")]
)
def test_a_checkpoint_holds_no_words_but_its_own(copy: Path, old: str, new: str) -> None:
    edit(copy, "log/checkpoint", old, new)
    verdict = in_folder(copy)
    assert found(verdict) == [("log", "log/checkpoint")]
    assert "不属于它的文字" in verdict.differences[0].why


def test_what_is_no_signature_is_not_let_pass_for_one(copy: Path, tmp_path: Path) -> None:
    put(copy, "log/checkpoint.sig", b"<script src=//bet.example></script>")
    assert found(in_folder(copy)) == [("injected", "log/checkpoint.sig")]
    put(copy, "log/checkpoint.sig", "现金网开户".encode())
    assert found(in_folder(copy)) == [("injected", "log/checkpoint.sig")]
    put(copy, "log/checkpoint.sig", bytes(range(64)))
    verdict = in_folder(copy)
    assert found(verdict) == []
    assert any("签名没有核对" in note for note in verdict.notes)


def test_an_older_copy_that_shows_what_was_taken_down_since_is_named(
    copy: Path, tmp_path: Path
) -> None:
    content = write_ledger(tmp_path / "content")
    rows = content / "ledger" / "mzj.tsv"
    row = ["9", "2026-04-01", "erased", ROWS[0][3], "ab" * 32]
    rows.write_text(rows.read_text("utf-8") + "\t".join(row) + "\n", "utf-8")
    verdict = in_folder(copy, content=content)
    assert found(verdict) == [("log", "log/checkpoint")]
    assert "没有撤下" in verdict.differences[0].why
    assert verdict.code == 1


def test_a_folder_that_cannot_be_looked_into_is_named(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(copy, "bet/index.html", b"x")
    scan = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("/bet"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    verdict = in_folder(copy)
    assert found(verdict) == [("injected", "bet")]
    assert "打不开" in verdict.differences[0].why


def test_a_copy_without_a_log_is_checked_by_its_list(copy: Path, tmp_path: Path) -> None:
    shutil.rmtree(copy / "log")
    relist(copy)
    assert found(in_folder(copy)) == []
    content = write_ledger(tmp_path / "content")
    assert found(in_folder(copy, content=content)) == [("log", "log/checkpoint")]


@pytest.mark.parametrize("text", [b"", b"x", b"\xff\n", b"0\t1\ta\n", b"../x\n"])
def test_a_list_that_is_none_is_said(copy: Path, sound: Path, text: bytes) -> None:
    digest = hashlib.blake2b(b"", digest_size=16).hexdigest()
    put(copy, "data/manifest.tsv", text.replace(b"..", f"{digest}\t0\t..".encode()))
    verdict = in_folder(copy)
    assert verdict.code == 2 or found(verdict)
    assert ("changed", "data/manifest.tsv") in found(in_folder(copy, site=sound))


def test_a_folder_that_holds_no_site_cannot_be_checked(tmp_path: Path) -> None:
    verdict = in_folder(tmp_path)
    assert verdict.code == 2
    assert "data/manifest.tsv" in verdict.summary()


# ---- signatures


def keys(folder: Path, kind: str) -> tuple[Path, Path]:
    """Return a new private and public key, or skip where this machine cannot make them."""
    private, public = folder / f"{kind}.pem", folder / f"{kind}.pub"
    how = ["-algorithm", "ed25519"]
    if kind == "sm2":
        how = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"]
    for command in (
        ["openssl", "genpkey", *how, "-out", str(private)],
        ["openssl", "pkey", "-in", str(private), "-pubout", "-out", str(public)],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip(f"openssl makes no {kind} keys here")
    return private, public


SIGNERS = {
    "ed25519": "openssl pkeyutl -sign -inkey {key} -rawin -in {{in}} -out {{out}}",
    "sm2": "openssl pkeyutl -sign -inkey {key} -rawin -digest sm3"
    " -pkeyopt distid:1234567812345678 -in {{in}} -out {{out}}",
}


@pytest.mark.parametrize("kind", SIGNERS)
def test_a_signed_copy_needs_nothing_else(copy: Path, tmp_path: Path, kind: str) -> None:
    private, public = keys(tmp_path, kind)
    text = (copy / "log" / "checkpoint").read_bytes()
    put(copy, "log/checkpoint.sig", sign(text, SIGNERS[kind].format(key=private)))
    verdict = in_folder(copy, check=check_command(public))
    assert (found(verdict), verdict.is_proved) == ([], True)
    assert verdict.trusted == ["检查点的签名有效"]
    write_checkpoint(copy, [commitment(n) for n in range(len(ROWS))][:5])
    verdict = in_folder(copy, check=check_command(public))
    assert "签名无效" in next(one.why for one in verdict.differences if one.kind is Kind.LOG)
    assert not verdict.is_proved


@pytest.mark.parametrize("kind", SIGNERS)
def test_a_signature_in_base64_counts_and_that_of_another_key_does_not(
    tmp_path: Path, kind: str
) -> None:
    private, public = keys(tmp_path, kind)
    text = tmp_path / "text"
    text.write_bytes(b"checkpoint\n")
    signature = sign(text.read_bytes(), SIGNERS[kind].format(key=private).split())
    encoded = subprocess.run(
        ["openssl", "base64"], input=signature, capture_output=True, check=True
    ).stdout
    assert raw_signature(encoded) == signature
    command = check_command(public)
    assert is_signed(b"checkpoint\n", encoded, command)
    assert not is_signed(b"checkpoinT\n", signature, command)
    (tmp_path / "other").mkdir()
    assert not is_signed(
        b"checkpoint\n", signature, check_command(keys(tmp_path / "other", kind)[1])
    )


def test_signatures_with_an_agreed_command_need_no_key_file() -> None:
    assert is_signed(b"a", b"a\0", "python3 -c 'import sys; sys.exit(0)' {in} {sig}")
    assert not is_signed(b"a", b"a\0", ["python3", "-c", "import sys; sys.exit(1)"])


def test_what_a_command_prints_is_the_signature_where_it_writes_no_file() -> None:
    assert sign(b"abc", ["cat"]) == b"abc"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("no-such-command {in}", "无法运行"),
        ("python3 -c 'import sys; sys.exit(\"no card\")'", "no card"),
        ("python3 -c pass", "空的"),
        ("python3 -c pass {in} {out}", "没有写出"),
        ("python3 -c 'import time; time.sleep(60)'", "没有结束"),
        ("python3 -c 'print(\"x\" * 99999)'", "不像签名"),
        ("'", "引号"),
        ("", "没有写明"),
    ],
)
def test_a_command_that_does_not_sign_is_told_in_words(command: str, words: str) -> None:
    with pytest.raises(SigningFailed, match=words):
        sign(b"abc", command, timeout=1)


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    assert (
        sign(b"a", f"echo $(touch {tmp_path}/x) ; rm") == f"$(touch {tmp_path}/x) ; rm\n".encode()
    )
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("data", [b"", b"-----BEGIN PUBLIC KEY-----\n*\n-----END PUBLIC KEY-----"])
def test_a_key_that_is_none_is_told_in_words(tmp_path: Path, data: bytes) -> None:
    put(tmp_path, "key", data)
    for name in ("key", "nowhere"):
        with pytest.raises(KeyUnreadable):
            check_command(tmp_path / name)


# ---- servers


def test_an_injected_page_is_found_by_a_link_from_a_changed_one(copy: Path) -> None:
    put(copy, "i/bet/1.html", page("娱乐城", '<a href="2.html?from=1">下一页</a>').encode())
    put(copy, "i/bet/2.html", page("娱乐城二").encode())
    edit(copy, FIRST, "<h1>", '<a href="../bet/1.html">x</a><a href="../../index.html">y</a><h1>')
    with serving(copy) as (url, _):
        verdict = on_web(url)
    assert found(verdict) == [
        ("changed", FIRST),
        ("injected", "i/bet/1.html"),
        ("injected", "i/bet/2.html?from=1"),
    ]


@pytest.mark.parametrize(
    "link", ["..\\bet\\1.html", "..//bet/1.html", "http://HOST/./i//bet/1.html", "../b\net/1.html"]
)
def test_an_injected_page_is_found_by_a_link_that_only_a_browser_reads(
    copy: Path, link: str
) -> None:
    put(copy, "i/bet/1.html", page("娱乐城").encode())
    with serving(copy) as (url, _):
        written = link.replace("HOST", url.split("/")[2])
        edit(copy, FIRST, "<h1>", f'<a href="{written}">x</a><h1>')
        verdict = on_web(url)
    assert found(verdict) == [("changed", FIRST), ("injected", "i/bet/1.html")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Refresh": "0; url=https://bet.example/"},
        {"Link": "<https://bet.example/a.css>; rel=stylesheet"},
        {"Content_Type": "text/html; charset=iso-2022-jp"},
    ],
)
def test_what_a_server_says_beside_a_sound_page_is_a_difference(
    copy: Path, headers: dict[str, str]
) -> None:
    def beside(handler: Handler) -> None:
        file = handler.folder / handler.path.partition("?")[0].removeprefix("/")
        if not file.is_file():
            handler.answer(b"not found", 404)
        else:
            more = headers if handler.path == f"/{FIRST}" else {}
            handler.answer(file.read_bytes(), **more)

    with serving(copy, beside) as (url, _):
        verdict = on_web(url)
    assert found(verdict) == [("changed", FIRST)]
    assert "服务器" in verdict.differences[0].why


def test_an_injected_page_is_found_by_the_sitemap(copy: Path) -> None:
    put(copy, "bet.html", page("娱乐城").encode())
    url = "https://www.qinghe.example/bet.html"
    edit(copy, "sitemap.xml", "</urlset>", f"<url><loc>{url}</loc></url></urlset>")
    with serving(copy) as (home, _):
        assert found(on_web(home)) == [("changed", "sitemap.xml"), ("injected", "bet.html")]


def soft(handler: Handler) -> None:
    """Answer 200 to anything, as many portals do."""
    file = handler.folder / handler.path.partition("?")[0].removeprefix("/")
    there = file.is_file()
    handler.answer(file.read_bytes() if there else page(f"找不到 {handler.path}").encode())


def test_a_server_that_answers_200_to_anything_is_seen_through(copy: Path) -> None:
    put(copy, "bet.html", page("娱乐城").encode())
    links = '<a href="/bet.html">x</a><a href="/nothing.html">y</a><h1>'
    edit(copy, FIRST, "<h1>", links)
    (copy / "404.html").unlink()
    with serving(copy, soft) as (url, _):
        verdict = on_web(url)
    assert found(verdict) == [("changed", FIRST), ("injected", "bet.html"), ("missing", "404.html")]
    assert any("应改为 404" in note for note in verdict.notes)


def test_a_server_whose_error_pages_never_repeat_is_said(copy: Path) -> None:
    edit(copy, FIRST, "<h1>", '<a href="/nothing.html">y</a><h1>')
    turns: list[int] = []

    def restless(handler: Handler) -> None:
        file = handler.folder / handler.path.removeprefix("/")
        turns.append(1)
        handler.answer(file.read_bytes() if file.is_file() else b"%d" % len(turns))

    with serving(copy, restless) as (url, _):
        verdict = on_web(url)
    assert found(verdict) == [("changed", FIRST)]
    assert any("无法判断" in note for note in verdict.notes)


def test_compression_is_undone_and_what_a_server_adds_is_a_difference(copy: Path) -> None:
    def packed(handler: Handler) -> None:
        file = handler.folder / handler.path.removeprefix("/")
        data = file.read_bytes() if file.is_file() else b""
        if handler.path == f"/{FIRST}":
            data += b"<script src=/livereload.js></script>"
        elif handler.path == "/404.html":
            handler.answer(gzip.compress(data))  # compressed, and not said so
            return
        status = 200 if file.is_file() else 404
        handler.answer(gzip.compress(data), status, Content_Encoding="gzip")

    with serving(copy, packed) as (url, _):
        verdict = on_web(url)
    assert found(verdict) == [("changed", "404.html"), ("changed", FIRST)]


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def endless_gzip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    handler.wfile.write(gzip.compress(b"\0" * 50_000_000))
    handler.close_connection = True


def too_short(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "99999")
    handler.end_headers()
    handler.wfile.write(b"x")
    handler.close_connection = True


def many_headers(handler: Handler) -> None:
    handler.send_response(200)
    for n in range(5000):
        handler.send_header(f"X-{n}", "x" * 1000)
    handler.end_headers()


def long_header(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("X", "x" * 10_000_000)
    handler.end_headers()


def loop(handler: Handler) -> None:
    handler.answer(b"", 302, Location=handler.path)


def spiral(handler: Handler) -> None:
    handler.answer(b"", 302, Location=f"{handler.path}x")


def elsewhere(handler: Handler) -> None:
    handler.answer(b"", 301, Location=f"https://bet.example{handler.path}")


def bad_location(handler: Handler) -> None:
    handler.answer(b"", 301, Location="http://[::1/\u00ff")


def nonsense(handler: Handler) -> None:
    handler.wfile.write(b"\xff\xfe\0 nonsense\r\n\r\n")
    handler.close_connection = True


def bad_gzip(handler: Handler) -> None:
    handler.answer(b"\x1f\x8b\x08nonsense", Content_Encoding="gzip")


def odd_coding(handler: Handler) -> None:
    handler.answer(b"x", Content_Encoding="br\x1b[2J")


def bad_chunks(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"zzzz\r\nxx\r\n")
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def continue_for_ever(handler: Handler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def drip_body(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: Handler) -> None:
    time.sleep(60)


HOSTILE = [endless, endless_gzip, too_short, many_headers, long_header, loop, spiral, elsewhere]
HOSTILE += [bad_location, nonsense, bad_gzip, odd_coding, bad_chunks, hang_up]
SLOW = [continue_for_ever, drip_headers, drip_body, silent]


@pytest.mark.parametrize("get", HOSTILE, ids=lambda f: f.__name__)
def test_one_hostile_answer_costs_only_its_own_page(
    copy: Path, get: Callable[[Handler], None]
) -> None:
    def partly(handler: Handler) -> None:
        (get if handler.path.startswith(f"/{FIRST}") else Handler.do_GET)(handler)

    with serving(copy, partly) as (url, _):
        verdict = on_web(url)
    assert [address for _, address in found(verdict)] == [FIRST]
    assert verdict.code in (1, 2)
    assert "\x1b" not in verdict.differences[0].line()


@pytest.mark.parametrize("get", HOSTILE, ids=lambda f: f.__name__)
def test_a_wholly_hostile_server_is_given_up(copy: Path, get: Callable[[Handler], None]) -> None:
    with serving(copy, get) as (url, _):
        verdict = on_web(url, silence=1)
    assert verdict.code in (1, 2)
    assert verdict.summary()


@pytest.mark.parametrize("get", SLOW, ids=lambda f: f.__name__)
def test_a_tar_pit_holds_nobody_longer_than_the_time_limit(
    copy: Path, sound: Path, get: Callable[[Handler], None]
) -> None:
    def partly(handler: Handler) -> None:
        (get if handler.path.startswith("/i/") else Handler.do_GET)(handler)

    begun = time.monotonic()
    with serving(copy, partly) as (url, _):
        verdict = on_web(url, limit=2, silence=1, site=sound)
    assert time.monotonic() - begun < 8
    unread = {address for kind, address in found(verdict) if kind == "unreadable"}
    assert FIRST in unread
    assert verdict.code == 2


def test_a_flaky_answer_is_asked_for_again(copy: Path) -> None:
    turns: list[str] = []

    def flaky(handler: Handler) -> None:
        turns.append(handler.path)
        if turns.count(handler.path) == 1:
            handler.answer(b"busy", 503)
        else:
            Handler.do_GET(handler)

    with serving(copy, flaky) as (url, _):
        assert found(on_web(url)) == []


def test_a_redirect_on_the_host_is_followed(copy: Path) -> None:
    def moved(handler: Handler) -> None:
        if handler.path.startswith("/new/"):
            handler.path = handler.path.removeprefix("/new")
            Handler.do_GET(handler)
        else:
            handler.answer(b"", 302, Location=f"/new{handler.path}")

    with serving(copy, moved) as (url, _):
        assert found(on_web(url)) == []


def test_a_server_that_is_not_there_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        verdict = on_web(f"http://127.0.0.1:{taken.getsockname()[1]}/", silence=1)
    assert verdict.code == 2
    assert "无法核对" in verdict.summary()


def test_a_site_that_is_published_anew_meanwhile_is_said(copy: Path) -> None:
    (copy / FIRST).unlink()
    turns: list[int] = []

    def restless(handler: Handler) -> None:
        if handler.path == "/data/manifest.tsv":
            turns.append(1)
            if len(turns) > 1:
                handler.answer(b"another list")
                return
        Handler.do_GET(handler)

    with serving(copy, restless) as (url, _):
        assert any("请再核对一次" in note for note in on_web(url).notes)

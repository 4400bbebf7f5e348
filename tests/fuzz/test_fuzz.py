"""The fuzzer finds nothing in a few inputs, names what it finds, and outlives its child."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import pytest

from fuzz.inputs import BODY, FILE, Input, first_inputs, made_input
from fuzz.promises import Broken, check
from fuzz.run import Child, fuzz, main

CHILD = """
import resource, struct, sys, time
while head := sys.stdin.buffer.read(5):
    data = sys.stdin.buffer.read(struct.unpack(">BI", head)[1])
    if data == b"die":
        raise SystemExit(3)
    if data == b"hang":
        time.sleep(99)
    if data == b"spin":
        resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        while True:
            pass
    print('[0.5, "broken"]' if data == b"break" else '[0.1, ""]', flush=True)
"""


def test_fifty_inputs_break_no_promise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--count", "50", "--seconds", "100", "--seed", "7", "--out", str(tmp_path / "out")]
    assert main(arguments) == 0, capsys.readouterr().out
    assert "seed 7\n50 inputs" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_a_seed_makes_the_same_inputs_again() -> None:
    made = [made_input(3, n) for n in range(40)]
    assert made == [made_input(3, n) for n in range(40)]
    assert made != [made_input(4, n) for n in range(40)]
    assert {given.kind for given in made} == {BODY, FILE}
    assert len({given.data for given in made}) > 35
    assert len(list(islice(first_inputs(), 300))) == 300


@pytest.mark.parametrize(
    ("data", "seconds", "reason"),
    [
        (b"break", 100, "broken"),
        (b"die", 100, "the process died with status 3"),
        (b"spin", 100, "more than 6 seconds of CPU time"),
        (b"hang", 2, "no answer within 2 seconds"),
    ],
)
def test_what_fails_is_kept_with_its_reason_and_the_next_is_tried(
    tmp_path: Path, data: bytes, seconds: float, reason: str
) -> None:
    child = Child([sys.executable, "-c", CHILD], wall_seconds=seconds)
    inputs = [Input(BODY, data)] * 2
    tally = fuzz(inputs, child, tmp_path, 100)
    assert tally.tried == 2
    ((first, path), again) = tally.failures
    assert (first, path) == again == (reason, path)
    assert path.read_bytes() == data
    assert path.with_name(f"{path.name}.reason").read_text("utf-8") == f"{reason}\n"


def test_a_kept_input_is_tried_again_and_the_status_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.body").write_text("甲", "utf-8")
    (tmp_path / "2.file").write_text("---\na: b\n---\n甲", "utf-8")
    assert main([str(tmp_path / "1.body"), str(tmp_path / "2.file")]) == 0
    assert "2 inputs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("render_body", "<script>", "live content"),
        ("render_body", "<p><p>甲</p></p>", "change it again"),
        ("read_front_matter", None, "left a body"),
    ],
)
def test_a_promise_that_does_not_hold_is_seen(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, said: str
) -> None:
    from fuzz import promises

    real = promises.render_body
    fakes = {
        "render_body": lambda path, text, line=1: (
            real(path, text, line) if text == promises.CANARY else (value, real("", "甲")[1], [])
        ),
        "read_front_matter": lambda path, text: (None, "甲", 1, []),
    }
    monkeypatch.setattr(promises, name, fakes[name])
    with pytest.raises(Broken, match=said):
        check(Input(FILE, "---\na: b\n---\n甲".encode()))

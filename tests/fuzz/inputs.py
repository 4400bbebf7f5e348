"""A seed number into inputs: golden files, payloads and floods, changed, joined and grown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from fuzz import fragments
from unit.markup.payloads import PAYLOADS

BODY, FILE = "body", "file"
LARGEST = 300_000  # characters; a source may hold two megabytes, whose shape is the same


@dataclass(frozen=True)
class Input:
    """One input: ``file`` is a whole source with its head, ``body`` Markdown alone."""

    kind: str
    data: bytes


@cache
def _files() -> tuple[str, ...]:
    from golden.cases import BASE, read_cases  # the whole build, which the child does not need

    texts = [path.read_text("utf-8") for path in sorted(BASE.rglob("*.md"))]
    for case in read_cases():
        # what a case builds by directives stays as it is written: that is hostile enough
        texts += [s.text for s in case.inputs if s.name.endswith((".md", ".yml"))]
    return tuple(text for text in texts if text)


@cache
def _bodies() -> tuple[str, ...]:
    behind = [text.split("\n---\n", 1)[1] for text in _files() if "\n---\n" in text]
    return (*PAYLOADS, *(text for text in behind if text.strip()))


def first_inputs() -> Iterator[Input]:
    """Yield every seed as it is."""
    for text in _bodies():
        yield Input(BODY, text.encode())
    for text in _files():
        yield Input(FILE, text.encode())


def made_input(seed: int, n: int) -> Input:
    """Return the ``n``-th input that is made under a seed; it depends on nothing else."""
    rng = Random(f"{seed} {n}")
    kind = rng.choice((BODY, FILE))
    text = _body(rng) if kind == BODY else _file(rng)
    for _ in range(rng.choice((0, 1, 1, 2, 4, 8))):
        text = _changed(rng, text, kind)[:LARGEST]
    data = text.encode("utf-8", "surrogatepass")
    if kind == FILE and rng.random() < 0.05:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.randbytes(rng.randrange(1, 5)) + data[at:]
    return Input(kind, data)


def _body(rng: Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(_bodies())
    return fragments.markdown(rng, rng.randrange(1, 40))


def _file(rng: Random) -> str:
    if rng.random() < 0.6:
        return rng.choice(_files())
    head = fragments.yaml(rng, rng.randrange(1, 30))
    return f"---\n{head}\n---\n{_body(rng)}"


def _changed(rng: Random, text: str, kind: str) -> str:
    """Return a text after one change at a random place."""
    start = rng.randrange(len(text) + 1)
    end = min(len(text), start + rng.choice((0, 1, 2, 5, 20, 100)))
    part = text[start:end]
    how = rng.randrange(9)
    if how == 0:
        part = ""
    elif how == 1:
        part = part * rng.choice((2, 3, 50, 2_000)) if len(part) < 200 else part
    elif how == 2:
        part = rng.choice(fragments.HIDDEN + fragments.REFERENCES) + part
    elif how == 3:
        part = "".join(f"&#{ord(c)};" for c in part)
    elif how == 4:
        part = part.swapcase()
    elif how == 5:
        other = _body(rng) if kind == BODY else _file(rng)
        at = rng.randrange(len(other) + 1)
        part = other[at : at + rng.choice((10, 100, 1_000))]
    elif how == 6:
        made = fragments.yaml if kind == FILE and rng.random() < 0.5 else fragments.markdown
        part += made(rng, rng.randrange(1, 5))
    elif how == 7:
        piece = rng.choice(fragments.MARKDOWN + fragments.YAML)
        part += piece * rng.choice((10, 100, 3_000))
    else:
        lines = part.split("\n")
        part = "\n".join("    " * min(n, 40) + line for n, line in enumerate(lines))
    return text[:start] + part + text[end:]

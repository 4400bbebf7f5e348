"""The table of simplified characters is that of the OpenCC project's data.

python tests/unit/kernel/test_hanzi.py    writes plugins/gongkai/kernel/hanzi.py anew
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import opencc
import pytest

MODULE = Path(__file__).resolve().parents[3] / "plugins" / "gongkai" / "kernel" / "hanzi.py"
HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3134A))
WIDTH = 40  # characters a line: they are two columns wide
HEAD = '''"""Traditional characters and their simplified forms, character by character.

From the data of OpenCC (Apache License 2.0): the first form that its conversion ``t2s`` gives a
character alone. Phrases are not converted: what a phrase becomes depends on a dictionary, and the
build and the browser must never differ. Written by ``tests/unit/kernel/test_hanzi.py``.
"""
'''


def pairs() -> dict[str, str]:
    convert = opencc.OpenCC("t2s").convert
    found = {}
    for first, last in HAN:
        for character in map(chr, range(first, last + 1)):
            simple = convert(character)
            while (further := convert(simple)) != simple:
                simple = further
            if (
                simple != character
                and len(simple) == 1
                and unicodedata.is_normalized("NFKC", character)
            ):
                found[character] = simple
    return found


def module() -> str:
    table = pairs()
    parts = [HEAD]
    for name, text in (("TRADITIONAL", "".join(table)), ("SIMPLIFIED", "".join(table.values()))):
        lines = [f'    "{text[at : at + WIDTH]}"\n' for at in range(0, len(text), WIDTH)]
        parts.append(f"{name} = (\n{''.join(lines)})\n")
    parts.append("TO_SIMPLIFIED = str.maketrans(TRADITIONAL, SIMPLIFIED)\n")
    return "\n".join(parts[:2]) + "".join(parts[2:])


def test_the_table_is_that_of_the_data_it_was_made_from() -> None:
    assert MODULE.read_text("utf-8") == module()


def test_no_simplified_character_is_itself_a_traditional_one() -> None:
    from gongkai.kernel.hanzi import SIMPLIFIED, TRADITIONAL

    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert not set(TRADITIONAL) & set(SIMPLIFIED)


@pytest.mark.parametrize(("written", "simple"), [("經營者集中申報標準", "经营者集中申报标准")])
def test_a_title_in_traditional_script_becomes_the_simplified_one(
    written: str, simple: str
) -> None:
    from gongkai.kernel.hanzi import TO_SIMPLIFIED

    assert written.translate(TO_SIMPLIFIED) == simple


if __name__ == "__main__":
    MODULE.write_text(module(), "utf-8")

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.safe_text import safe_block, safe_line

anything = st.text(st.characters(), max_size=200)
"""Every code point, surrogates among them."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]0;title\x07", "␛[31mred␛]0;title␇"),
        ("two\nlines", "two␤lines"),
        ("a\tb\r\n", "a b␍␤"),
        ("\x9b2J", "�2J"),
        ("exe.\u202etxt\u2066.\u200f", "exe.�txt�.�"),
        ("bad\udcffbyte", "bad�byte"),
        ("del\x7f nul\x00", "del␡ nul␀"),
        ("one\u2028two", "one␤two"),
        ("naïve 日本語 👩‍💻", "naïve 日本語 👩‍💻"),
        ("pass\u200cword \u200d", "pass�word �"),
        ("a\u200bb\u2060c\ufeff\u180e\u3164\u206a\ufff9", "a�b�c�����"),
        ("hi\U000e0068\U000e0069\U000e0100", "hi���"),
        ("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"),
        ("❤\ufe0f\u200d🔥 1\ufe0f⃣ 葛\U000e0100", "❤\ufe0f\u200d🔥 1\ufe0f⃣ 葛\U000e0100"),
        ("a\ufe0f❤\ufe0f\ufe0f", "a�❤\ufe0f�"),
    ],
)
def test_a_name_is_shown_on_one_line_without_power(text: str, shown: str) -> None:
    assert safe_line(text) == shown


def test_a_passage_keeps_its_lines_and_tabs() -> None:
    assert safe_block("def f():\r\n\treturn 1\u2029\x1b[2J") == "def f(): \n\treturn 1\n␛[2J"


@given(anything)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    for shown, allowed in ((safe_line(text), ""), (safe_block(text), "\n\t")):
        assert len(shown) == len(text)
        assert shown.encode() is not None
        for character in shown:
            assert character in allowed or unicodedata.category(character) not in {
                "Cc",
                "Cs",
                "Zl",
                "Zp",
            }
            assert unicodedata.bidirectional(character) not in {
                *("LRE", "RLE", "LRO", "RLO", "PDF"),
                *("LRI", "RLI", "FSI", "PDI"),
            }
    assert len(safe_line(text).splitlines()) <= 1


@given(anything)
def test_making_safe_twice_changes_nothing_more(text: str) -> None:
    assert safe_line(safe_line(text)) == safe_line(text)
    assert safe_block(safe_block(text)) == safe_block(text)

"""Alt and a digit or a sign, on terminals that send it as ESC and the character.

Textual reads these two characters as what Option and the digit type on a Mac ("¡" for 1), and a key
that types something belongs to the query. Terminals with the newer keyboard protocol tell the key
as it is.

In: nothing. Out: nothing; the keys are `alt+0` to `alt+9`, `alt+plus` and `alt+minus` everywhere.
Does not know what they do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from textual import _ansi_sequences
from textual.widgets import Input

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def paste_into(asked: Input, text: str) -> None:
    """Put all of the text where the cursor is, or in place of what is selected."""
    line = as_one_line(text)
    start, end = sorted(asked.selection)
    if asked.max_length:
        # Textual refuses all of what does not fit whole.
        line = line[: max(0, asked.max_length - len(asked.value) + end - start)]
    if line:
        asked.replace(line, start, end)


def as_one_line(text: str) -> str:
    """The lines joined by single spaces, without control characters; one line keeps its spaces."""
    lines = _SEQUENCE.sub("", text).replace("\t", " ").splitlines()
    if len(lines) > 1:
        lines = [words for line in lines if (words := " ".join(_CONTROL.sub("", line).split()))]
    return _CONTROL.sub("", " ".join(lines))


@dataclass(frozen=True)
class _Key:
    """A key as Textual's table of sequences holds it."""

    value: str


def read_alt_digits() -> None:
    """Have Textual read ESC and a digit, + or - as Alt and that key, in this process."""
    # Textual offers no other way in: its table of sequences is all that its parser asks.
    sequences = cast("dict[str, Any]", _ansi_sequences.ANSI_SEQUENCES_KEYS)
    for digit in range(10):
        sequences[f"\x1b{digit}"] = (_Key(f"alt+{digit}"),)
    for sign, name in (("+", "plus"), ("-", "minus")):
        sequences[f"\x1b{sign}"] = (_Key(f"alt+{name}"),)

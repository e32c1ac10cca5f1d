"""A line of the screen before it has colours: pieces of text, each with the part it plays.

In: nothing. Out: `Piece`, `Role` and `Line`. Knows neither colours nor a terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from rich.cells import cell_len


class Role(StrEnum):
    """What a piece is for; a palette gives each role its look."""

    TEXT = "text"
    STRONG = "strong"
    MUTED = "muted"
    FAINT = "faint"
    BEFORE = "before"
    AFTER = "after"
    UP = "up"
    DOWN = "down"
    NEW = "new"
    FILE = "file"
    HEADING = "heading"
    MATCH = "match"
    BEST = "best sentence"
    BEST_MATCH = "match in the best sentence"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"
    KEY = "key"
    CHIP = "chip"
    BEFORE_STRONG = "speaks strongly for it to the bi-encoder"
    BEFORE_MIDDLE = "speaks for it to the bi-encoder"
    BEFORE_WEAK = "speaks weakly for it to the bi-encoder"
    AFTER_STRONG = "speaks strongly for it to the cross-encoder"
    AFTER_MIDDLE = "speaks for it to the cross-encoder"
    AFTER_WEAK = "speaks weakly for it to the cross-encoder"
    AGAINST = "speaks against it"
    AGAINST_WEAK = "speaks weakly against it"


class Piece(NamedTuple):
    """Text that is safe to show, on one line, and its role."""

    text: str
    role: Role = Role.TEXT


Line = tuple[Piece, ...]

LinesFor = Callable[[int], tuple[Line, ...]]
"""Lines for a width in cells."""


def text_of(line: Iterable[Piece]) -> str:
    """The line's bare text."""
    return "".join(piece.text for piece in line)


def width_of(line: Iterable[Piece]) -> int:
    """The line's width in cells."""
    return sum(cell_len(piece.text) for piece in line)

"""The numbers that a word processor shows before headings and list items: "3.2", "(b)", "iv.".

In: the levels of a list, and the level of each of its paragraphs in turn. Out: the label that
stands before each. Knows no file format: DOCX and ODT share it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from docsearch.readers.formats import words

BULLET = "bullet"
MOST_LEVELS = 10
_PLACE = re.compile(r"%(\d)")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_HIGHEST_ROMAN = 3999
_MOST_LETTERS = 10
_BLANK = words("none")


@dataclass(frozen=True, slots=True)
class ListLevel:
    """One level of a list.

    `kind` is that of its number as DOCX calls it: "decimal", "lowerRoman", "bullet", "none". In
    `pattern`, what stands before an item, `%2` stands for the number of level 2.
    """

    kind: str = "decimal"
    pattern: str = ""
    start: int = 1
    restarts: bool = True
    all_decimal: bool = False
    synchronous: bool = True
    """Whether "bb" follows "z" and "aa", rather than "ab"."""


@dataclass(slots=True)
class ListCounter:
    """Counts through one list; levels are counted from 0."""

    counts: dict[int, int] = field(default_factory=dict)

    def label(self, levels: Mapping[int, ListLevel], level: int, at: int | None = None) -> str:
        """What stands before the next paragraph of `level`: "-" for a bullet, else its number.

        `at` is the number that it gets whatever came before.
        """
        level = min(level, MOST_LEVELS - 1)
        own = levels.get(level, ListLevel(BULLET))
        before = self.counts.get(level)
        self.counts[level] = (own.start if before is None else before + 1) if at is None else at
        for deeper in [each for each in self.counts if each > level]:
            if levels.get(deeper, own).restarts:
                del self.counts[deeper]
        if own.kind == BULLET:
            return "-"

        def number(place: re.Match[str]) -> str:
            meant = int(place[1]) - 1
            form = levels.get(meant, ListLevel())
            if meant != level and form.kind == BULLET:
                return ""
            kind = "decimal" if own.all_decimal else form.kind
            return numeral(self.counts.get(meant, form.start), kind, form.synchronous)

        return _PLACE.sub(number, own.pattern).strip()


def numeral(number: int, kind: str, synchronous: bool = True) -> str:
    """`number` as `kind` writes it; one of another script is written in digits."""
    if kind in _BLANK:
        return ""
    if kind in ("lowerLetter", "upperLetter"):
        text = _letters(number, synchronous)
    elif kind in ("lowerRoman", "upperRoman"):
        text = _roman(number)
    elif kind == "decimalZero":
        return f"{number:02}"
    elif kind == "ordinal":
        return f"{number}{_ordinal(number)}"
    else:
        return str(number)
    return text.upper() if kind.startswith("upper") else text


def _letters(number: int, synchronous: bool) -> str:
    if not 1 <= number <= 26 * _MOST_LETTERS:
        return str(number)
    if synchronous:
        times, place = divmod(number - 1, 26)
        return chr(ord("a") + place) * (times + 1)
    text = ""
    while number:
        number, place = divmod(number - 1, 26)
        text = chr(ord("a") + place) + text
    return text


def _roman(number: int) -> str:
    if not 1 <= number <= _HIGHEST_ROMAN:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        text += letters * times
    return text


def _ordinal(number: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 % 10 != 1 else 0, "th")

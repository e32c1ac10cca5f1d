"""What a file's name says of what is in it.

In: a file's path. Out: its name as a title, the day it begins with, and what of it is worth a
model's reading. Opens no file.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import PurePosixPath

from docsearch.domain.encodable import encodable

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
"""What the name of a daily note is, or begins with."""

_HUMP = re.compile(r"(?:^[a-z]|[A-Z])[a-z]{2,}[0-9]*")
_FEWEST_HUMPS = 3
"""Fewer are a word that is written so: GitHub, JavaScript, PostgreSQL."""

_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_WORD = 3
"""Letters of a word in a script that has capitals; others say a word with one or two."""

_OF_DEVICES_AND_HABIT = re.compile(
    r"img|dsc|dscn|dscf|mvi|vid|pxl|image|photo|picture|screenshot|scan|scanned|scanner|"
    r"document|doc|docx|pdf|txt|file|untitled|unnamed|unknown|new|copy|final|draft|temp|"
    r"tmp|test|output|export|log|download|attachment|page|note|notes|index|readme|main|init|"
    r"default|changelog|license|unbenannt|dokument|bild|foto|neu|kopie|sans|titre"
)
"""What cameras, scanners and programs call a file, and what each folder has one of."""


def title_of(path: str) -> str | None:
    """The name without its suffix, as words: of `heat_pump-study.pdf` it is "heat pump study".

    Words run together as in HeatPumpInvoice are parted. A daily note's name is its day.
    """
    stem = encodable(PurePosixPath(path).stem)
    if _DAY.fullmatch(stem):
        return stem
    words = stem.replace("_", " ").replace("-", " ").split()
    return " ".join(part for word in words for part in _parted(word)) or None


def day_of(path: str) -> date | None:
    """The day that the name begins with, as 2026-11-30."""
    if found := _DAY.match(PurePosixPath(path).stem):
        with suppress(ValueError):
            return date.fromisoformat(found[0])
    return None


def says_something(title: str) -> bool:
    """Whether there is a word in a title beside what devices and habit give: not in `IMG 2034`.

    A piece with digits in it is a number, a date or a hash, and no word.
    """
    return any(
        _is_word(letters)
        for piece in title.casefold().split()
        if not any(map(str.isdigit, piece)) or not piece.isascii()
        for letters in _LETTERS.findall(piece)
    )


def _is_word(letters: str) -> bool:
    shortest = _SHORTEST_WORD if letters.upper() != letters else 1
    return len(letters) >= shortest and not _OF_DEVICES_AND_HABIT.fullmatch(letters)


def _parted(word: str) -> list[str]:
    humps = _HUMP.findall(word)
    return humps if len(humps) >= _FEWEST_HUMPS and "".join(humps) == word else [word]

"""Accents that a PDF draws apart from their letters, as older fonts of TeX do.

In: a page's text and a line of it. Out: the line's letters with their accents. The caller holds
the lock: pdfium is not thread-safe.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from docsearch.readers.pdf_characters import Box, box_of

_ACCENTS = str.maketrans(
    "`\u00b4^\u02c6~\u02dc\u00a8\u00af\u02d8\u02d9\u02da\u02dd\u02c7\u00b8\u02db",
    "\u0300\u0301\u0302\u0302\u0303\u0303\u0308\u0304\u0306\u0307\u030a\u030b\u030c\u0327\u0328",
)
"""Marks that stand alone, and those that combine with the letter before them."""
_DOTLESS = str.maketrans("\u0131\u0237", "ij")
_MARK_AND_LETTER = "[{marks}](?=[^\\W\\d_])|(?<=[^\\W\\d_])[{marks}]"
_MARKS = re.escape("".join(map(chr, _ACCENTS)))
_ACCENTED = re.compile(_MARK_AND_LETTER.format(marks=_MARKS))
"""What older fonts of TeX make accented letters of: the mark, and the letter below or above it."""
_ALONE = re.compile(rf"(?<![^\s\0])[{_MARKS}](?![^\s\0])")
"""One that stands behind or before its word: those a little higher than it are drawn so."""
_BLANKS = "\0\t \xa0"
_MOST_BLANKS = 10
_TOUCHING = 0.07
"""Heights of a letter between two of one word, at most."""


def accented(text_page: pdfium.PdfTextPage, place: int, text: str, quarters: int) -> list[str]:
    """The line's characters; one that is put over a letter, as a mark over it, is empty.

    Two that stand side by side, as in code, stay two.
    """
    letters = list(text)

    def box(at: int) -> Box:
        return box_of(text_page, place + at, quarters)

    apart = []
    for found in _ACCENTED.finditer(text):
        at = found.start()
        left, _, right, _ = box(at)
        for beside in (at + 1, at - 1):
            if _join(letters, at, beside, (left + right) / 2, box):
                _close(letters, at, box)
                break
        else:
            apart.append(at)
    apart += [found.start() for found in _ALONE.finditer(text)]
    if apart:
        placed = sorted((box(at)[0], at) for at, letter in enumerate(letters) if letter.isalpha())
        for at in apart:
            left, _, right, _ = box(at)
            middle = (left + right) / 2
            near = bisect_left(placed, (middle, 0))
            for _, beside in placed[max(near - 2, 0) : near][::-1]:
                if _join(letters, at, beside, middle, box):
                    _close(letters, at, box)
                    break
    return letters


def _join(
    letters: list[str], at: int, beside: int, middle: float, box: Callable[[int], Box]
) -> bool:
    """Put the accent onto the letter, if it is one, and is below or above the accent's middle."""
    if not 0 <= beside < len(letters) or not letters[beside].isalpha():
        return False
    start, _, end, _ = box(beside)
    if not start < middle < end:
        return False
    letter = letters[beside].translate(_DOTLESS) + letters[at].translate(_ACCENTS)
    letters[beside], letters[at] = unicodedata.normalize("NFC", letter), ""
    return True


def _close(letters: list[str], at: int, box: Callable[[int], Box]) -> None:
    """Leave no more blanks where an accent was than there are without it."""
    down, up = range(at - 1, max(at - _MOST_BLANKS, -1), -1), range(at + 1, len(letters))
    before = next((b for b in down if letters[b].strip(_BLANKS)), None)
    behind = next((b for b in up[:_MOST_BLANKS] if letters[b].strip(_BLANKS)), None)
    if before is None or behind is None:
        return
    blanks = [b for b in range(before + 1, behind) if letters[b]]
    _, bottom, right, top = box(before)
    touching = box(behind)[0] - right < _TOUCHING * (top - bottom)
    for b in blanks if touching else blanks[1:]:
        letters[b] = ""

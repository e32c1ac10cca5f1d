"""Where a line of a PDF's page has a space that its text lacks.

In: a page's text and a line of it. Out: places. The caller holds the lock: pdfium is not
thread-safe.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain, pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from docsearch.readers.pdf_characters import Box, box_of

_MARK = re.compile(r"(?<=[^\W\d_]{3})(\d{1,3})(?!\w)|(?<![\w.,])(\d{1,3})(?=[^\W\d_]{2})")
"""A number right behind a word, or right before one: that of a note, if it is small and raised."""
_SMALLER, _RAISED = 0.85, 0.1

_PAIR = 0.6, 2.2
"""Heights: the width of two letters with a gap between them."""
_APART = 0.18
"""Heights. In 65 real documents, letters within a word are closer, but for letterspaced ones; words
with less between them than this are rare."""


def spaces(text_page: pdfium.PdfTextPage, place: int, text: str, quarters: int) -> list[int]:
    """The positions in the line before which a space belongs, in order."""
    found = chain(
        _marks_of_notes(text_page, place, text, quarters),
        () if quarters else _within_pairs(text_page, place, text),
    )
    return sorted(set(found))


def _marks_of_notes(
    text_page: pdfium.PdfTextPage, place: int, text: str, quarters: int
) -> Iterator[int]:
    """Between a word and the raised number of a note beside it."""
    for mark in _MARK.finditer(text):
        before = mark.start(2) >= 0
        at, beside = (mark.start(2), mark.end(2)) if before else (mark.start(1), mark.start(1) - 1)
        _, bottom, _, top = box_of(text_page, place + at, quarters)
        _, base, _, high = box_of(text_page, place + beside, quarters)
        if top - bottom < _SMALLER * (high - base) and bottom - base > _RAISED * (high - base):
            yield mark.end() if before else mark.start()


def _within_pairs(text_page: pdfium.PdfTextPage, place: int, text: str) -> Iterator[int]:
    """Between the last letter of a word and the first of the next, drawn as one piece.

    Ghostscript draws many a space so: as a wide distance of letters in a piece of two of them.
    pdfium takes them for letterspaced. It tells at little cost where each piece of a line is.
    """

    def box(at: int) -> Box:
        return box_of(text_page, place + at, 0)

    count = pdfium_c.FPDFText_CountRects(text_page.raw, place, len(text))
    if count < 2:
        return
    _, bottom, _, top = box(0)
    height = top - bottom
    pieces = _pieces(text_page, count)
    for number, (left, right) in enumerate(pieces):
        if not _PAIR[0] * height < right - left < _PAIR[1] * height:
            continue
        around = pairwise(pieces[max(number - 1, 0) : number + 2])
        if all(after[0] - before[1] > _APART * height for before, after in around):
            continue
        at = bisect_right(range(len(text)), left, key=lambda at: box(at)[0]) - 1
        if 0 <= at < len(text) - 1 and text[at].strip() and text[at + 1].strip():
            edge, (following, _, end, _) = box(at)[2], box(at + 1)
            if following - edge > _APART * height and end > right - _APART * height:
                yield at + 1


def _pieces(text_page: pdfium.PdfTextPage, count: int) -> list[tuple[float, float]]:
    """Left and right of the pieces of the line that were counted last."""
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    found = []
    for number in range(count):
        pdfium_c.FPDFText_GetRect(text_page.raw, number, left, top, right, bottom)
        found.append((left.value, right.value))
    return found

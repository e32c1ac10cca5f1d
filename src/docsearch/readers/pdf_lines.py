"""The lines of a PDF's page, as pdfium finds them.

In: a page's text. Out: lines with their boxes, turned so that each runs from left to right. The
caller holds the lock: pdfium is not thread-safe.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from docsearch.readers.page_layout import PageLine

_DIVISION = 0x02
"""What pdfium gives for a hyphen at the end of a line, in place of the hyphen and the end."""
_LINE_ENDS = frozenset((0x0A, 0x0D))
_UNKNOWN = 0
"""Stands for every code without a letter, which fonts give that do not say what they draw."""
_BLANKS = frozenset((_UNKNOWN, 0x09, 0x20, 0xA0))
_MOST_UNKNOWN = 0.1
_WIDE_GAP = 2.0
"""Heights of a line; what stands beyond such a gap is a line of its own at a page's upper and lower
edge: the number of a page is often on one line with the words of a running head."""

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points."""


@dataclass(frozen=True, slots=True)
class _Character:
    """A UTF-16 unit or code point, and its place in pdfium's list of the page's characters."""

    code: int
    place: int


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines that hold anything visible, in pdfium's order, the first and the last in parts.

    `unknown`: a good part of the characters are of fonts that do not say which letters they draw.
    """

    rows: list[list[PageLine]]
    unknown: bool


def text_of(page: pdfium.PdfPage) -> PageText:
    """The page's text. Raises PdfiumError."""
    text_page = page.get_textpage()
    try:
        every = list(_split(text_page))
        found = [line for each in every if (line := _trimmed(each))]
        rows = [
            [_page_line(text_page, part) for part in parts]
            for number, line in enumerate(found)
            for parts in [_parts(text_page, line) if number in (0, len(found) - 1) else [line]]
        ]
        unknown = sum(each.code == _UNKNOWN for line in every for each in line)
        rows = [row for _, turned_alike in groupby(rows, _turn) for row in _downwards(turned_alike)]
        return PageText(rows, unknown > _MOST_UNKNOWN * sum(map(len, every)))
    finally:
        text_page.close()


def _turn(row: Sequence[PageLine]) -> int:
    return row[0].quarters


def _downwards(rows: Iterable[list[PageLine]]) -> list[list[PageLine]]:
    """Rows of one direction; pdfium goes through some that stand on their side from the last on."""
    rows = list(rows)
    rises = [above[0].bottom < below[0].bottom for above, below in pairwise(rows)]
    return rows[::-1] if rows[0][0].quarters and 2 * sum(rises) > len(rises) else rows


def turned(box: Box, quarters: int) -> Box:
    """The box after as many quarter turns clockwise about the origin."""
    left, bottom, right, top = box
    for _ in range(quarters % 4):
        left, bottom, right, top = bottom, -right, top, -left
    return left, bottom, right, top


def _split(text_page: pdfium.PdfTextPage) -> Iterator[list[_Character]]:
    """The characters of each line.

    Asked for one by one: the text that pdfium hands out as a whole counts otherwise, two units for
    what is beyond U+FFFF and none for a character without a meaning, so that places in it drift.
    """
    line: list[_Character] = []
    get_unicode, raw = pdfium_c.FPDFText_GetUnicode, text_page.raw
    for place in range(text_page.count_chars()):
        code = get_unicode(raw, place)
        if code in _LINE_ENDS:
            yield line
            line = []
        elif code == _DIVISION and pdfium_c.FPDFText_IsHyphen(raw, place) == 1:
            yield [*line, _Character(ord("-"), place)]
            line = []
        else:
            is_known = 0x20 <= code <= sys.maxunicode or code in _BLANKS
            line.append(_Character(code if is_known else _UNKNOWN, place))
    yield line


def _trimmed(line: Sequence[_Character]) -> Sequence[_Character]:
    start, end = 0, len(line)
    while start < end and line[start].code in _BLANKS:
        start += 1
    while start < end and line[end - 1].code in _BLANKS:
        end -= 1
    return line[start:end]


def _parts(
    text_page: pdfium.PdfTextPage, line: Sequence[_Character]
) -> Iterator[Sequence[_Character]]:
    """The line cut at its wide gaps."""
    quarters = _quarters(text_page, line[0])
    start, edge = 0, None
    for number, character in enumerate(line):
        if character.code in _BLANKS:
            continue
        left, bottom, right, top = _box(text_page, character, quarters)
        if edge is not None and left - edge > _WIDE_GAP * (top - bottom) > 0:
            yield _trimmed(line[start:number])
            start = number
        edge = right
    yield line[start:]


def _page_line(text_page: pdfium.PdfTextPage, line: Sequence[_Character]) -> PageLine:
    quarters = _quarters(text_page, line[0])
    first, last = (_box(text_page, each, quarters) for each in (line[0], line[-1]))
    _, bottom, _, top = min(first, last, key=lambda box: box[3] - box[1])
    units = "".join(chr(each.code) for each in line if each.code).encode(
        "utf-16-le", "surrogatepass"
    )
    text = units.decode("utf-16-le", "replace")
    return PageLine(text, first[0], last[2], bottom, top, quarters)


def _box(text_page: pdfium.PdfTextPage, character: _Character, quarters: int) -> Box:
    return turned(text_page.get_charbox(character.place, loose=True), quarters)


def _quarters(text_page: pdfium.PdfTextPage, character: _Character) -> int:
    """Into how many quarter turns against the clock the character's own angle comes."""
    clockwise: float = pdfium_c.FPDFText_GetCharAngle(text_page.raw, character.place)
    return round(-clockwise / (math.pi / 2)) % 4

"""The lines of a PDF's page, as pdfium finds them.

In: a page's text. Out: lines with their boxes, turned so that each runs from left to right. The
caller holds the lock: pdfium is not thread-safe.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from docsearch.readers.page_layout import PageLine
from docsearch.readers.pdf_accents import accented
from docsearch.readers.pdf_characters import (
    DIVISION,
    UNKNOWN,
    box_of,
    characters,
    quarters_of,
    turned,
)
from docsearch.readers.pdf_direction import (
    LEFTWARDS,
    Drawn,
    parts,
    reading_order,
    runs_leftwards,
)
from docsearch.readers.pdf_ligatures import Ligatures
from docsearch.readers.pdf_spacing import spaces

_LINE_END = re.compile("[\n\r\ufffe]")
_BLANKS = "\0\t \xa0"
_MOST_UNKNOWN = 0.1
_WIDE_GAP = 2.0
"""Heights of a line; what stands beyond such a gap is a line of its own at a page's upper and lower
edge: the number of a page is often on one line with the words of a running head."""

_CJK = "\u2026\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff65"
_LETTERSPACED = re.compile(rf"(?:[{_CJK}] +){{3,}}[{_CJK}]")
"""A line of Chinese or Japanese set so wide that each letter is taken for a word."""
_BETWEEN_LETTERS = re.compile(rf"(?<=[{_CJK}]) +(?=[{_CJK}])")


@dataclass(frozen=True, slots=True)
class _Line:
    """A part of the page's text without blanks at its ends, and the place of its first character.

    Each of its characters is one of pdfium's, so that places count on.
    """

    text: str
    place: int


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines that hold anything visible, in pdfium's order, the first and the last in parts.

    `unknown`: a good part of the characters are of fonts that do not say which letters they draw.
    """

    rows: list[list[PageLine]]
    unknown: bool


def text_of(page: pdfium.PdfPage, ligatures: Ligatures) -> PageText:
    """The page's text; `ligatures` are its file's. Raises PdfiumError."""
    text_page = page.get_textpage()
    try:
        text = characters(text_page, ligatures)
        found = [line for each in _split(text_page, text) if (line := _trimmed(each)).text]
        any_leftwards = LEFTWARDS.search(text) is not None
        around = any_leftwards and runs_leftwards(text, leftwards_around=False)
        rows = []
        for number, line in enumerate(found):
            outer = number in (0, len(found) - 1)
            if any_leftwards and LEFTWARDS.search(line.text):
                rows.append(_leftward(text_page, line, cut=outer, around=around))
            else:
                cut = _parts(text_page, line) if outer else [line]
                rows.append([_page_line(text_page, part) for part in cut])
        if ligatures.are_found:
            rows = [
                [replace(each, text=ligatures.spelled(each.text)) for each in row] for row in rows
            ]
        on_side = page.get_rotation() % 180 != 0
        rows = [
            row for _, alike in groupby(rows, _turn) for row in _downwards(alike, on_side=on_side)
        ]
        return PageText(rows, text.count(UNKNOWN) > _MOST_UNKNOWN * len(text))
    finally:
        text_page.close()


def _turn(row: Sequence[PageLine]) -> int:
    return row[0].quarters


def _downwards(rows: Iterable[list[PageLine]], *, on_side: bool) -> list[list[PageLine]]:
    """Rows of one direction; pdfium goes through some that stand on their side from the last on.

    `on_side`: the page is shown turned by a quarter, so that upright rows stand on theirs.
    """
    rows = list(rows)
    rises = [above[0].bottom < below[0].bottom for above, below in pairwise(rows)]
    turned_over = (on_side or rows[0][0].quarters) and 2 * sum(rises) > len(rises)
    return rows[::-1] if turned_over else rows


def _split(text_page: pdfium.PdfTextPage, text: str) -> Iterator[_Line]:
    start = 0
    for end in _LINE_END.finditer(text):
        at = end.start()
        if end[0] != DIVISION:
            yield _Line(text[start:at], start)
        elif pdfium_c.FPDFText_IsHyphen(text_page.raw, at) == 1:
            yield _Line(text[start:at] + "-", start)
        else:
            continue
        start = at + 1
    yield _Line(text[start:], start)


def _trimmed(line: _Line) -> _Line:
    text = line.text.lstrip(_BLANKS)
    return _Line(text.rstrip(_BLANKS), line.place + len(line.text) - len(text))


def _parts(text_page: pdfium.PdfTextPage, line: _Line) -> Iterator[_Line]:
    """The line cut at its wide gaps."""
    quarters = quarters_of(text_page, line.place)
    start, edge = 0, None
    for number, character in enumerate(line.text):
        if character in _BLANKS:
            continue
        left, bottom, right, top = box_of(text_page, line.place + number, quarters)
        if edge is not None and left - edge > _WIDE_GAP * (top - bottom) > 0:
            yield _trimmed(_Line(line.text[start:number], line.place + start))
            start = number
        edge = right
    yield _Line(line.text[start:], line.place + start)


def _page_line(text_page: pdfium.PdfTextPage, line: _Line) -> PageLine:
    quarters = quarters_of(text_page, line.place)
    end = len(line.text) - 1
    within = next((at for at in range(end // 2, end) if line.text[at] not in _BLANKS), end)
    first, middle, last = (box_of(text_page, line.place + at, quarters) for at in (0, within, end))
    # A raised number or a tall bracket at an end says nothing of the others.
    _, bottom, _, top = sorted((first, middle, last), key=lambda box: box[3] - box[1])[1]
    text = _spaced(text_page, line, quarters).replace(UNKNOWN, "").replace(DIVISION, "")
    if not text.isascii():
        if _LETTERSPACED.fullmatch(text):
            text = _BETWEEN_LETTERS.sub("", text)
        # Some fonts give the halves of one letter apart.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return PageLine(text, first[0], last[2], bottom, top, quarters)


def _leftward(
    text_page: pdfium.PdfTextPage, line: _Line, *, cut: bool, around: bool
) -> list[PageLine]:
    """A line with letters that run to the left, in parts if it is `cut`, each as it is read."""
    quarters = quarters_of(text_page, line.place)
    x, y = ctypes.c_double(), ctypes.c_double()
    drawn, boxes = [], []
    for number, character in enumerate(line.text):
        place = line.place + number
        pdfium_c.FPDFText_GetCharOrigin(text_page.raw, place, x, y)
        at = turned((x.value, y.value, x.value, y.value), quarters)
        left, bottom, right, top = box_of(text_page, place, quarters)
        if character not in (UNKNOWN, DIVISION):
            drawn.append(Drawn(character, at[0], left, right, top - bottom))
            boxes.append((top <= bottom, top - bottom, bottom, top))
    *_, bottom, top = min(boxes)
    leftwards = runs_leftwards(line.text, leftwards_around=around)
    found = []
    for part in parts(drawn, _WIDE_GAP) if cut else [drawn]:
        text = reading_order(part, leftwards=leftwards)
        edges = min(each.left for each in part), max(each.right for each in part)
        found.append(PageLine(text, *edges, bottom, top, quarters, leftwards))
    return found[::-1] if leftwards else found


def _spaced(text_page: pdfium.PdfTextPage, line: _Line, quarters: int) -> str:
    """The line's text with the spaces it lacks; a letter and an accent drawn upon it are one."""
    letters = accented(text_page, line.place, line.text, quarters)
    cuts = spaces(text_page, line.place, line.text, quarters)
    return " ".join("".join(letters[a:b]) for a, b in pairwise([0, *cuts, len(letters)]))

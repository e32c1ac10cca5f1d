"""Paragraphs out of the lines of a printed page.

In: lines with their places, in reading order. Out: paragraphs, line ends joined and hyphenated
words made whole. Pure; knows no file format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_HYPHENS = ("\x02", "\ufffe", "\u00ad")
"""What pdfium gives for a hyphen that it takes for one of word division, and the soft hyphen."""
_BULLET = re.compile(r"(?:[•‣▪●◦*\u2013\u2014-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_TALLEST_CELL = 4.5
"""Lines; a jump upwards by more leads to the next column of the page."""
_SENTENCE_END = (".", "!", "?", ":", "。", "”", '"', ")")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text; the four edges are in points, y grows upwards."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """From the lowest to the highest edge."""
        return max(self.top - self.bottom, 0.1)


def running_lines(pages: Sequence[Sequence[PageLine]]) -> frozenset[PageLine]:
    """Headers and footers: first or last lines that many pages share, but for numbers.

    Left and right pages may have a header each. "Same" is the place on the page, too.
    """
    edges = [line for lines in pages for line in {*lines[:1], *lines[-1:]}]

    def mark(line: PageLine) -> tuple[str, int]:
        return _without_numbers(line.text), round(line.bottom)

    counts = Counter(map(mark, edges))
    enough = max(3, 0.4 * len(pages))
    return frozenset(line for line in edges if counts[mark(line)] >= enough)


def heading_sizes(lines: Sequence[PageLine]) -> list[float]:
    """The rounded type sizes, largest first, that stand out from that of the running text."""
    amount: Counter[float] = Counter()
    for line in lines:
        amount[round(line.height)] += len(line.text)
    if not amount:
        return []
    body = amount.most_common(1)[0][0]
    total = amount.total()
    larger = (s for s, count in amount.items() if s > 1.1 * body and count < 0.2 * total)
    return sorted(larger, reverse=True)[:6]


def paragraphs(
    lines: Sequence[PageLine], apart: Callable[[PageLine], bool] = lambda _: False
) -> Iterator[list[PageLine]]:
    """The paragraphs that the lines form; a line that is `apart` is one of its own.

    A new one starts at a gap wider than usual, a change of type size, a jump to another column,
    a bullet, or an indented line; and after a line that ends a sentence well short of the edge.
    """
    if not lines:
        return
    pitch = _usual_pitch(lines)
    edge = max(line.right for line in lines)
    gathered = [lines[0]]
    for line in lines[1:]:
        if apart(line) or apart(gathered[-1]) or _starts_anew(gathered, line, pitch, edge):
            yield gathered
            gathered = []
        gathered.append(line)
    yield gathered


def join_lines(lines: Sequence[str]) -> str:
    """One running text: line ends become spaces, divided words are put together."""
    text = ""
    for line in lines:
        if text.endswith(_HYPHENS):
            text = text.rstrip("".join(_HYPHENS)) + line
        elif re.search(r"[^\W\d_]-$", text) and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}" if text else line
    return re.sub("[\x02\ufffe\u00ad]", "", text)


def _starts_anew(gathered: Sequence[PageLine], line: PageLine, pitch: float, edge: float) -> bool:
    above = gathered[-1]
    drop = above.bottom - line.bottom
    if drop > 1.35 * pitch:
        return True
    if drop < -0.5 * line.height:
        within = line.top < gathered[0].top + 0.5 * line.height
        is_cell_of_same_row = within and -drop < _TALLEST_CELL * pitch
        return not is_cell_of_same_row
    if abs(line.height - above.height) > 0.2 * above.height or _BULLET.match(line.text):
        return True
    if drop < 0.5 * line.height:
        return False
    indented = line.left - above.left > 0.8 * line.height and len(gathered) > 1
    short = above.right < edge - 0.15 * (edge - above.left)
    return indented or (short and above.text.endswith(_SENTENCE_END))


def _without_numbers(text: str) -> str:
    return re.sub(r"[\divxlc]+\b|\W+", " ", text.casefold()).strip()


def _usual_pitch(lines: Sequence[PageLine]) -> float:
    drops = [
        above.bottom - line.bottom
        for above, line in pairwise(lines)
        if above.bottom - line.bottom > 0.5 * line.height
    ]
    return min(median(drops), 2.0 * median(line.height for line in lines)) if drops else 1e9

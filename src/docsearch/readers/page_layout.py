"""Paragraphs out of the lines of a printed page.

In: lines with their places, in reading order. Out: paragraphs. Pure; knows no file format.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_BULLET = re.compile(r"(?:[•‣▪●◦*\u2013\u2014-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_DIVIDED = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
_TALLEST_CELL = 4.5
"""Lines; a jump upwards by more leads to the next column of the page."""
_MOST_NEAR = 200
"""Lines that are looked at to find a place."""
_SENTENCE_END = (".", "!", "?", ":", "。", "”", '"', ")")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text; the four edges are in points, y grows upwards.

    `quarters` is by how many quarter turns against the clock the line stands on the page; its edges
    are those of the page turned back by as many. `leftwards`: it is read from right to left.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    quarters: int = 0
    leftwards: bool = False

    @property
    def start(self) -> float:
        """Where reading begins; grows in the direction of reading."""
        return -self.right if self.leftwards else self.left

    @property
    def end(self) -> float:
        """Where reading ends."""
        return -self.left if self.leftwards else self.right

    @property
    def height(self) -> float:
        """From the lowest to the highest edge."""
        return max(self.top - self.bottom, 0.1)

    def on_row_of(self, other: PageLine) -> bool:
        """Whether the two stand side by side."""
        middle = (self.bottom + self.top) / 2
        return self.quarters == other.quarters and other.bottom < middle < other.top


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

    A new one starts at a gap wider than usual, a change of type size or direction, a jump to
    another column, a bullet, or an indented line; and after a line that ends a sentence well short
    of the edge. The rest of a divided word is never in another paragraph.
    """
    if not lines:
        return
    pitch = _usual_pitch(lines)
    edges = {
        way: max((line.end for line in lines if line.leftwards == way), default=0.0)
        for way in (False, True)
    }
    gathered = [lines[0]]
    for line in lines[1:]:
        if apart(line) or apart(gathered[-1]) or _starts_anew(gathered, line, pitch, edges):
            yield gathered
            gathered = []
        gathered.append(line)
    yield gathered


def placed(lines: Sequence[PageLine], others: Sequence[PageLine]) -> list[PageLine]:
    """The lines with `others`, which are in no order, each at its place among them.

    Behind the nearest line to its left, else behind the nearest above; a form's value is read
    with its name.
    """
    if not lines:
        return sorted(others, key=lambda other: (-other.top, other.left))
    order = sorted(range(len(lines)), key=lambda at: lines[at].bottom)
    bottoms = [lines[at].bottom for at in order]
    usual = median(line.height for line in lines)
    behind: dict[int, list[PageLine]] = {}
    for other in sorted(others, key=lambda other: (-other.top, other.left)):
        low = bisect_left(bottoms, other.bottom - usual)
        near = [(at, lines[at]) for at in order[low : low + _MOST_NEAR]]
        beside = [
            (line.right, at)
            for at, line in near
            if (line.on_row_of(other) or other.on_row_of(line)) and line.left <= other.left
        ]
        if beside:
            at = max(beside)[1]
            host = lines[at]
            found = replace(other, bottom=host.bottom, top=host.top, quarters=host.quarters)
        else:
            top = next((at for at, line in near if line.bottom >= other.bottom), -1)
            at = next(
                (at for at, line in near if line.bottom >= other.bottom and _overlap(line, other)),
                top,
            )
            found = replace(other, bottom=other.top - min(usual, other.height))
        behind.setdefault(at, []).append(found)
    return [
        *behind.get(-1, ()),
        *(each for at, line in enumerate(lines) for each in (line, *behind.get(at, ()))),
    ]


def _overlap(line: PageLine, other: PageLine) -> bool:
    return line.left < other.right and other.left < line.right


def _starts_anew(
    gathered: Sequence[PageLine], line: PageLine, pitch: float, edges: Mapping[bool, float]
) -> bool:
    above = gathered[-1]
    drop = above.bottom - line.bottom
    same_size = abs(line.height - above.height) <= 0.2 * above.height
    same_way = line.quarters == above.quarters
    follows = same_size or 0 < drop <= 1.35 * pitch
    if same_way and follows and continues_word(above.text, line.text):
        return False
    if not same_way or drop > 1.35 * pitch:
        return True
    if drop < -0.5 * line.height:
        within = line.top < gathered[0].top + 0.5 * line.height
        is_cell_of_same_row = within and -drop < _TALLEST_CELL * pitch
        return not is_cell_of_same_row
    if not same_size or _BULLET.match(line.text):
        return True
    if drop < 0.5 * line.height:
        return False
    turns = line.leftwards != above.leftwards
    edge = edges[above.leftwards]
    indented = not turns and line.start - above.start > 0.8 * line.height and len(gathered) > 1
    short = turns or above.end < edge - 0.15 * (edge - above.start)
    return indented or (short and above.text.endswith(_SENTENCE_END))


def continues_word(above: str, below: str) -> bool:
    """Whether a word that the end of one line divides goes on in the other."""
    return below[:1].islower() and _DIVIDED.match(above[-2:]) is not None


def _usual_pitch(lines: Sequence[PageLine]) -> float:
    drops = [
        above.bottom - line.bottom
        for above, line in pairwise(lines)
        if above.bottom - line.bottom > 0.5 * line.height
    ]
    return min(median(drops), 2.0 * median(line.height for line in lines)) if drops else 1e9

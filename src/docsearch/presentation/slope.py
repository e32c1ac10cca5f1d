"""The slope graph of a whole list: two columns of ranks, and a line for each result between them.

In: the hits and which one is selected. Out: lines, one a rank. Does not know which of them are in
view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len

from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.wording import after_score, before_score
from docsearch.presentation.cells import fit, one_line, pad_left, shorten, shorten_name
from docsearch.presentation.hits import movement
from docsearch.presentation.pieces import Line, Piece, Role, width_of

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bits of a braille character, by column and row of its dots."""

_BRAILLE = 0x2800
_LEAST, _MOST = 12, 40
_LEAST_HEADING = 10
_ARROW = " › "
_RANK, _SCORE = 3, 6


@dataclass(frozen=True)
class Slopes:
    """The graph at one width, without a selection: to select is cheap."""

    before: tuple[RankedHit, ...]
    after: tuple[RankedHit, ...]
    source: CandidateSource
    threads: tuple[str, ...]
    cells: int

    @classmethod
    def of(cls, result: SearchResult, cells: int) -> Slopes:
        """Draw every thread."""
        after = tuple(hit for hit in result.hits if hit.after_rank is not None)
        width = min(_MOST, max(_LEAST, cells // 5))
        height = len(result.hits)
        threads = tuple(_drawn(after, width, height))
        return cls(result.before, after, result.source, threads, cells)

    def lines(self, selected: int | None, noisy: frozenset[int] = frozenset()) -> tuple[Line, ...]:
        """A line for each rank; the thread of the selected result lies over the others.

        Moves of the chunks in `noisy` are greyed.
        """
        return tuple(self._line(y, selected, noisy) for y in range(len(self.before)))

    def _line(self, y: int, selected: int | None, noisy: frozenset[int]) -> Line:
        width = len(self.threads[y])
        side = (self.cells - width) // 2
        left, right = self.before[y], self.after[y] if y < len(self.after) else None
        return (
            *fit(self._left(left, selected, side), side),
            *self._thread(y, selected),
            *(fit(self._right(right, selected, noisy, side), side) if right else ()),
        )

    def _left(self, hit: RankedHit, selected: int | None, cells: int) -> Line:
        head: Line = (
            Piece(pad_left(str(hit.before_rank), _RANK), _end(hit, selected)),
            Piece(pad_left(before_score(hit.before_score, self.source), _SCORE + 1), Role.BEFORE),
            Piece("  "),
        )
        return (*head, *_place(hit, cells - width_of(head) - 1))

    def _right(
        self, hit: RankedHit, selected: int | None, noisy: frozenset[int], cells: int
    ) -> Line:
        mark = movement(hit, hit.passage.chunk_id in noisy)
        head: Line = (
            Piece(pad_left(str(hit.after_rank), _RANK), _end(hit, selected)),
            Piece(pad_left(mark.text, 4), mark.role),
            Piece(
                pad_left(after_score(hit.rerank.raw) if hit.rerank else "", _SCORE + 1), Role.AFTER
            ),
            Piece("  "),
        )
        return (*head, *_place(hit, cells - width_of(head)))

    def _thread(self, y: int, selected: int | None) -> Line:
        plain = self.threads[y]
        hit = next((each for each in self.after if each.passage.chunk_id == selected), None)
        if hit is None or hit.after_rank is None:
            return (Piece(plain, Role.FAINT),)
        drawn = _selected(y, hit.before_rank - 1, hit.after_rank - 1, plain)
        role = _role(hit)
        return tuple(
            Piece("".join(char for char, _ in run), role if own else Role.FAINT)
            for own, run in groupby(drawn, key=lambda each: each[1])
        )


def _place(hit: RankedHit, cells: int) -> Line:
    """The file's name, and as much of its heading as there is room for."""
    name = shorten_name(one_line(hit.passage.path).rsplit("/", 1)[-1], max(0, cells))
    headings, room = hit.passage.place.headings, cells - cell_len(name) - len(_ARROW)
    if not headings or room < _LEAST_HEADING:
        return (Piece(name, Role.FILE),)
    heading = shorten(one_line(headings[-1]), room)
    return (Piece(name, Role.FILE), Piece(_ARROW, Role.FAINT), Piece(heading, Role.HEADING))


def _end(hit: RankedHit, selected: int | None) -> Role:
    return Role.CHIP if hit.passage.chunk_id == selected else Role.STRONG


def _role(hit: RankedHit) -> Role:
    moved = hit.movement or 0
    return Role.UP if moved > 0 else Role.DOWN if moved < 0 else Role.STRONG


def _drawn(hits: Sequence[RankedHit], width: int, height: int) -> Iterator[str]:
    """A straight line of dots for each hit, from its rank before to its rank after."""
    cells = [[0] * width for _ in range(height)]
    dots = width * 2
    for hit in hits:
        top, bottom = 4 * hit.before_rank - 2, 4 * (hit.after_rank or 0) - 2
        steps = max(dots - 1, abs(bottom - top))
        for step in range(steps + 1):
            x = round(step * (dots - 1) / steps)
            y = round(top + step * (bottom - top) / steps)
            if 0 <= y < 4 * height:
                cells[y // 4][x // 2] |= _DOTS[x % 2][y % 4]
    for row in cells:
        yield "".join(chr(_BRAILLE + bits) if bits else " " for bits in row)


def _selected(y: int, start: int, end: int, plain: str) -> list[tuple[str, bool]]:
    """Row `y` of the thread from row `start` to row `end`; what is not its own is `plain`'s."""
    middle = len(plain) // 2
    drawn = [(char, False) for char in plain]
    if start == end == y:
        return [("━", True)] * (len(plain) - 1) + [("▸", True)]
    if y == start:
        corner = "┛" if end < start else "┓"
        drawn[: middle + 1] = [("━", True)] * middle + [(corner, True)]
    elif y == end:
        corner = "┏" if end < start else "┗"
        rest = len(plain) - middle - 2
        drawn[middle:] = [(corner, True), *[("━", True)] * rest, ("▸", True)]
    elif min(start, end) < y < max(start, end):
        drawn[middle] = ("┃", True)
    return drawn

"""Quality against time, as a picture of points.

In: the rows of an evaluation. Out: where each row's point is, and an SVG that needs nothing besides
itself. Time grows to the right by its logarithm. Points bear the letter of their row, so that
nothing is told by colour alone. Does not know where the picture is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from docsearch.domain.evaluation import MAIN_MEASURE, Interval, Row
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import duration

WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 40, 30, 60
FONT = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12"'
_COLOURS = ("#1a5fb4", "#c4432b", "#1a7f37", "#7a3ea1")
_LEAST_SPREAD = 0.02
_MARGIN = 0.06


@dataclass(frozen=True, slots=True)
class Point:
    """A row's place: `x`, and `y` with its interval, in [0, 1] from the lower left."""

    letter: str
    row: Row
    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """The points of rows that were timed, and what the ends of both axes stand for.

    `seconds` and `quality` are (least, most).
    """

    points: tuple[Point, ...]
    seconds: tuple[float, float]
    quality: tuple[float, float]


def letter(at: int) -> str:
    """What a row is called in figures and tables: a, b, ... z, aa, ab, ..."""
    first, last = divmod(at, 26)
    return (letter(first - 1) if first else "") + chr(ord("a") + last)


def figure(rows: Sequence[Row]) -> Figure | None:
    """The figure; None where fewer than two rows were timed, so that nothing can be compared."""
    timed = [(at, row) for at, row in enumerate(rows) if row.latency and row.latency.p50 > 0]
    if len(timed) < 2:
        return None
    times = [math.log(row.latency.p50) for _, row in timed if row.latency]
    bounds = [_bounds(row.measures[MAIN_MEASURE]) for _, row in timed]
    worst, best = min(low for low, _ in bounds), max(high for _, high in bounds)
    least, most = _ends(worst, best, _LEAST_SPREAD)
    # No measure is below 0 or above 1, and so is no axis.
    least, most = max(least, 0.0), min(most, 1.0)
    fast, slow = _ends(min(times), max(times), 1.0)

    def share(value: float) -> float:
        return (value - least) / (most - least)

    points = tuple(
        Point(
            letter(at),
            row,
            (when - fast) / (slow - fast),
            share(row.measures[MAIN_MEASURE].mean),
            share(low),
            share(high),
        )
        for (at, row), when, (low, high) in zip(timed, times, bounds, strict=True)
    )
    return Figure(points, (math.exp(fast), math.exp(slow)), (least, most))


def figure_svg(rows: Sequence[Row]) -> str | None:
    """The whole element, ending in a newline; None where there is nothing to compare."""
    drawn = figure(rows)
    if drawn is None:
        return None
    sources = list(dict.fromkeys(point.row.contender.source for point in drawn.points))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" {FONT} fill="#1f2328">',
        f"<title>{MAIN_MEASURE} against the time of a search</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_axes(drawn),
        *(each for point in drawn.points for each in _drawn(point, sources)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bounds(interval: Interval) -> tuple[float, float]:
    low = interval.mean if interval.low is None else interval.low
    return low, interval.mean if interval.high is None else interval.high


def _ends(least: float, most: float, spread: float) -> tuple[float, float]:
    """A little more than what is to be shown, and never nothing."""
    room = max(most - least, spread) * _MARGIN
    middle = (least + most) / 2
    half = max(most - least, spread) / 2 + room
    return middle - half, middle + half


def _axes(drawn: Figure) -> Iterator[str]:
    floor, end = HEIGHT - BOTTOM, WIDTH - RIGHT
    yield f'<path d="M {LEFT} {TOP} V {floor} H {end}" fill="none" stroke="#6b7280"/>'
    yield f'<text x="{LEFT}" y="{TOP - 10}">{MAIN_MEASURE}</text>'
    middle = (LEFT + end) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">half of the searches take'
    yield "at most this long (the scale is logarithmic)</text>"
    least, most = drawn.quality
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        yield f'<path d="M {LEFT} {y:.1f} H {end}" stroke="#e5e7eb"/>'
        value = least + share * (most - least)
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.3f}</text>'
        seconds = drawn.seconds[0] * (drawn.seconds[1] / drawn.seconds[0]) ** share
        x = _x(share)
        yield f'<text x="{x:.1f}" y="{floor + 20}" text-anchor="middle">{duration(seconds)}</text>'


def _drawn(point: Point, sources: Sequence[str]) -> Iterator[str]:
    contender = point.row.contender
    colour = _COLOURS[sources.index(contender.source) % len(_COLOURS)]
    x, y = _x(point.x), _y(point.y)
    named = escape(safe_line(f"{contender.source} {contender.name}".strip()))
    yield f"<g><title>{point.letter}: {named}</title>"
    yield (
        f'<path d="M {x:.1f} {_y(point.low):.1f} V {_y(point.high):.1f}" stroke="{colour}" '
        'stroke-opacity="0.5"/>'
    )
    fill = colour if contender.reranker else "#ffffff"
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{colour}"/>'
    yield f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{point.letter}</text></g>'


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)

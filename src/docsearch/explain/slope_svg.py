"""The slope graph of a reranked list as a picture: ranks before, ranks after, a line for each hit.

In: a result, and the hit to point at. Out: an SVG that needs nothing besides itself, with its
styles in attributes, so that a page may forbid style sheets. Up, down and unmoved differ in dashes
as well as in colour. Does not know where the picture is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.safe_text import safe_line

WIDTH = 860
ROW = 18
HEAD = 44
FOOT = 34
LEFT, RIGHT = 330, 530
"""Where the lines start and end; labels stand on their outer sides."""

LABEL = 40
"""Characters of a label at most: its column holds so many of the font."""

FONT = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12"'
_NOT_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Stroke:
    """How one kind of movement is drawn, and what the legend calls it."""

    name: str
    colour: str
    dashes: str

    def attributes(self, selected: bool) -> str:
        """Of a line's SVG element; the selected one is heavier."""
        width, opacity = (4, 1) if selected else (1.6, 0.75)
        dashes = f' stroke-dasharray="{self.dashes}"' if self.dashes else ""
        return (
            f'fill="none" stroke="{self.colour}" stroke-width="{width}" '
            f'stroke-opacity="{opacity}"{dashes}'
        )


UP = Stroke("up", "#1a7f37", "")
DOWN = Stroke("down", "#c4432b", "7 4")
SAME = Stroke("unmoved", "#6b7280", "1 3")


def slope_svg(result: SearchResult, selected: RankedHit | None = None) -> str:
    """The whole element, ending in a newline; only of the hits that have been reranked."""
    hits = [hit for hit in result.hits if hit.after_rank is not None]
    rows = max((max(hit.before_rank, hit.after_rank or 0) for hit in hits), default=0)
    height = HEAD + rows * ROW + FOOT
    chosen = selected.passage.chunk_id if selected else None
    # What is drawn last lies on top.
    hits.sort(key=lambda hit: hit.passage.chunk_id == chosen)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" {FONT} fill="#1f2328">',
        f"<title>{_text(f'Ranks for “{result.query.typed}”, before and after reranking')}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *_headings(result),
        *(part for hit in hits for part in _hit(hit, hit.passage.chunk_id == chosen)),
        *_legend(height - FOOT / 2),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _headings(result: SearchResult) -> Iterator[str]:
    after = _shortened(result.reranker or "no reranker")
    yield f'<text x="{LEFT - 10}" y="22" text-anchor="end" font-weight="bold">before: '
    yield f'{_text(result.source)}</text><text x="{RIGHT + 10}" y="22" font-weight="bold">after: '
    yield f"{_text(after)}</text>"


def _hit(hit: RankedHit, selected: bool) -> Iterator[str]:
    stroke = _stroke(hit)
    before, after = _y(hit.before_rank), _y(hit.after_rank or 0)
    middle = (LEFT + RIGHT) // 2
    weight = ' font-weight="bold"' if selected else ""
    place = _text(_shortened(_place(hit)))
    yield f"<g{weight}><title>{_text(_journey(hit))}</title>"
    if selected:
        yield _band(0, before, LEFT - 4) + _band(RIGHT + 4, after, WIDTH - RIGHT - 4)
    yield (
        f'<path d="M {LEFT} {before} C {middle} {before} {middle} {after} {RIGHT} {after}" '
        f"{stroke.attributes(selected)}/>"
    )
    for x, edge, away, y, rank in (
        (LEFT - 10, LEFT - 40, "end", before + 4, hit.before_rank),
        (RIGHT + 34, RIGHT + 42, "start", after + 4, hit.after_rank),
    ):
        yield f'<text x="{x}" y="{y}" text-anchor="end">{rank}</text>'
        yield f'<text x="{edge}" y="{y}" text-anchor="{away}">{place}</text>'
    yield "</g>"


def _band(x: float, y: float, width: float) -> str:
    return f'<rect x="{x}" y="{y - ROW / 2}" width="{width}" height="{ROW}" fill="#fff3c4"/>'


def _legend(y: float) -> Iterator[str]:
    for at, stroke in enumerate((UP, DOWN, SAME)):
        x = LEFT - 40 + at * 110
        yield f'<path d="M {x} {y} H {x + 30}" {stroke.attributes(selected=False)}/>'
        yield f'<text x="{x + 36}" y="{y + 4}">{stroke.name}</text>'


def _stroke(hit: RankedHit) -> Stroke:
    moved = hit.movement or 0
    return UP if moved > 0 else DOWN if moved < 0 else SAME


def _y(rank: int) -> float:
    return HEAD + (rank - 0.5) * ROW


def _place(hit: RankedHit) -> str:
    line = hit.passage.place.location.line
    return hit.passage.path if line is None else f"{hit.passage.path}:{line}"


def _journey(hit: RankedHit) -> str:
    return f"{_place(hit)}: number {hit.before_rank} before, {hit.after_rank} after"


def _shortened(text: str) -> str:
    """The end of a path tells more than its start."""
    return text if len(text) <= LABEL else f"…{text[1 - LABEL :]}"


def _text(text: str) -> str:
    """Untrusted text as XML takes it: no controls, no surrogates, no markup."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", safe_line(text)))

"""Both orders of one search as a table: for a terminal, or as plain columns for a pipe.

In: a search's result. Out: text, safe to show. Does not know how it was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from docsearch.cli.lines import styled
from docsearch.domain.fusion import Blend
from docsearch.domain.query_words import wanted_words, word_pattern
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.wording import (
    after_score,
    before_score,
    duration,
    mix,
    plural,
    voice_score,
)
from docsearch.presentation.cells import one_line, pad, pad_left
from docsearch.presentation.hits import movement, snippet
from docsearch.presentation.pieces import Line, Piece, Role, text_of
from docsearch.presentation.places import location

if TYPE_CHECKING:
    from rich.table import Table

PLACE = "file › heading"
SNIPPET_CELLS = 72
_LEAST_SNIPPET = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and the cell it takes from a hit."""

    heading: str
    cells: Sequence[Piece]

    @property
    def width(self) -> int:
        """In cells of the terminal."""
        return max(cell_len(self.heading), *(cell_len(piece.text) for piece in self.cells), 0)


def columns(result: SearchResult, top: int) -> list[Column]:
    """The columns of numbers: both places, the movement, the scores, the windows read.

    Where several voices make the order, what they gave together stands before the reranker's own
    score. Without a reranker there is one place and one score; without words there is no score.
    """
    hits = result.hits[:top]
    score = [Piece(before_score(hit.before_score, result.source)) for hit in hits]
    if result.reranker is None:
        rank = Column("rank", [Piece(str(hit.before_rank), Role.STRONG) for hit in hits])
        return [rank, Column(str(result.source), score)] if result.query.words else [rank]
    reranks = [hit.rerank for hit in hits]
    blend = result.fusion.blend
    fused = [Piece(voice_score(hit.voices.total, blend) if hit.voices else "·") for hit in hits]
    return [
        Column("after", [Piece(str(hit.after_rank or "·"), Role.STRONG) for hit in hits]),
        Column("before", [Piece(str(hit.before_rank)) for hit in hits]),
        Column("Δ", [movement(hit) for hit in hits]),
        *([] if result.fusion.is_alone else [Column("fused", fused)]),
        Column("score", [Piece(after_score(each.raw) if each else "·") for each in reranks]),
        Column("0-1", [Piece(f"{each.unit:.3f}" if each else "·") for each in reranks]),
        Column(str(result.source), score),
        Column("win", [Piece(str(each.windows) if each else "·") for each in reranks]),
    ]


def place(hit: RankedHit) -> str:
    """`file › heading:line`; `file › heading, page 3` where there are pages, or cells."""
    passage = hit.passage
    at = passage.place.location
    named = [one_line(passage.path), *map(one_line, passage.place.headings[-1:])]
    if at.page is None and at.cell is None and at.line is not None:
        return " › ".join(named) + f":{at.line}"
    return ", ".join(filter(None, (" › ".join(named), location(at))))


def snippet_line(hit: RankedHit, result: SearchResult, cells: int) -> Line:
    """The words of the passage that matter, in at most so many cells."""
    return snippet(hit.passage, word_pattern(wanted_words(result.query)), cells)


def plain_table(result: SearchResult, top: int) -> str:
    """One line a hit, after a line of headings; columns two spaces apart, no escape sequences."""
    hits = result.hits[:top]
    places = [place(hit) for hit in hits]
    widest = max(map(cell_len, [PLACE, *places]))
    numbers = columns(result, top)
    headings = (pad_left(column.heading, column.width) for column in numbers)
    rows = [[*headings, pad(PLACE, widest), "passage"]]
    for index, hit in enumerate(hits):
        cells = (pad_left(column.cells[index].text, column.width) for column in numbers)
        words = text_of(snippet_line(hit, result, SNIPPET_CELLS))
        rows.append([*cells, pad(places[index], widest), words])
    return "\n".join("  ".join(row).rstrip() for row in rows)


def rich_table(result: SearchResult, top: int, width: int) -> Table:
    """The same for a terminal of `width` cells, the passage's words under its place."""
    from rich.table import Table

    # A column is followed by a gap of two cells, so that numbers and place fit in 80.
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, expand=True)
    numbers = columns(result, top)
    for column in numbers:
        table.add_column(column.heading, justify="right", no_wrap=True)
    table.add_column("file › heading", ratio=1)
    room = max(_LEAST_SNIPPET, width - sum(column.width + 2 for column in numbers))
    for index, hit in enumerate(result.hits[:top]):
        words = snippet_line(hit, result, room)
        text = styled((Piece(place(hit), Role.FILE), Piece("\n"), *words))
        table.add_row(*(styled((column.cells[index],)) for column in numbers), text)
    return table


def order_line(result: SearchResult) -> str | None:
    """What makes the order, where it is more than the reranker's own score."""
    fusion = result.fusion
    if result.reranker is None or fusion.is_alone:
        return None
    how = "z-scores" if fusion.blend is Blend.SCORES else f"k = {fusion.k}"
    halved = f", half-life {fusion.half_life_days:g} days"
    told = how + (halved if fusion.recency and fusion.blend is Blend.SCORES else "")
    return f"order: {one_line(mix(result.reranker, fusion, result.source))} ({told})"


def summary(result: SearchResult) -> str:
    """The stages' times, when what stood there, and what the reranker had to read, on one line."""
    timings = result.timings
    stages = [
        ("embed", timings.embed),
        ("retrieve", timings.retrieve),
        ("fetch", timings.fetch),
        ("rerank", timings.rerank),
        ("first list", timings.first_list),
        ("top 10", timings.top_ten),
        ("total", timings.total),
    ]
    words = [f"{name} {duration(seconds)}" for name, seconds in stages if seconds]
    if timings.pairs:
        words += [
            plural(timings.pairs, "pair"),
            plural(timings.windows, "window"),
            plural(timings.batches, "batch", "batches"),
            f"{timings.cached_pairs} cached",
        ]
    return " · ".join(words)

"""What reranking is worth by all that was judged, as lines.

In: for each reranker, its order against none over the judged queries. Out: lines. Does not know how
a figure is computed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from docsearch.domain.evaluation import MEASURES, Evaluation
from docsearch.domain.judged_result import Live
from docsearch.domain.wording import plural
from docsearch.tui.rendering.cells import one_line, shorten, spread
from docsearch.tui.rendering.figures import judged_line, measure_line
from docsearch.tui.rendering.keys import key_pieces
from docsearch.tui.rendering.list_titles import Title, title_line
from docsearch.tui.rendering.pieces import Line, Piece, Role

WAITING = "Looking up what is known; nothing is scored for it …"
NONE_KNOWN = (
    "No reranker has read all candidates of a judged query on this index: search for one with a "
    "reranker, or run docsearch eval --own."
)


def so_far_title(condensed: bool, cells: int) -> Line:
    """What it is, and of which lists."""
    detail = "before → after reranking, " + ("condensed lists" if condensed else "whole lists")
    return title_line(Title("judged so far", detail, walked=True), cells)


def so_far_lines(
    own: Mapping[str, Evaluation], every: Mapping[str, Evaluation], cells: int
) -> tuple[Line, ...]:
    """The figures of this query by reranker, then those over all judged queries."""
    lines: list[Line] = []
    if own:
        lines += _section("this query", own, cells)
    if every:
        lines += _section("all judged queries", every, cells)
        told = dict.fromkeys(each for found in every.values() for each in found.notices)
        rows = [row for each in told for row in textwrap.wrap(one_line(each), max(20, cells))]
        lines += [(Piece(row, Role.MUTED),) for row in rows]
    else:
        lines += [(Piece(row, Role.MUTED),) for row in textwrap.wrap(NONE_KNOWN, max(20, cells))]
    return tuple(lines)


def so_far_keys(cells: int) -> Line:
    """The keys of the view."""
    keys = (("C", "condensed or whole lists"), ("PgDn", "more"), ("Esc", "back"))
    return key_pieces(keys, cells)


def _section(name: str, found: Mapping[str, Evaluation], cells: int) -> list[Line]:
    lines: list[Line] = [(Piece(name, Role.AFTER),)]
    for evaluation in found.values():
        before, after = evaluation.rows
        measures = {
            each: (before.measures[each].mean, after.measures[each].mean) for each in MEASURES
        }
        figures = Live(measures, *evaluation.in_tops, evaluation.warning)
        count: Line = (Piece(plural(evaluation.queries, "query", "queries"), Role.MUTED),)
        label = shorten(one_line(after.contender.name), max(10, cells - 14))
        lines += [
            spread((Piece(label, Role.STRONG),), count, cells),
            measure_line(figures, reranked=True, means=evaluation.queries > 1),
            judged_line(figures, condensed=evaluation.condensed),
        ]
        if after.verdict is not None:
            rows = textwrap.wrap(one_line(after.verdict), max(20, cells))
            lines += [(Piece(row, Role.TEXT),) for row in rows]
        lines.append(())
    return lines

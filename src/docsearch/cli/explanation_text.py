"""An explanation in words: why one result stands there, why one is above another, the whole list.

In: what was measured. Out: lines for `print_lines`. Does not know where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docsearch.cli.explanation_marks import LEGEND, marked_passage
from docsearch.cli.results_table import place
from docsearch.domain.explanation import (
    Contrast,
    Depth,
    Inspection,
    Missed,
    Movement,
    Noise,
    Whereabouts,
)
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.wording import after_score
from docsearch.explain.liked import liked
from docsearch.presentation.cells import one_line
from docsearch.presentation.contrast import contrast_lines, turned_text, turning_legend
from docsearch.presentation.heat import (
    Heat,
    Scale,
    heat_lines,
    split_line,
    voices_line,
    weighed,
)
from docsearch.presentation.named_lines import named, said
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.presentation.scores import fact_lines, faithfulness_line, score_lines
from docsearch.presentation.shared_words import liked_lines
from docsearch.presentation.slope import Slopes
from docsearch.presentation.whole_list import (
    depth_lines,
    missed_lines,
    missed_row,
    movement_lines,
)

Found = tuple[int, int, Sequence[Missed]]
"""Of the passages beyond the candidates: how many were read, of how many, and what was missed."""


def inspection_lines(number: int, inspection: Inspection, cells: int) -> Iterator[Line]:
    """All that was measured of result `number`, from 1."""
    yield _title(f"why is this number {number}?", inspection.hit)
    yield from fact_lines(inspection, cells)
    yield from _views(inspection, cells)


def against_lines(inspection: Inspection, second: Inspection, cells: int) -> Iterator[Line]:
    """What another reranker made of the same result, and which words the two like."""
    first, name = inspection.reranker or "", second.reranker or ""
    yield from _heading(f"the same passage under {one_line(name)}")
    yield from score_lines(second, cells)
    yield from _views(second, cells)
    yield from _heading("which strong words both like, and which only one")
    yield from liked_lines(liked(inspection, second), first, name, cells, running=False)


def _views(inspection: Inspection, cells: int) -> Iterator[Line]:
    """The passage as each model saw it."""
    text = inspection.hit.passage.chunk.text
    jitter = inspection.standing.jitter if inspection.standing else 0.0
    views = {
        name: (attribution, Scale.of(attribution, heat, noise))
        for name, heat, attribution, noise in (
            ("cross", Heat.WORDS, inspection.words, jitter),
            ("bi", Heat.SPLIT, inspection.split, 0.0),
        )
        if attribution is not None
    }
    for name, (attribution, scale) in views.items():
        yield from named(name, [voices_line(text, attribution, scale, cells)])
    if inspection.split is not None:
        yield from named("sum", [split_line(inspection.split)])
    if count := weighed(inspection.words, Heat.WORDS):
        yield from named("taken", said(f"{count}: those that are likeliest to matter", cells))
    if inspection.faithfulness is not None:
        yield from named("marks", [faithfulness_line(inspection.faithfulness)])
    if inspection.sentences is not None and len(inspection.sentences.effects) > 1:
        yield from _heading("sentences, each with what the score loses without it")
        scale = Scale.of(inspection.sentences, Heat.SENTENCES, jitter)
        yield from heat_lines(text, inspection.sentences, scale, cells)
    if views:
        yield from _heading(f"passage; {LEGEND}")
        yield from marked_passage(text, views, cells)


def comparison_lines(contrast: Contrast, result: SearchResult, cells: int) -> Iterator[Line]:
    """Why the one result is above the other."""
    above, below = contrast.above, contrast.below
    yield from contrast_lines(result, above, below, contrast, ended=True, cells=cells)
    if contrast.turning:
        yield from _heading(f"A; {turning_legend(result.reranker)}")
        yield from turned_text(contrast.above.passage.chunk.text, contrast, cells)


def whereabouts_lines(found: Whereabouts, cells: int) -> Iterator[Line]:
    """Where a target was lost."""
    yield from named("target", [(Piece(found.target, Role.FILE),)])
    yield from named("stage", [(Piece(str(found.stage), Role.STRONG),)])
    yield from named("reason", said(found.reason, cells))


def list_lines(
    result: SearchResult,
    movement: Movement | None,
    noise: Noise | None,
    depth: Depth,
    found: Found,
    cells: int,
) -> Iterator[Line]:
    """What reranking did to the whole list, how deep it had to read, and what it could not see."""
    if movement is None:
        yield (Piece("nothing was reranked, so nothing moved"),)
        return
    yield from movement_lines(result, movement, noise, cells)
    yield from depth_lines(depth, cells)
    read, total, missed = found
    yield from missed_lines(read, total, missed, len(result.hits), cells)
    yield from _heading("ranks, before and after")
    yield from Slopes.of(result, cells).lines(None, noise.moves if noise else frozenset())
    if missed:
        yield from _heading("missed: rank and score before, and the place it would have had")
        yield from (missed_row(each, result, cells) for each in missed)


def _title(words: str, hit: RankedHit) -> Line:
    score = f", {after_score(hit.rerank.raw)}" if hit.rerank else ""
    return Piece(f"{words}  ", Role.MUTED), Piece(place(hit), Role.FILE), Piece(score, Role.AFTER)


def _heading(words: str) -> Iterator[Line]:
    yield ()
    yield (Piece(words, Role.MUTED),)

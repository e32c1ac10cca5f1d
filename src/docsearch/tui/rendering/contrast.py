"""Why one result is above another: both scores under both models, and the words that decide.

In: two hits and, once it is known, their contrast. Out: lines. Does not know how the words were
found.
"""

from __future__ import annotations

from collections.abc import Iterator

from docsearch.domain.explanation import Contrast
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.wording import after_score, before_score
from docsearch.tui.rendering.cells import one_line, pad, shorten
from docsearch.tui.rendering.keys import key_pieces
from docsearch.tui.rendering.marked_text import CLOSE, OPEN, Mark, marked_rows
from docsearch.tui.rendering.named_lines import NAME_CELLS, WAITING, named, said
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.rendering.places import where
from docsearch.tui.rendering.voices import voices_line

_COLUMN = 24
_MARGIN = 2
_MOST_SPANS = 8
_SPAN_CELLS = 40


def contrast_lines(
    result: SearchResult,
    above: RankedHit,
    below: RankedHit,
    found: Contrast | None,
    ended: bool,
    cells: int,
) -> tuple[Line, ...]:
    """Which two, their scores, the margin, and what turns their order round.

    `ended` is whether `found` is all that can be found.
    """
    lines: list[Line] = []
    source = result.source
    for name, hit in (("A", above), ("B", below)):
        lines += named(name, [where(hit.passage, cells - NAME_CELLS)])
    is_alone = above.voices is None
    after = "cross-encoder" if is_alone else "place, cross-encoder"
    lines.append(_row("", after, f"bi-encoder, {source}", Role.MUTED))
    for name, hit in (("A", above), ("B", below)):
        lines.append(_row(name, _after(hit), _before(hit, source)))
    lines.append(_row("ahead", _lead(above, below, is_alone), _first_lead(above, below, source)))
    lines += _voices(result, above, below, cells)
    lines += named("turns", _turning(found, ended, cells))
    return tuple(lines)


def turning_legend(reranker: str | None) -> str:
    """What the brackets mean, which is less than that the order that is shown would turn."""
    name = one_line(reranker or "the cross-encoder")
    return f"{OPEN}brackets{CLOSE}: without these B would be ahead by {name} alone"


def turned_text(text: str, found: Contrast | None, cells: int) -> tuple[Line, ...]:
    """The upper passage, the words that decide in brackets."""
    spans = found.turning if found else ()
    marks = [Mark(span, Role.AFTER_STRONG, bracketed=True) for span in spans]
    rows = marked_rows(text, marks, cells - _MARGIN)
    return tuple(
        (Piece("▌ ", Role.AFTER) if row.marks else Piece(" " * _MARGIN), *row.line) for row in rows
    )


def contrast_keys(cells: int) -> Line:
    """The keys of the view."""
    return key_pieces((("⇥", "other passage"), ("PgDn", "scroll"), ("Esc", "back")), cells)


def _row(name: str, after: str, before: str, role: Role = Role.TEXT) -> Line:
    return (
        Piece(pad(name, NAME_CELLS), Role.MUTED),
        Piece(pad(after, _COLUMN), role),
        Piece(before, role),
    )


def _after(hit: RankedHit) -> str:
    if hit.rerank is None:
        return "not reranked"
    return f"#{hit.after_rank}  {after_score(hit.rerank.raw)} ({hit.rerank.unit:.3f})"


def _before(hit: RankedHit, source: CandidateSource) -> str:
    return f"#{hit.before_rank}  {before_score(hit.before_score, source)}"


def _lead(above: RankedHit, below: RankedHit, is_alone: bool) -> str:
    """Whom the reranker has ahead, which where others are heard too is not what is shown."""
    if above.rerank is None or below.rerank is None:
        return ""
    margin = above.rerank.raw - below.rerank.raw
    lead = f"{'A' if margin >= 0 else 'B'} by {abs(margin):.2f}"
    return lead if is_alone else f"{lead} (reranker)"


def _first_lead(above: RankedHit, below: RankedHit, source: CandidateSource) -> str:
    margin = above.before_score - below.before_score
    return f"{'A' if margin >= 0 else 'B'} by {before_score(abs(margin), source)}"


def _voices(result: SearchResult, above: RankedHit, below: RankedHit, cells: int) -> Iterator[Line]:
    """What each voice gave the two, where the order is not the reranker's alone."""
    for name, letter, hit in (("order", "A ", above), ("", "B ", below)):
        if hit.voices is not None:
            room = cells - NAME_CELLS - len(letter)
            line = voices_line(hit.voices, result.fusion, result.source, room)
            yield from named(name, [(Piece(letter, Role.MUTED), *line)])


def _turning(found: Contrast | None, ended: bool, cells: int) -> list[Line]:
    if found is None or not (ended or found.turning):
        return [WAITING]
    if found.margin <= 0:
        return said("The cross-encoder itself has B ahead: other voices put A above it.", cells)
    if not found.turning:
        return said("No removal of words that was tried has the cross-encoder put B ahead.", cells)
    text = found.above.passage.chunk.text
    shown = [
        OPEN + shorten(one_line(text[start:end]), _SPAN_CELLS) + CLOSE
        for start, end in found.turning[:_MOST_SPANS]
    ]
    more = len(found.turning) - len(shown)
    words = " ".join(shown) + (f" and {more} more" if more else "")
    after = (
        f"A falls to {after_score(found.score_without)}, B has {after_score(found.below_score.raw)}"
    )
    return said(f"without {words} {after}", cells)

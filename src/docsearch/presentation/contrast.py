"""Why one result is above another: both scores under both models, and the words that decide.

In: two hits and, once it is known, their contrast. Out: lines. Does not know how the words were
found.
"""

from __future__ import annotations

from collections.abc import Iterator

from docsearch.domain.explanation import Contrast
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.wording import FIRST_STAGES, after_score, before_score, mix, voice_score
from docsearch.presentation.cells import one_line, pad, shorten
from docsearch.presentation.components import voices_line
from docsearch.presentation.marked_text import CLOSE, OPEN, Mark, marked_rows
from docsearch.presentation.named_lines import NAME_CELLS, WAITING, named, said
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.presentation.places import where

_COLUMN = 24
_MARGIN = 2
_MOST_SPANS = 8
_SPAN_CELLS = 40
_LEAST_ROUNDED = 0.005


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
    if found is None or not (ended or found.turning):
        lines += named("turns", [WAITING])
    else:
        lines += named("turns", _turning(result, found, cells))
    return tuple(lines)


def contrast_question(result: SearchResult) -> Line:
    """What is asked, and by whose order."""
    name = one_line(result.reranker or "the cross-encoder")
    whose = mix(name, result.fusion, result.source)
    return (Piece(" Why is A above B?", Role.STRONG), Piece(f"  by {whose}", Role.MUTED))


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
    lead = f"{'A' if margin > 0 else 'B'} by {_amount(margin)}" if margin else "equal"
    return lead if is_alone else f"{lead} (reranker)"


def _first_lead(above: RankedHit, below: RankedHit, source: CandidateSource) -> str:
    margin = above.before_score - below.before_score
    if not margin:
        return "equal"
    return f"{'A' if margin > 0 else 'B'} by {before_score(abs(margin), source)}"


def _amount(margin: float) -> str:
    """With as many digits as it takes to tell it from nothing."""
    return f"{abs(margin):.2f}" if abs(margin) >= _LEAST_ROUNDED else f"{abs(margin):.1g}"


def _voices(result: SearchResult, above: RankedHit, below: RankedHit, cells: int) -> Iterator[Line]:
    """What each voice gave the two, where the order is not the reranker's alone."""
    for name, letter, hit in (("order", "A ", above), ("", "B ", below)):
        if hit.voices is not None:
            room = cells - NAME_CELLS - len(letter)
            line = voices_line(hit.voices, result.fusion, result.source, room)
            yield from named(name, [(Piece(letter, Role.MUTED), *line)])


def _turning(result: SearchResult, found: Contrast, cells: int) -> list[Line]:
    name = one_line(result.reranker or "the cross-encoder")
    if found.is_even:
        return said(_even(result, found, name), cells)
    if found.margin < 0:
        return said(_other_way_round(result, found, name), cells)
    own = "" if found.above.voices is None else f"in the order of {name} alone, "
    if not found.turning:
        return said(f"{own}no removal of words that was tried puts B ahead", cells)
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
    return said(f"{own}without {words} {after}", cells)


def _even(result: SearchResult, found: Contrast, name: str) -> str:
    """Two equals: the other voices decide, and where they do not either, the first order does."""
    above, below = found.above, found.below
    same = above.passage.chunk.text == below.passage.chunk.text
    equal = "the two passages are the same text" if same else f"{name} gives the two the same score"
    others = _putting_above(result, above, below)
    if others:
        return f"{equal}; {others}"
    places = f"A is number {above.before_rank} there, B number {below.before_rank}"
    return f"{equal}: they are equal, and the first stage's order decides; {places}"


def _other_way_round(result: SearchResult, found: Contrast, name: str) -> str:
    """The reranker has B ahead: who else has A above it, and by how much of the order's sum."""
    lead = f"{name} itself has B ahead by {_amount(found.margin)}"
    above, below = found.above.voices, found.below.voices
    if above is None or below is None:
        return f"{lead} when read again: the two are as good as equal"
    own = voice_score(above.reranker - below.reranker, result.fusion.blend)
    others = _putting_above(result, found.above, found.below)
    return f"{lead}, which counts {own} in the order" + (f"; {others}" if others else "")


def _putting_above(result: SearchResult, above: RankedHit, below: RankedHit) -> str:
    """`bi-encoder +0.40 and recency +0.02 put A above B`, or nothing where no other voice does."""
    if above.voices is None or below.voices is None:
        return ""
    leads = (
        (FIRST_STAGES[result.source], above.voices.first_stage - below.voices.first_stage),
        ("recency", above.voices.recency - below.voices.recency),
    )
    heard = [f"{name} {voice_score(lead, result.fusion.blend)}" for name, lead in leads if lead > 0]
    return f"{' and '.join(heard)} put{'s' * (len(heard) == 1)} A above B" if heard else ""

"""Why A is above B: both scores, the margin, and the words in their place."""

from __future__ import annotations

from dataclasses import replace

from docsearch.domain.explanation import Contrast
from docsearch.domain.fusion import Fusion, Voices
from docsearch.domain.ranking import RankedHit
from docsearch.tui.rendering.contrast import contrast_lines, turned_text, turning_legend
from docsearch.tui.rendering.marked_text import CLOSE, OPEN
from docsearch.tui.rendering.pieces import Role, text_of
from tests.tui import inspections, samples

RESULT = replace(samples.reranked(12), fusion=Fusion(first_stage=0.5))
A, _, _, B = RESULT.hits[:4]
FOUND = inspections.contrast(A, B)


def said(
    above: RankedHit = A,
    below: RankedHit = B,
    found: Contrast | None = FOUND,
    *,
    ended: bool = True,
) -> str:
    lines = contrast_lines(RESULT, above, below, found, ended, 100)
    return "\n".join(text_of(line) for line in lines)


def test_both_scores_under_both_models_and_who_leads_by_how_much() -> None:
    text = said()
    assert "A       #1  +6.64 (0.999)       #7  0.526" in text
    assert "B       #4  +0.49 (0.620)       #11  0.402" in text
    assert "ahead   A by 6.15               A by 0.124" in text


def test_the_words_that_turn_it_are_named_with_what_is_left() -> None:
    assert f"without {OPEN}Rest{CLOSE} {OPEN}30{CLOSE} A falls to +0.29, B has +0.49" in said()


def test_they_are_looked_for_found_or_not_to_be_found() -> None:
    assert "…" in said(found=None, ended=False)
    assert "…" in said(found=replace(FOUND, turning=()), ended=False)
    assert "No removal of words" in said(found=replace(FOUND, turning=()))


def test_where_other_voices_decide_it_is_said_and_by_how_much() -> None:
    above, below = replace(B, voices=Voices(0.1, 0.5, 0.0)), replace(A, voices=Voices(0.4, 0.1, 0))
    other = replace(FOUND, above_score=FOUND.below_score, below_score=FOUND.above_score, turning=())
    text = said(above, below, other)
    assert "place, cross-encoder" in text
    assert "B by 6.15 (reranker)" in text
    assert "other voices put A above it" in text
    assert "order   A +0.60 = +0.10 reranker +0.50 bi-encoder" in text
    assert "        B +0.50 = +0.40 reranker +0.10 bi-encoder" in text


def test_the_brackets_promise_no_more_than_the_reranker_can_keep() -> None:
    legend = turning_legend("minilm-l6")
    assert legend.endswith("without these B would be ahead by minilm-l6 alone")


def test_in_their_place_they_are_bracketed_with_a_bar_beside() -> None:
    lines = turned_text(A.passage.chunk.text, FOUND, 60)
    line = next(line for line in lines if f"{OPEN}Rest{CLOSE}" in text_of(line))
    assert text_of(line).startswith("▌ ")
    assert any(piece.role is Role.AFTER_STRONG for piece in line)
    assert not any(OPEN in text_of(line) for line in turned_text(A.passage.chunk.text, None, 60))

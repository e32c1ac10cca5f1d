"""Why A is above B: both scores, the margin, and the words in their place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docsearch.domain.explanation import Contrast
from docsearch.domain.fusion import Fusion, Voices
from docsearch.domain.ranking import RankedHit
from docsearch.presentation.contrast import (
    contrast_lines,
    contrast_question,
    turned_text,
    turning_legend,
)
from docsearch.presentation.marked_text import CLOSE, OPEN
from docsearch.presentation.pieces import Role, text_of
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


def joined(above: RankedHit = A, below: RankedHit = B, found: Contrast | None = FOUND) -> str:
    """The same without its line breaks, where rows go on."""
    return said(above, below, found).replace("-\n          ", "-").replace("\n          ", " ")


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
    assert "no removal of words" in said(found=replace(FOUND, turning=()))


def test_where_other_voices_decide_it_is_said_and_by_how_much() -> None:
    above, below = replace(B, voices=Voices(0.1, 0.5, 0.0)), replace(A, voices=Voices(0.4, 0.1, 0))
    other = replace(FOUND, above_score=FOUND.below_score, below_score=FOUND.above_score, turning=())
    other = replace(other, above=above, below=below)
    text = joined(above, below, other)
    assert "place, cross-encoder" in text
    assert "B by 6.15 (reranker)" in text
    assert (
        "ms-marco-MiniLM-L6-v2 itself has B ahead by 6.15, which counts -0.30 in the order" in text
    )
    assert "bi-encoder +0.40 puts A above B" in text
    assert "order   A +0.60 = +0.10 reranker +0.50 bi-encoder" in text
    assert "        B +0.50 = +0.40 reranker +0.10 bi-encoder" in text


def test_every_voice_that_puts_it_above_is_named_and_none_that_does_not() -> None:
    above, below = replace(B, voices=Voices(0.1, 0.5, 0.25)), replace(A, voices=Voices(0.4, 0.1, 0))
    other = replace(
        FOUND,
        above=above,
        below=below,
        above_score=FOUND.below_score,
        below_score=FOUND.above_score,
        turning=(),
    )
    assert "bi-encoder +0.40 and recency +0.25 put A above B" in joined(above, below, other)
    older = replace(above, voices=Voices(0.1, 0.5, -0.1))
    text = joined(older, below, replace(other, above=older))
    assert "bi-encoder +0.40 puts A above B" in text
    assert "recency" not in text


def test_of_a_fused_order_it_is_said_that_the_words_turn_the_rerankers_own() -> None:
    above, below = replace(A, voices=Voices(0.5, 0.3, 0)), replace(B, voices=Voices(0.1, 0.2, 0))
    found = replace(FOUND, above=above, below=below)
    own = "in the order of ms-marco-MiniLM-L6-v2 alone, "
    assert f"{own}without {OPEN}Rest{CLOSE}" in joined(above, below, found)
    assert f"{own}no removal of words" in joined(above, below, replace(found, turning=()))
    assert own not in joined()


@pytest.mark.parametrize(
    ("fusion", "whose"),
    [
        (Fusion(), "by ms-marco-MiniLM-L6-v2"),
        (Fusion(first_stage=0.5), "by ms-marco-MiniLM-L6-v2 + ½ bi-encoder"),
    ],
)
def test_the_question_says_by_whose_order(fusion: Fusion, whose: str) -> None:
    asked = contrast_question(replace(RESULT, fusion=fusion))
    assert text_of(asked) == f" Why is A above B?  {whose}"


def even(above: RankedHit, below: RankedHit) -> Contrast:
    assert above.rerank is not None
    return Contrast(above, below, above.rerank, above.rerank, (), above.rerank.raw)


def test_of_two_equal_passages_the_first_order_decides() -> None:
    copy = replace(A, before_rank=8, after_rank=2, before_score=A.before_score)
    text = joined(A, copy, even(A, copy))
    assert "ahead   equal                   equal" in text
    assert "the two passages are the same text: they are equal" in text
    assert "the first stage's order decides; A is number 7 there, B number 8" in text
    assert "B ahead" not in text


def test_of_two_equal_scores_the_other_voices_decide_where_there_are_any() -> None:
    twin = replace(B, rerank=A.rerank)
    text = joined(A, twin, even(A, twin))
    assert "ms-marco-MiniLM-L6-v2 gives the two the same score: they are equal" in text
    above, below = replace(A, voices=Voices(0.4, 0.3, 0)), replace(twin, voices=Voices(0.4, 0.1, 0))
    text = joined(above, below, even(above, below))
    assert "equal (reranker)" in text
    assert "gives the two the same score; bi-encoder +0.20 puts A above B" in text


def test_a_lead_that_is_small_is_not_rounded_to_nothing() -> None:
    assert A.rerank is not None
    close = replace(B, rerank=replace(A.rerank, raw=A.rerank.raw - 0.002))
    assert "A by 0.002" in joined(A, close)


def test_the_brackets_promise_no_more_than_the_reranker_can_keep() -> None:
    legend = turning_legend("minilm-l6")
    assert legend.endswith("without these B would be ahead by minilm-l6 alone")


def test_in_their_place_they_are_bracketed_with_a_bar_beside() -> None:
    lines = turned_text(A.passage.chunk.text, FOUND, 60)
    line = next(line for line in lines if f"{OPEN}Rest{CLOSE}" in text_of(line))
    assert text_of(line).startswith("▌ ")
    assert any(piece.role is Role.AFTER_STRONG for piece in line)
    assert not any(OPEN in text_of(line) for line in turned_text(A.passage.chunk.text, None, 60))

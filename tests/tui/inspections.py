"""Explanations for the screen to show: fixed effects, scores and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from docsearch.domain.explanation import (
    Attribution,
    Background,
    Contrast,
    Depth,
    DepthStep,
    Effect,
    Faithfulness,
    Inspection,
    Measure,
    Missed,
    Noise,
    Reading,
    Span,
    Stage,
    Standing,
    Whereabouts,
)
from docsearch.domain.model import ScoreKind
from docsearch.domain.ranking import RankedHit, RerankScore
from tests.tui import samples

EFFECTS = {"Rest": 2.1, "30": 1.4, "minutes": 0.9, "Rye": 0.8, "rise": 0.3, "forgotten": -0.9}
"""By word, its first place in the text; every other word does 0.01."""

REASONS = (
    "holds 4 of 5 query words; the other list's first holds 2",
    "its best sentence alone scores 5.9 of 6.6",
    "matched on the heading “Morning, dough”",
)
BACKGROUND = Background(tuple(-11.0 + 0.1 * number for number in range(64)))


def span_of(text: str, word: str) -> Span:
    start = text.index(word)
    return start, start + len(word)


def by_word(hit: RankedHit, share: float = 1.0, scale: float = 1.0) -> Attribution:
    """The effects of the words, of which the first `share` have been measured."""
    text = hit.passage.chunk.text
    seen: set[str] = set()
    effects = []
    for match in re.finditer(r"\w+", text):
        effect = 0.01 if match[0] in seen else EFFECTS.get(match[0], 0.01)
        seen.add(match[0])
        effects.append(Effect(match.span(), effect * scale))
    measured = tuple(effects[: round(share * len(effects))])
    return Attribution(samples.MODEL, 6.64, measured, len(effects))


def by_sentence(hit: RankedHit) -> Attribution:
    text = hit.passage.chunk.text
    spans = [match.span() for match in re.finditer(r"[^.\s][^.]*\.", text)] or [(0, len(text))]
    effects = tuple(
        Effect(span, 4.2 if "Rest 30" in text[slice(*span)] else -0.7 if not number else 0.05)
        for number, span in enumerate(spans)
    )
    return Attribution(samples.MODEL, 6.64, effects, len(effects))


def growing(hit: RankedHit) -> Iterator[Inspection]:
    """An inspection from nothing to the whole."""
    now = Inspection(hit, samples.MODEL, Measure.READING)
    yield now
    if hit.rerank is None:
        yield replace(now, doing=None, split=by_word(hit, scale=0.02))
        return
    reading = Reading(7, 118, 64, (64, 64, 21), (1.2, hit.rerank.raw, -3.0))
    now = replace(now, doing=Measure.SPLIT, reading=reading)
    yield now
    now = replace(now, doing=Measure.SENTENCES, split=by_word(hit, scale=0.02))
    yield now
    now = replace(now, doing=Measure.WORDS, sentences=by_sentence(hit), words=by_word(hit, 0.5))
    yield replace(now, done=0.5)
    now = replace(now, doing=Measure.FAITHFULNESS, words=by_word(hit))
    yield now
    now = replace(now, doing=Measure.STANDING, faithfulness=Faithfulness(5, 3.24, (0.2, 0.5, 0.51)))
    yield now
    above = None if hit.after_rank == 1 else 0.004
    now = replace(now, doing=Measure.BACKGROUND, standing=Standing(above, 4.82, 0.03))
    yield now
    now = replace(now, doing=Measure.REASONS, background=BACKGROUND)
    yield now
    yield replace(now, doing=None, reasons=REASONS)


def whole(hit: RankedHit) -> Inspection:
    """All that is ever known of a hit."""
    return tuple(growing(hit))[-1]


SECOND_EFFECTS = {"Rest": 0.2, "minutes": 0.15, "dough": 0.1, "tin": -0.1}


def under(hit: RankedHit, reranker: str) -> Iterator[Inspection]:
    """What another reranker makes of a hit: probabilities, and another taste in words."""
    text = hit.passage.chunk.text
    now = Inspection(hit.unread, reranker, Measure.READING, kind=ScoreKind.PROBABILITY)
    yield now
    found = dict.fromkeys((match.span() for match in re.finditer(r"\w+", text)), 0.001)
    for word, effect in SECOND_EFFECTS.items():
        if word in text:
            found[span_of(text, word)] = effect
    effects = tuple(Effect(span, effect) for span, effect in found.items())
    now = replace(
        now,
        doing=Measure.WORDS,
        hit=replace(hit.unread, rerank=RerankScore(0.91, 0.91)),
        reading=Reading(9, 121, 512, (133,), (0.91,)),
        sentences=replace(by_sentence(hit), model=reranker, score=0.91),
        words=Attribution(reranker, 0.91, effects, len(effects)),
    )
    yield now
    faithfulness = Faithfulness(4, 0.5, (0.1,))
    now = replace(now, faithfulness=faithfulness, standing=Standing(None, None, 0.002))
    yield replace(now, doing=None, background=Background((0.02, 0.04, 0.3)))


def contrast(above: RankedHit, below: RankedHit) -> Contrast:
    """Two words turn it, where the upper passage has them."""
    assert above.rerank is not None
    assert below.rerank is not None
    text = above.passage.chunk.text
    turning = tuple(span_of(text, word) for word in ("Rest", "30") if word in text)
    return Contrast(above, below, above.rerank, below.rerank, turning, below.rerank.raw - 0.2)


NOISE = Noise(0.03, frozenset())
DEPTH = Depth(
    (
        DepthStep(5, kept=4, in_order=False, seconds=0.35),
        DepthStep(9, kept=10, in_order=True, seconds=0.63),
        DepthStep(12, kept=10, in_order=True, seconds=0.84),
    ),
    enough=9,
    total=12,
)


def missed() -> Iterator[tuple[int, int, tuple[Missed, ...]]]:
    """Of 40 passages beyond the candidates one would have been third."""
    passage = samples.passage(
        86, "attic/bread/rye.md", ("Rye", "Rests"), "Rye dough rests for days."
    )
    hit = RankedHit(passage, 87, 0.211, 3, RerankScore(1.5, 0.82))
    yield 0, 40, ()
    yield 16, 40, (Missed(hit),)
    yield 40, 40, (Missed(hit),)


LOST = Whereabouts(
    "ops/queue.md",
    Stage.NOT_RETRIEVED,
    "The bi-encoder ranks it 312th; only the first 50 are reranked.",
    before_rank=312,
    before_score=0.104,
    after_rank=41,
    rerank=RerankScore(-4.2, 0.015),
)

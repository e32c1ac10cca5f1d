"""Why one hit stands where it stands, measure by measure, the cheap ones first.

In: a result and one of its hits, the models that made it, and a way to score other passages. Out:
an `Inspection` that grows. Close the generator to cancel: no further batch is begun. Does not know
who looks, nor which models and stores stand behind the ports.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from docsearch.domain.explanation import Attribution, Inspection, Measure, Span
from docsearch.domain.model import ScoreKind
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import RankedHit, RerankScore, SearchResult
from docsearch.explain.faithfulness import faithfulness
from docsearch.explain.occlusion import most_telling, occlude, words_that_fit
from docsearch.explain.pieces import words
from docsearch.explain.scoring import Measuring
from docsearch.explain.standing import background, standing
from docsearch.explain.under_heading import reranker_under, split_under
from docsearch.ports import Embedder, Reranker

BACKGROUND_PASSAGES = 64

T = TypeVar("T")

Growing = Generator[Inspection, None, Inspection]
ScoreBackground = Callable[[int], Iterable[Mapping[int, RerankScore]]]
"""Draws so many chunks of the index and gives their scores for the query, by position, in batches;
asked for the next batch only when it is wanted."""


def inspect(
    result: SearchResult,
    hit: RankedHit,
    embedder: Embedder | None,
    reranker: Reranker | None,
    *,
    score_background: ScoreBackground,
    sentences: Callable[[str], Sequence[Span]],
    reasons: Callable[[Inspection], tuple[str, ...]],
    kind: ScoreKind | None = None,
) -> Generator[Inspection, None, None]:
    """What is known so far: before each measure, after each batch, and at the end.

    `hit` is one of the result's; the models are those that made it, None where there was none. A
    query without words leaves nothing to measure, a first stage without vectors nothing to split.
    `sentences` gives the spans of a text's sentences, `reasons` what all this comes to, `kind` is
    what the reranker's raw scores are. Raises ModelError.
    """
    chunk = hit.passage.chunk
    question, text = result.query.words, chunk.text
    own = reranker_under(chunk.above, reranker) if reranker else None
    known = Inspection(hit, reranker.name if reranker else None, kind=kind)
    if question and own:
        known = yield from _begin(known, Measure.READING)
        known = replace(known, reading=own.read(question, text))
    if question and embedder and result.source is not CandidateSource.BM25:
        known = yield from _begin(known, Measure.SPLIT)
        known = replace(known, split=split_under(chunk.above, embedder, question, text))
    if reranker and own and known.reading:
        score = max(known.reading.window_scores)
        known = yield from _weigh(known, question, score, own, sentences)
        if hit.rerank:
            known = yield from _begin(known, Measure.STANDING)
            found = yield from _follow(known, standing(result, hit, reranker))
            known = replace(known, standing=found)
        known = yield from _begin(known, Measure.BACKGROUND)
        scored = score_background(BACKGROUND_PASSAGES)
        others = yield from _follow(known, background(scored, BACKGROUND_PASSAGES))
        known = replace(known, background=others)
    known = yield from _begin(known, Measure.REASONS)
    yield replace(known, reasons=reasons(known), doing=None, done=1.0)


def _weigh(
    known: Inspection,
    question: str,
    score: float,
    reranker: Reranker,
    sentences: Callable[[str], Sequence[Span]],
) -> Growing:
    """The passage's sentences, its words, and whether the strongest matter."""
    text = known.hit.passage.chunk.text
    known = yield from _begin(known, Measure.SENTENCES)
    spans = sentences(text)
    whole = Attribution(reranker.name, score, (), len(spans))
    for by_sentence in occlude(question, text, spans, whole, reranker):
        known = replace(known, sentences=by_sentence, done=_share(by_sentence, spans))
        yield known

    known = yield from _begin(known, Measure.WORDS)
    most = words_that_fit(question, text, reranker)
    spans = most_telling(question, text, by_sentence, most)
    whole = Attribution(reranker.name, score, (), len(words(text)))
    for by_word in occlude(question, text, spans, whole, reranker):
        known = replace(known, words=by_word, done=_share(by_word, spans))
        yield known

    known = yield from _begin(known, Measure.FAITHFULNESS)
    found = yield from _follow(known, faithfulness(question, text, by_word, reranker))
    return replace(known, faithfulness=found)


def _begin(known: Inspection, measure: Measure) -> Growing:
    known = replace(known, doing=measure, done=0.0)
    yield known
    return known


def _follow(known: Inspection, measuring: Measuring[T]) -> Generator[Inspection, None, T]:
    """What `measuring` returns; tells meanwhile how far it is."""
    while True:
        try:
            done = next(measuring)
        except StopIteration as end:
            found: T = end.value
            return found
        yield replace(known, done=done)


def _share(attribution: Attribution, spans: Sequence[Span]) -> float:
    return len(attribution.effects) / len(spans) if spans else 1.0

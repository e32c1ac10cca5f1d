"""The order that is shown: candidates and their scores, made into ranked hits.

In: candidates, scores by position, and how the voices are fused. Out: hits with both ranks, and
what each voice gave. Does not know where candidates or scores come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from docsearch.domain.fusion import Blend, Fusion, Voices
from docsearch.domain.ranking import Candidate, RankedHit, RerankScore, SearchResult
from docsearch.search.fuse import recencies, reciprocal_ranks, standardised


def order(
    candidates: Sequence[Candidate],
    scores: Mapping[int, RerankScore],
    fusion: Fusion,
    now: float,
) -> tuple[RankedHit, ...]:
    """The hits as `SearchResult.hits` wants them, from scores by position in `candidates`.

    A reranker alone ranks by its raw score, since the form in [0, 1] has no room left between the
    best; equals keep the first stage's order. Voices are compared among the scored candidates
    only. `now` is in seconds since the epoch.
    """
    scored = sorted(scores)
    raw = [scores[at].raw for at in scored]
    first = [candidates[at].score for at in scored]
    written = [candidates[at].passage.modified_ns / 1e9 for at in scored]
    voices = _voices(raw, first, written, fusion, now)
    reranked = []
    for after_rank, place in enumerate(_best_first(raw, voices), start=1):
        at = scored[place]
        each = candidates[at]
        reranked.append(
            RankedHit(each.passage, each.rank, each.score, after_rank, scores[at], voices[place])
        )
    waiting = [
        RankedHit(each.passage, each.rank, each.score)
        for at, each in enumerate(candidates)
        if at not in scores
    ]
    return (*reranked, *waiting)


def best_first(
    raw: Sequence[float],
    first: Sequence[float],
    written: Sequence[float],
    fusion: Fusion,
    now: float,
) -> list[int]:
    """The same order as places among scored candidates, given in the first stage's order.

    `raw` are the reranker's scores, `first` the first stage's, `written` when each file was
    modified, in seconds since the epoch as `now`.
    """
    return _best_first(raw, _voices(raw, first, written, fusion, now))


def reordered(result: SearchResult, fusion: Fusion, now: float) -> SearchResult:
    """The same answer in the order of another fusion; nothing is scored again."""
    before = result.before
    candidates = [Candidate(hit.passage, hit.before_rank, hit.before_score) for hit in before]
    scores = {at: hit.rerank for at, hit in enumerate(before) if hit.rerank is not None}
    return replace(result, hits=order(candidates, scores, fusion, now), fusion=fusion)


def _best_first(raw: Sequence[float], voices: Sequence[Voices | None]) -> list[int]:
    weights = [
        score if voice is None else voice.total for score, voice in zip(raw, voices, strict=True)
    ]
    return sorted(range(len(raw)), key=lambda place: (-weights[place], place))


def _voices(
    raw: Sequence[float],
    first: Sequence[float],
    written: Sequence[float],
    fusion: Fusion,
    now: float,
) -> list[Voices] | list[None]:
    if fusion.is_alone or not raw:
        return [None] * len(raw)
    if fusion.blend is Blend.RANKS:
        parts = [reciprocal_ranks(values, fusion.k) for values in (raw, first, written)]
    else:
        recent = recencies(written, now, fusion.half_life_days)
        parts = [standardised(values) for values in (raw, first, recent)]
    return [
        Voices(fusion.reranker * one, fusion.first_stage * two, fusion.recency * three)
        for one, two, three in zip(*parts, strict=True)
    ]

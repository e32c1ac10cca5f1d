"""Reasons that can be read off the numbers: of windows, sentences, words and voices.

In: a subject. Out: each function's sentence, or None where it has nothing to say. Does not know
which of them are worth showing.
"""

from __future__ import annotations

from collections.abc import Callable

from docsearch.domain.fusion import Voices
from docsearch.domain.query import CandidateSource
from docsearch.domain.wording import after_score
from docsearch.explain.subject import Subject, quoted
from docsearch.explain.terms import within

MOST = 0.5
"""The share from which on something is most of a score."""

_FIRST_STAGE = {
    CandidateSource.DENSE: "the bi-encoder's share",
    CandidateSource.BM25: "BM25's share",
    CandidateSource.HYBRID: "the first stage's share",
}


def best_sentence(subject: Subject) -> str | None:
    """What place its score would have without the sentence that matters most, if another."""
    best, sentences = subject.best_sentence, subject.inspection.sentences
    if best is None or sentences is None or sentences.pieces < 2:
        return None
    left = sentences.score - best.effect
    others = [
        hit.rerank.raw
        for hit in subject.result.hits
        if hit.rerank is not None and not subject.is_hit(hit)
    ]
    place, place_without = _place(sentences.score, others), _place(left, others)
    if place_without == place:
        return None
    scores = f"{after_score(left)} instead of {after_score(sentences.score)}"
    alone = "" if subject.result.fusion.is_alone else " by the reranker alone"
    return (
        f"without its best sentence it scores {scores}, and is number {place_without} instead of "
        f"{place}{alone}"
    )


def window(subject: Subject) -> str | None:
    """Where the model read its best part, if not in the first window."""
    reading = subject.inspection.reading
    if reading is None or not reading.best:
        return None
    scores = reading.window_scores
    return (
        f"its best part lies beyond the first window: window {reading.best + 1} of {len(scores)} "
        f"scores {after_score(scores[reading.best])}, the first {after_score(scores[0])}"
    )


def unasked_words(subject: Subject) -> str | None:
    """The words that the query does not hold, where most of the score comes from them.

    What the model's arithmetic cannot tell from nothing does not count: of many such words the sum
    would be large.
    """
    words = subject.inspection.words
    asked = {term.stem for term in subject.query_terms}
    if words is None or not asked or subject.is_unspaced:
        return None
    standing = subject.inspection.standing
    noise = standing.jitter if standing else 0.0
    gains = [each for each in words.strongest(len(words.effects)) if each.effect > noise]
    unasked = [
        each
        for each in gains
        if not asked & {term.stem for term in within(subject.terms, each.span)}
    ]
    share = sum(each.effect for each in unasked) / max(sum(each.effect for each in gains), 1e-12)
    if share <= MOST:
        return None
    named: dict[str, str] = {}
    for each in unasked:
        word = subject.text[slice(*each.span)]
        named.setdefault(word.casefold(), word)
    weighed = len(words.effects)
    which = "its words" if weighed == words.pieces else f"the {weighed} words weighed"
    return (
        f"{share:.0%} of what {which} add comes from words that the query does not hold, such as "
        f"{quoted(list(named.values())[:3])}"
    )


def recency(subject: Subject) -> str | None:
    """The place to which the age of its file moved it."""
    return _moved(subject, "the age of its file", lambda voices: voices.recency)


def first_stage(subject: Subject) -> str | None:
    """The place to which the first stage's voice moved it."""
    name = _FIRST_STAGE[subject.result.source]
    return _moved(subject, name, lambda voices: voices.first_stage)


def _moved(subject: Subject, name: str, part: Callable[[Voices], float]) -> str | None:
    """Where the other voices alone would have it, if elsewhere."""
    rank = subject.hit.after_rank
    voiced = [
        (hit.voices.total - part(hit.voices), hit) for hit in subject.result.hits if hit.voices
    ]
    voiced.sort(key=lambda pair: (-pair[0], pair[1].before_rank))
    place = next((at for at, (_, hit) in enumerate(voiced, start=1) if subject.is_hit(hit)), rank)
    if rank is None or place is None or place == rank:
        return None
    way = "lifts" if rank < place else "lowers"
    return f"{name} {way} it from number {place} to number {rank}"


def _place(raw: float, others: list[float]) -> int:
    return 1 + sum(other > raw for other in others)

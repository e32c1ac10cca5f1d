"""Why one passage outranks another: the words without which it would not.

In: a query, two hits, a reranker. Out: both scores, then the words whose removal from the upper
passage turns the order round, as few as could be found. Does not know the rest of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from docsearch.domain.explanation import Attribution, Contrast, Span
from docsearch.domain.ranking import RankedHit, RerankScore
from docsearch.explain.occlusion import most_telling, occlude, words_that_fit
from docsearch.explain.pieces import without, words
from docsearch.explain.scoring import in_batches
from docsearch.explain.under_heading import reranker_under
from docsearch.ports import Reranker

MOST_WORDS = 12
"""A longer list of words would explain nothing to a person."""

MOST_PUT_BACK = 32
"""How many places at most are tried for whether they may stay."""


def contrast(
    question: str,
    above: RankedHit,
    below: RankedHit,
    reranker: Reranker,
    sentences: Callable[[str], Sequence[Span]],
) -> Generator[Contrast, None, None]:
    """What is known so far, and how far that is, after each batch; the last is the answer.

    A word is weighed, and taken out, at all its places at once: one place alone may change little
    while the others stand. The strongest go first, one more each time, until the order turns; then
    each place is put back that is not needed for that. Nothing turns where the reranker does not
    put `above` first. Close it to cancel. Raises ModelError.
    """
    upper, lower = above.passage.chunk, below.passage.chunk
    own, other = _scores(question, [upper.reading, lower.reading], reranker)
    text, reranker = upper.text, reranker_under(upper.above, reranker)
    found = Contrast(above, below, own, other, (), own.raw)
    yield found
    if found.margin <= 0 or found.is_even:
        return

    spans, most = sentences(text), words_that_fit(question, text, reranker)
    weighed = len(spans) + min(most, len(_places(text, words(text))))
    readings = weighed + MOST_WORDS + MOST_PUT_BACK
    by_sentence = Attribution(reranker.name, own.raw, (), len(spans))
    for more in occlude(question, text, spans, by_sentence, reranker):
        by_sentence = more
        yield replace(found, done=len(more.effects) / readings)
    telling = most_telling(question, text, by_sentence, len(text))
    places = _places(text, telling)[:most]
    effects: dict[int, float] = {}
    variants = [without(text, spans) for spans in places]
    for batch in in_batches(question, variants, reranker, reranker.score):
        effects |= {at: own.raw - score.raw for at, score in batch.items()}
        yield replace(found, done=(len(spans) + len(effects)) / readings)
    strongest = sorted((at for at in effects if effects[at] > 0), key=lambda at: -effects[at])

    gone: list[Span] = []
    for removed, at in enumerate(strongest[:MOST_WORDS], start=1):
        gone += places[at]
        (score,) = _scores(question, [without(text, gone)], reranker)
        if score.raw < other.raw:
            found = _turned(found, gone, score)
            break
        yield replace(found, done=(weighed + removed) / readings)
    for tried, span in enumerate(_spared(found, gone)):
        yield replace(found, done=(weighed + MOST_WORDS + tried) / readings)
        fewer = [each for each in found.turning if each != span]
        (score,) = _scores(question, [without(text, fewer)], reranker)
        if score.raw < other.raw:
            found = _turned(found, fewer, score)
    yield replace(found, done=1.0)


def _spared(found: Contrast, gone: Sequence[Span]) -> Sequence[Span]:
    """The places that may not be needed, where the order turned: the last taken out comes first."""
    return gone[: -MOST_PUT_BACK - 1 : -1] if found.turning and len(gone) > 1 else ()


def _places(text: str, spans: Sequence[Span]) -> list[list[Span]]:
    """Where each word of `spans` stands in the text, in whatever case, in the order of `spans`."""
    of_word: dict[str, list[Span]] = {}
    for start, end in spans:
        of_word.setdefault(text[start:end].casefold(), []).append((start, end))
    return list(of_word.values())


def _turned(found: Contrast, gone: Sequence[Span], score: RerankScore) -> Contrast:
    return replace(found, turning=tuple(sorted(gone)), score_without=score.raw)


def _scores(question: str, texts: Sequence[str], reranker: Reranker) -> list[RerankScore]:
    known: dict[int, RerankScore] = {}
    for batch in in_batches(question, texts, reranker, reranker.score):
        known |= batch
    return [known[at] for at in range(len(texts))]

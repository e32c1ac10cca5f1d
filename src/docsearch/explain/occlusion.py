"""What each piece of a passage does to its score: the score less that of the passage without it.

In: a query, a passage and its pieces, a reranker. Out: an attribution that grows batch by batch.
Does not know whether the pieces are words or sentences.

After Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014), and Li,
Monroe and Jurafsky, "Understanding Neural Networks through Representation Erasure" (2016).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from docsearch.domain.explanation import Attribution, Effect, Span
from docsearch.domain.query import Query
from docsearch.domain.query_words import wanted_words
from docsearch.explain.pieces import without, words
from docsearch.explain.scoring import in_batches
from docsearch.ports import Reranker

WORD_TOKENS = 40 * 512
"""Most tokens that the model reads to weigh a passage's words: less than it takes to rerank 50
passages of 512 tokens, each of which is read in two windows that overlap."""

SHORT = 3
"""Words of at most so many small letters are weighed last. In languages that put spaces between
words most such words carry grammar rather than content; a list of stop words would be one
language's."""


def occlude(
    question: str, text: str, spans: Sequence[Span], whole: Attribution, reranker: Reranker
) -> Iterator[Attribution]:
    """`whole`, which has the passage's own score and no effects, then with more after each batch.

    In the end it has the effects of all `spans`.
    """
    yield whole
    variants = [without(text, [span]) for span in spans]
    effects: list[Effect] = []
    for batch in in_batches(question, variants, reranker, reranker.score):
        effects += [Effect(spans[at], whole.score - score.raw) for at, score in batch.items()]
        effects.sort(key=lambda each: each.span)
        yield replace(whole, effects=tuple(effects))


def words_that_fit(question: str, text: str, reranker: Reranker) -> int:
    """How many words of the passage can be weighed within `WORD_TOKENS`; at least one."""
    (plan,) = reranker.plan(question, [text])
    return max(1, WORD_TOKENS // sum(plan.token_counts))


def most_telling(question: str, text: str, sentences: Attribution, most: int) -> list[Span]:
    """At most `most` words of the passage, those first that are likely to matter.

    They come sentence by sentence, from the sentence with the largest effect, for or against; in
    each those of the query come first. Short words come last.
    """
    asked = set(wanted_words(Query(question, question)))
    ranked = sorted(sentences.effects, key=lambda each: -abs(each.effect))

    def urgency(span: Span) -> tuple[bool, int, bool, Span]:
        word = text[slice(*span)]
        is_asked = word.lower() in asked
        place = (
            rank
            for rank, each in enumerate(ranked)
            if each.span[0] <= span[0] and span[1] <= each.span[1]
        )
        is_short = len(word) <= SHORT and word.islower() and not is_asked
        return is_short, next(place, len(ranked)), not is_asked, span

    return sorted(words(text), key=urgency)[:most]

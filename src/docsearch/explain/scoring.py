"""Many texts before one model, a batch at a time.

In: a query, texts, a reranker. Out: what the model says of each, as it becomes known. The next
batch is not begun before it is asked for, so leaving the loop cancels. Does not know what the texts
are, or what the numbers are for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TypeVar

from docsearch.domain.batches import batches
from docsearch.ports import Reranker

T = TypeVar("T")

Measuring = Generator[float, None, T]
"""Yields how far it is, in [0, 1], after each batch; returns what was measured."""


def in_batches(
    question: str,
    texts: Sequence[str],
    reranker: Reranker,
    score: Callable[[str, Sequence[str]], Sequence[T]],
) -> Iterator[dict[int, T]]:
    """Scores by position in `texts`; `score` is one of the reranker's own ways to give them."""
    plans = reranker.plan(question, texts)
    for batch in batches([plan.token_counts for plan in plans], reranker.batch_tokens):
        scores = score(question, [texts[at] for at in batch])
        yield dict(zip(batch, scores, strict=True))


def all_scores(
    question: str,
    texts: Sequence[str],
    reranker: Reranker,
    score: Callable[[str, Sequence[str]], Sequence[T]],
) -> Measuring[list[T]]:
    """The scores of all, in the order of `texts`."""
    known: dict[int, T] = {}
    for batch in in_batches(question, texts, reranker, score):
        known |= batch
        yield len(known) / len(texts)
    return [known[at] for at in range(len(texts))]

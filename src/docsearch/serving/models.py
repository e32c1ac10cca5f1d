"""The models behind the inference worker: loaded when first needed, called in their turn.

In: a loader, a worker and a priority. Out: an `Embedder` and a `Reranker` that any thread may call.
What runs the model waits for its turn on the worker's thread; what only counts tokens does not.
Does not know which models these are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from docsearch.domain.explanation import Attribution, Reading
from docsearch.domain.ranking import RerankScore
from docsearch.ports import Embedder, PairWindows, Reranker, TokenCounter, Vectors, Vocabulary
from docsearch.serving.inference import InferenceWorker, Priority

T = TypeVar("T")

QUERIES_REMEMBERED = 32


class Runner(Protocol):
    """Where a model's work is done: an `InferenceWorker`, or `InPlace`."""

    def run(self, priority: Priority, work: Callable[[], T], /) -> T:
        """The result of `work`; what it raises is raised here."""


class InPlace:
    """Work is done in the thread that asks, and keeps nobody else waiting."""

    def run(self, _priority: Priority, work: Callable[[], T], /) -> T:
        """The result of `work`, begun at once."""
        return work()


class ServedEmbedder:
    """A bi-encoder whose every batch is one piece of the worker's work.

    What it is can be told without loading it, so that an index opens before torch is imported.
    `load` is called on the worker's thread, again and again: it keeps what it has loaded. The
    vectors of the latest queries are remembered: they depend on the model and the words alone, and
    another reranker for the same words then waits for nothing that the worker has in hand.
    """

    def __init__(
        self,
        worker: InferenceWorker,
        load: Callable[[], Embedder],
        priority: Priority,
        *,
        name: str,
        dimension: int,
        fingerprint: str,
        counter: Callable[[], TokenCounter],
    ) -> None:
        self.name = name
        self.dimension = dimension
        self.fingerprint = fingerprint
        self._worker = worker
        self._load = load
        self._priority = priority
        self._loaded: Embedder | None = None
        self._counter = counter
        self._counted: TokenCounter | None = None
        self._query_vector = lru_cache(QUERIES_REMEMBERED)(self._embed_query)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One batch of passages."""
        return self._worker.run(self._priority, lambda: self._load().embed_passages(texts))

    def embed_query(self, words: str) -> Vectors:
        """The query's vector; at once where it is remembered."""
        return self._query_vector(words)

    def _embed_query(self, words: str) -> Vectors:
        return self._worker.run(self._priority, lambda: self._load().embed_query(words))

    def _embedder(self) -> Embedder:
        if self._loaded is None:
            self._loaded = self._worker.run(self._priority, self._load)
        return self._loaded

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `embed_passages` at once; loads the model."""
        return self._embedder().batch_tokens

    def characters_read(self, words: str) -> int:
        """How much of a query is read; loads the model."""
        return self._embedder().characters_read(words)

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words the model's tokenizer knows; loads the tokenizer alone."""
        if self._counted is None:
            self._counted = self._counter()
        return self._counted.vocabulary(text)

    def split(self, words: str, passage: str) -> Attribution:
        """The cosine of query and passage, word by word."""
        return self._worker.run(self._priority, lambda: self._load().split(words, passage))


class ServedReranker:
    """A cross-encoder whose every batch is one piece of the worker's work.

    `load` is called where the work is done, again and again: it keeps what it has loaded.
    """

    def __init__(
        self,
        worker: Runner,
        name: str,
        load: Callable[[], Reranker],
        priority: Priority = Priority.QUERY,
    ) -> None:
        self.name = name
        self._worker = worker
        self._load = load
        self._priority = priority
        self._loaded: Reranker | None = None

    def _reranker(self) -> Reranker:
        if self._loaded is None:
            self._loaded = self._worker.run(self._priority, self._load)
        return self._loaded

    @property
    def fingerprint(self) -> str:
        """What its scores depend on; loads the model."""
        return self._reranker().fingerprint

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `score` at once; loads the model."""
        return self._reranker().batch_tokens

    def characters_read(self, query: str) -> int:
        """How much of the query is read; loads the model."""
        return self._reranker().characters_read(query)

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words are known."""
        return self._reranker().vocabulary(text)

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        """How the pairs will be read; loads the model."""
        return self._reranker().plan(query, passages)

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        """One batch of pairs."""
        return self._worker.run(self._priority, lambda: self._load().score(query, passages))

    def read(self, query: str, passage: str) -> Reading:
        """What is read of one pair."""
        return self._worker.run(self._priority, lambda: self._load().read(query, passage))

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """One batch of pairs in half precision."""
        return self._worker.run(self._priority, lambda: self._load().rough_scores(query, passages))

"""A model as tuning sees it: tasks, and numbers for each of them, whatever runs it.

In: a model's name and the sample. Out: what to time, what to compare, and how. Does not know in
which order that is done, or what follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from docsearch.domain.errors import ModelError
from docsearch.domain.model import ModelKind, ModelState
from docsearch.domain.runtime import RuntimeChoice
from docsearch.domain.tuning import Agreement
from docsearch.ports import Embedder, Reranker
from docsearch.tuning.agreement import Numbers, least_cosine, scores_agree
from docsearch.tuning.sample import Sample

TIMED_TEXTS = 16
"""Enough for every stream of a runtime to have several batches."""

TEXTS_OF_A_TASK = 16


@dataclass(frozen=True, slots=True)
class Task:
    """Texts to be read in one go, and queries: one for a reranker, any number for a bi-encoder."""

    texts: tuple[str, ...]
    queries: tuple[str, ...] = ()


Read = Callable[[Task], Numbers]
"""A loaded model: its numbers for a task. Raises ModelError."""


class Tunable(Protocol):
    """Models that can be run in several ways; `models.registry.ModelRegistry` fills it."""

    def state(self, name: str) -> ModelState:
        """One model. Raises ModelError for a name unknown."""

    def choices(self, name: str) -> tuple[RuntimeChoice, ...]:
        """What this machine can run it in, the reference first."""

    def is_exported(self, name: str, choice: RuntimeChoice) -> bool:
        """Whether it can be loaded so without being exported first."""

    def export(
        self, name: str, choice: RuntimeChoice, listener: Callable[[int, int], None]
    ) -> None:
        """Make what a choice needs. Raises ModelError."""

    def discard_exports(self, name: str, but: RuntimeChoice) -> None:
        """Delete what was made, save what `but` needs."""

    def load_embedder(self, choice: RuntimeChoice, say: Callable[[str], None]) -> Embedder:
        """The bi-encoder; where the choice fails, `say` is told, and another is loaded."""

    def load_reranker(
        self, name: str, choice: RuntimeChoice, say: Callable[[str], None]
    ) -> Reranker:
        """The same for a cross-encoder."""


class Subject(Protocol):
    """One model's tasks."""

    def timed(self, turn: int) -> Task:
        """Read to take the time: as long in each turn as in another.

        No turn has a text of another one, of which a model may have kept something.
        """

    @property
    def tasks(self) -> Sequence[Task]:
        """Read to compare the numbers."""

    def load(self, choice: RuntimeChoice) -> Read:
        """The model, run as chosen and no other way. Raises ModelError."""

    def agreement(self, reference: Sequence[Numbers], other: Sequence[Numbers]) -> Agreement:
        """How near the numbers of the first so many tasks are to the reference's."""


def subject(models: Tunable, name: str, sample: Sample) -> Subject:
    """The model of this name. Raises ModelError for a name unknown."""
    if models.state(name).description.kind is ModelKind.BI_ENCODER:
        return EmbedderSubject(models, sample)
    return RerankerSubject(models, name, sample)


class RerankerSubject:
    """A task is a query with all its candidates."""

    def __init__(self, models: Tunable, name: str, sample: Sample) -> None:
        self._models = models
        self._name = name
        self._queries = sample.queries
        self._longest = longest(sample)
        self.tasks = [
            Task(tuple(each.text for each in query.candidates), (query.words,))
            for query in sample.queries
        ]

    def timed(self, turn: int) -> Task:
        """The longest passages, and a word of the turn's own before each."""
        return Task(tuple(f"{turn} {text}" for text in self._longest), (self._queries[0].words,))

    def load(self, choice: RuntimeChoice) -> Read:
        """The cross-encoder."""
        reranker = self._models.load_reranker(self._name, choice, _refuse)

        def read(task: Task) -> Numbers:
            scores = reranker.score(task.queries[0], task.texts)
            return np.array([score.raw for score in scores], dtype=np.float32)

        return read

    def agreement(self, reference: Sequence[Numbers], other: Sequence[Numbers]) -> Agreement:
        """Of the orders of the candidates."""
        return scores_agree(self._queries[: len(reference)], reference, other)


class EmbedderSubject:
    """A task is a handful of passages, with its share of the queries."""

    def __init__(self, models: Tunable, sample: Sample) -> None:
        self._models = models
        self._sample = sample
        self._longest = longest(sample)
        starts = range(0, len(sample.passages), TEXTS_OF_A_TASK)
        self.tasks = [
            Task(
                tuple(each.text for each in sample.passages[at : at + TEXTS_OF_A_TASK]),
                tuple(each.words for each in sample.queries[number :: len(starts)]),
            )
            for number, at in enumerate(starts)
        ]

    def timed(self, turn: int) -> Task:
        """The longest passages, and a word of the turn's own before each."""
        return Task(tuple(f"{turn} {text}" for text in self._longest))

    def load(self, choice: RuntimeChoice) -> Read:
        """The bi-encoder."""
        embedder = self._models.load_embedder(choice, _refuse)

        def read(task: Task) -> Numbers:
            """Rows of the passages, then of the queries."""
            queries = [embedder.embed_query(words) for words in task.queries]
            return np.concatenate([embedder.embed_passages(task.texts), *queries])

        return read

    def agreement(self, reference: Sequence[Numbers], other: Sequence[Numbers]) -> Agreement:
        """Of the vectors, and of the passages' order for each query."""
        done = self.tasks[: len(reference)]
        passages = self._sample.passages[: sum(len(task.texts) for task in done)]
        by_words = {each.words: each for each in self._sample.queries}
        asked = [
            replace(by_words[words], candidates=passages) for task in done for words in task.queries
        ]
        order = scores_agree(asked, _products(done, reference), _products(done, other))
        return replace(order, least_cosine=least_cosine(reference, other))


def _products(tasks: Sequence[Task], numbers: Sequence[Numbers]) -> list[Numbers]:
    """For each query its inner product with every passage."""
    parts = [
        (rows[: len(task.texts)], rows[len(task.texts) :])
        for task, rows in zip(tasks, numbers, strict=True)
    ]
    passages = np.concatenate([rows for rows, _ in parts])
    return [passages @ query for _, queries in parts for query in queries]


def longest(sample: Sample) -> tuple[str, ...]:
    """The longest passages, which are nearest to what fills a model's window."""
    texts = sorted((each.text for each in sample.passages), key=len, reverse=True)
    return tuple(texts[:TIMED_TEXTS])


def _refuse(notice: str) -> None:
    """Another runtime in the place of the one that is measured would be measured in its name."""
    raise ModelError(notice)

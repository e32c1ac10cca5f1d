"""Reranking window by window: what every cross-encoder does alike.

In: a cutter of pairs, and a model that gives a logit a window. Out: one score a pair, that of its
best window. Does not know how a window is read, or what the logits mean.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence, Sized
from typing import Generic, Protocol, TypeVar

from docsearch.domain.batches import BATCH_TOKENS
from docsearch.domain.errors import ModelError
from docsearch.domain.explanation import Reading
from docsearch.domain.ranking import RerankScore
from docsearch.ports import PairWindows, Vocabulary

Window = TypeVar("Window", bound=Sized)
"""What a network reads of a pair in one go; its length is in tokens."""


class Cutter(Protocol[Window]):
    """Cuts pairs into windows."""

    def most_tokens(self, query: str) -> int:
        """Of a window, with this query."""

    def cut(self, query: str, passages: Sequence[str]) -> list[list[Window]]:
        """For each passage its windows, in the order of the text; at least one."""

    def characters_read(self, query: str) -> int:
        """How many characters of the query are kept."""

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words are known."""

    def token_count(self, text: str) -> int:
        """How many tokens the text has, special ones left out."""


class WindowReranker(ABC, Generic[Window]):
    """The `Reranker` port, all but the model.

    A pair longer than the model's window is read in overlapping windows of the passage and keeps
    the score of the best; of a query longer than 256 tokens only the first 256 are read, in `plan`
    as in `score`.
    """

    def __init__(self, name: str, fingerprint: str, cutter: Cutter[Window]) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._cutter = cutter

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `score` at once."""
        return BATCH_TOKENS

    def characters_read(self, query: str) -> int:
        """How many characters of the query the model reads: what comes after them is cut."""
        return self._cutter.characters_read(query)

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words the model knows."""
        return self._cutter.vocabulary(text)

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        """How each pair is cut into windows, in the order of `passages`; runs no model."""
        return [
            PairWindows(tuple(len(window) for window in windows))
            for windows in self._cutter.cut(query, passages)
        ]

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        """One score a passage, in order; each is that of the passage's best window.

        Raises ModelError, naming the model, for a score that is not a finite number.
        """
        return [self._best(logits) for logits in self._window_logits(query, passages)]

    def read(self, query: str, passage: str) -> Reading:
        """What it reads of the pair, and the raw score of every window.

        The texts' tokens are counted without special ones, the windows' with them. Raises
        ModelError as `score` does.
        """
        (windows,) = self._cutter.cut(query, [passage])
        return Reading(
            query_tokens=self._cutter.token_count(query[: self.characters_read(query)]),
            passage_tokens=self._cutter.token_count(passage),
            window=self._cutter.most_tokens(query),
            window_tokens=tuple(len(window) for window in windows),
            window_scores=tuple(self._finite(self._logits(windows))),
        )

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """Raw scores, those of the best windows, computed otherwise. Raises ModelError."""
        return [max(logits) for logits in self._window_logits(query, passages, rough=True)]

    def _window_logits(
        self, query: str, passages: Sequence[str], rough: bool = False
    ) -> list[list[float]]:
        """For each passage a number a window, all finite."""
        pairs = self._cutter.cut(query, passages)
        windows = [window for windows in pairs for window in windows]
        logits = iter(self._finite(self._logits(windows, rough)))
        return [[next(logits) for _ in windows] for windows in pairs]

    def _finite(self, logits: list[float]) -> list[float]:
        if not all(math.isfinite(logit) for logit in logits):
            raise ModelError(f"{self.name} gave a score that is not a finite number.")
        return logits

    def _best(self, logits: list[float]) -> RerankScore:
        raw = max(logits)
        return RerankScore(raw, self._unit(raw), len(logits), logits.index(raw))

    @abstractmethod
    def _logits(self, windows: Sequence[Window], rough: bool = False) -> list[float]:
        """One number a window, in order; in another arithmetic where a rough one will do."""

    @abstractmethod
    def _unit(self, raw: float) -> float:
        """The 0-1 form of a number, in the same order as the numbers."""

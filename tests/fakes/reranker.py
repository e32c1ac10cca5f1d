"""A cross-encoder without a model: the share of query words that the passage holds, in order."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from docsearch.domain.batches import BATCH_TOKENS
from docsearch.domain.explanation import Reading
from docsearch.domain.ranking import RerankScore
from docsearch.ports import PairWindows, Vocabulary
from tests.fakes.token_counter import letters_known


class FakeReranker:
    """Scores are deterministic; `scored` records every batch of passages it was given."""

    window_words = 64
    batch_tokens = BATCH_TOKENS

    def __init__(self, name: str = "fake-cross-encoder") -> None:
        self.name = name
        self.fingerprint = f"{name}-1"
        self.scored: list[list[str]] = []

    def characters_read(self, query: str) -> int:
        return len(query)

    def vocabulary(self, text: str) -> Vocabulary:
        return letters_known(text)

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        room = max(1, self.window_words - len(query.split()) - 3)
        return [PairWindows(self._windows(len(text.split()), room)) for text in passages]

    def _windows(self, words: int, room: int) -> tuple[int, ...]:
        full, rest = divmod(words, room)
        return (room + 3,) * full + ((rest + 3,) if rest or not full else ())

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        self.scored.append(list(passages))
        plans = self.plan(query, passages)
        return [
            self._score(query, text, len(plan.token_counts))
            for text, plan in zip(passages, plans, strict=True)
        ]

    def read(self, query: str, passage: str) -> Reading:
        (plan,) = self.plan(query, [passage])
        best = self._score(query, passage, len(plan.token_counts)).raw
        return Reading(
            query_tokens=len(query.split()),
            passage_tokens=len(passage.split()),
            window=self.window_words,
            window_tokens=plan.token_counts,
            window_scores=tuple(best - index for index in range(len(plan.token_counts))),
        )

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        return [round(self._score(query, text, 1).raw, 2) for text in passages]

    def _score(self, query: str, passage: str, windows: int) -> RerankScore:
        wanted = re.findall(r"\w+", query.lower())
        held = re.findall(r"\w+", passage.lower())
        raw = 8.0 * sum(word in held for word in wanted) / max(1, len(wanted)) - 4.0
        raw -= len(held) / 10_000
        return RerankScore(raw, 1 / (1 + math.exp(-raw)), windows, 0)

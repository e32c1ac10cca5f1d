"""A score cache that keeps everything, in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.ranking import RerankScore


class MemoryScoreCache:
    def __init__(self) -> None:
        self._scores: dict[tuple[str, str, bytes], RerankScore] = {}

    def get(self, model: str, query: str, hashes: Sequence[bytes]) -> dict[bytes, RerankScore]:
        keys = {each: (model, query, each) for each in hashes}
        return {each: self._scores[key] for each, key in keys.items() if key in self._scores}

    def put(self, model: str, query: str, scores: dict[bytes, RerankScore]) -> None:
        self._scores.update({(model, query, each): score for each, score in scores.items()})

"""Judgments in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.judgment import Judgment, query_key


class MemoryJudgments:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, bytes], Judgment] = {}

    def put(self, judgments: Sequence[Judgment]) -> None:
        self._kept.update({(each.query, each.content_hash): each for each in judgments})

    def clear(self, judgments: Sequence[Judgment]) -> None:
        for each in judgments:
            self._kept.pop((each.query, each.content_hash), None)

    def of(self, query: str) -> list[Judgment]:
        return [each for each in self._kept.values() if each.query == query_key(query)]

    def all(self) -> list[Judgment]:
        return list(self._kept.values())

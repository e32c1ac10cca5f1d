"""Pools of the sample passages, made when they are told to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

from docsearch.domain.benchmark import Step
from docsearch.domain.errors import DocsearchError
from docsearch.domain.judgment import Grade, Judgment, Placed, query_key
from docsearch.domain.pool import Pool
from docsearch.domain.query import CandidateSource
from tests.tui import samples


class ScriptedPooling:
    """`count` passages for each query, of those that are `kept` with their grade.

    `asked` records the queries. With `held`, a pool waits for `go_on` when it is half made; `error`
    is raised instead of any pool.
    """

    def __init__(self, go_on: Event, kept: dict[tuple[str, int], Grade]) -> None:
        self.go_on = go_on
        self.kept = kept
        self.count = 4
        self.held = False
        self.error: DocsearchError | None = None
        self.notices: tuple[str, ...] = ()
        self.asked: list[tuple[str, CandidateSource, Sequence[str] | None]] = []

    def pool(
        self, typed: str, source: CandidateSource, rerankers: Sequence[str] | None = None
    ) -> Iterator[Step | Pool]:
        self.asked.append((typed, source, rerankers))
        if self.error is not None:
            raise self.error
        yield Step(samples.MODEL, 6, 12)
        if self.held:
            self.go_on.wait(30)
        passages = samples.PASSAGES[: self.count]
        placed = {
            each.chunk_id: Placed(Judgment.of(typed, each, grade), each)
            for each in passages
            if (grade := self.kept.get((query_key(typed), each.chunk_id))) is not None
        }
        yield Pool(typed, passages, placed, self.notices)

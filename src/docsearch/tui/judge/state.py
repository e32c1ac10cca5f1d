"""What a judging session is at, and how each thing that happens changes it.

In: queries, pools, grades. Out: the next `JudgeState`, a frozen value. Knows no widget, thread
or file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from docsearch.domain.benchmark import Step
from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError
from docsearch.domain.judgment import Grade, query_key
from docsearch.domain.pool import Pool
from docsearch.domain.query import CandidateSource

AHEAD = 2
"""So many queries are gathered at a time: the next one while the present one is judged."""

Place = tuple[str, int]
"""A query, and a place in its pool."""


@dataclass(frozen=True)
class Given:
    """A grade that was given to a passage for a query."""

    typed: str
    passage: StoredChunk
    grade: Grade


@dataclass(frozen=True)
class JudgingPlan:
    """What a session is to judge.

    `rerankers` None is each one on this machine. With `again`, what has a grade is asked again.
    `typed_file` is where queries that are typed in the session are kept; None forgets them.
    """

    queries: tuple[str, ...]
    source: CandidateSource
    rerankers: tuple[str, ...] | None = None
    again: bool = False
    typed_file: Path | None = None


@dataclass(frozen=True)
class JudgeState:
    """One moment of it.

    `at` is the query that is judged, `place` the passage of its pool; at the end of `queries` all
    is done. `grades` are those that are kept, `given` the passages that got theirs here, and
    `visited` those that were shown before the present one. `step` is how far the pool of the
    present query is; `error` is why a grade was not kept, `lost` why a query has no pool.
    """

    queries: tuple[str, ...]
    again: bool = False
    at: int = 0
    place: int = 0
    pools: Mapping[str, Pool] = field(default_factory=dict)
    grades: Mapping[Place, Grade] = field(default_factory=dict)
    given: frozenset[Place] = frozenset()
    visited: tuple[Place, ...] = ()
    asks: bool = False
    step: Step | None = None
    error: DocsearchError | None = None
    lost: Mapping[str, DocsearchError] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: JudgingPlan) -> JudgeState:
        """Before anything is gathered; a query that comes twice is judged once."""
        queries: dict[str, str] = {}
        for each in plan.queries:
            if each.strip():
                queries.setdefault(query_key(each), each)
        return cls(tuple(queries.values()), plan.again)

    @property
    def query(self) -> str | None:
        """The one that is judged; None at the end."""
        return self.queries[self.at] if self.at < len(self.queries) else None

    @property
    def pool(self) -> Pool | None:
        """The passages of the query that is judged, None while they are gathered."""
        return self.pools.get(self.query) if self.query is not None else None

    @property
    def passage(self) -> StoredChunk | None:
        """The one that is judged."""
        pool = self.pool
        return pool.passages[self.place] if pool and self.place < len(pool.passages) else None

    @property
    def grade(self) -> Grade | None:
        """The grade that the passage has."""
        return None if self.query is None else self.grades.get((self.query, self.place))

    @property
    def is_typing(self) -> bool:
        """Whether a query is to be typed: there is none left, or the person wants another."""
        return self.asks or self.query is None

    @property
    def ahead(self) -> tuple[str, ...]:
        """The queries to gather by now."""
        return self.queries[self.at : self.at + AHEAD]

    def added(self, typed: str) -> JudgeState:
        """With this query next; one that is there is gone to."""
        keys = [query_key(each) for each in self.queries]
        asked = replace(self, asks=False, step=None)
        if query_key(typed) in keys:
            return replace(asked, at=keys.index(query_key(typed)), place=0)._onward()
        queries = (*self.queries[: self.at], typed, *self.queries[self.at :])
        return replace(asked, queries=queries, place=0)

    def asking(self, asks: bool) -> JudgeState:
        """The person wants to type a query, or not."""
        return replace(self, asks=asks)

    def moved(self, typed: str, step: Step) -> JudgeState:
        """The pool of a query is so far."""
        return replace(self, step=step) if typed == self.query else self

    def pooled(self, pool: Pool) -> JudgeState:
        """The pool of a query is there."""
        kept = {
            (pool.query, at): pool.placed[each.chunk_id].judgment.grade
            for at, each in enumerate(pool.passages)
            if each.chunk_id in pool.placed
        }
        pools = {**self.pools, pool.query: pool}
        return replace(self, pools=pools, grades={**self.grades, **kept})._onward()

    def without(self, typed: str, error: DocsearchError) -> JudgeState:
        """The pool of a query cannot be had."""
        return replace(self, lost={**self.lost, typed: error})._onward()

    def judged(self, grade: Grade) -> tuple[JudgeState, Given | None]:
        """The passage with this grade, and what to keep; on to the next one."""
        if self.query is None or self.passage is None:
            return self, None
        here = (self.query, self.place)
        given = Given(self.query, self.passage, grade)
        grades = {**self.grades, here: grade}
        return replace(self, grades=grades, given=self.given | {here})._next(), given

    def skipped(self) -> JudgeState:
        """On to the next one; this one is asked again another time."""
        return self if self.passage is None else self._next()

    def back(self) -> JudgeState:
        """The passage that was shown before."""
        if not self.visited:
            return self
        *before, here = self.visited
        return replace(self._standing(here), visited=tuple(before), error=None)

    def not_kept(self, lost: Given, error: DocsearchError) -> JudgeState:
        """A grade could not be kept: back to its passage, which has none."""
        pool = self.pools[lost.typed]
        here = (lost.typed, pool.passages.index(lost.passage))
        grades = {place: grade for place, grade in self.grades.items() if place != here}
        visited = tuple(place for place in self.visited if place != here)
        held = replace(self, grades=grades, given=self.given - {here}, visited=visited)
        return replace(held._standing(here), error=error)

    def _standing(self, here: Place) -> JudgeState:
        query, place = here
        return replace(self, at=self.queries.index(query), place=place)

    def _next(self) -> JudgeState:
        here = (self.query or "", self.place)
        onward = replace(self, visited=(*self.visited, here), place=self.place + 1, error=None)
        return onward._onward()

    def _onward(self) -> JudgeState:
        """At the first open passage from here on, or at the query whose pool is not there yet."""
        at, place = self.at, self.place
        while at < len(self.queries):
            query = self.queries[at]
            pool = self.pools.get(query)
            if pool is None and query not in self.lost:
                break
            count = len(pool.passages) if pool else 0
            place = next(
                (each for each in range(place, count) if self._is_open(query, each)), count
            )
            if place < count:
                break
            at, place = at + 1, 0
        return replace(self, at=at, place=place, step=self.step if at == self.at else None)

    def _is_open(self, query: str, place: int) -> bool:
        here = (query, place)
        return here not in self.given and (self.again or here not in self.grades)

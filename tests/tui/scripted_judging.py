"""Judgments that are kept in memory, and fail when they are told to."""

from __future__ import annotations

from threading import Event

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError
from docsearch.domain.judged_result import JudgedResult
from docsearch.domain.judgment import Grade, Judgment, Placed, query_key
from docsearch.domain.ranking import SearchResult
from docsearch.evaluation.live import live


class ScriptedJudging:
    """`kept` holds the grades by query and chunk, `written` every grade that was given, in order.

    Those of the chunks in `moved` are of an earlier cut, and so many more are `gone`. With `error`,
    no grade is kept; with `held`, each waits for `go_on`.
    """

    def __init__(self, go_on: Event) -> None:
        self.go_on = go_on
        self.held = False
        self.error: DocsearchError | None = None
        self.kept: dict[tuple[str, int], Grade] = {}
        self.written: list[tuple[str, int, Grade | None]] = []
        self.moved: set[int] = set()
        self.condensed: list[bool] = []
        self.gone = 0

    def judge(self, typed: str, passage: StoredChunk, grade: Grade | None) -> None:
        if self.held:
            self.go_on.wait(30)
        if self.error is not None:
            raise self.error
        key = query_key(typed), passage.chunk_id
        self.written.append((*key, grade))
        if grade is None:
            self.kept.pop(key, None)
        else:
            self.kept[key] = grade

    def look(self, result: SearchResult, *, condense: bool = False) -> JudgedResult:
        self.condensed.append(condense)
        query = query_key(result.query.typed)
        placed = {
            hit.passage.chunk_id: Placed(
                Judgment.of(query, hit.passage, self.kept[query, hit.passage.chunk_id]),
                hit.passage,
                is_moved=hit.passage.chunk_id in self.moved,
            )
            for hit in result.hits
            if (query, hit.passage.chunk_id) in self.kept
        }
        if not placed:
            return JudgedResult({})
        grades = {str(chunk_id): int(each.judgment.grade) for chunk_id, each in placed.items()}
        before, after = (
            [str(hit.passage.chunk_id) for hit in hits] for hits in (result.before, result.hits)
        )
        return JudgedResult(placed, live(before, after, grades, condense=condense, gone=self.gone))

"""What the compare view is showing, and how each thing that happens changes it.

In: a result, which rerankers to compare, keys, what has been scored. Out: the next
`CompareState`, a frozen value. Knows no widget and no thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from docsearch.domain.comparison import MOST_COLUMNS, Column, Comparison, Ranks, spread
from docsearch.domain.errors import DocsearchError
from docsearch.domain.ranking import Candidate, RerankScore, SearchResult

UNREAD = 1_000_000
"""A place behind all others, for what has not been read."""


@dataclass(frozen=True)
class Row:
    """One candidate: its place in the first stage's order and in each column, in their order.

    `spread` is how much those places differ that count (see `CompareState.rows`).
    """

    candidate: Candidate
    ranks: Ranks
    scores: tuple[RerankScore | None, ...]
    spread: float


@dataclass(frozen=True)
class CompareState:
    """One moment of the view.

    `scoring` are the rerankers that read: the columns but those in `left_out`. `at` is the column
    whose order the rows are in, 0 for the first stage's; `disputed` puts first what the rerankers
    disagree on most, whatever the column. `selected` is a chunk.
    """

    result: SearchResult
    scoring: tuple[str, ...]
    comparison: Comparison
    selected: int | None
    left_out: frozenset[str] = frozenset()
    at: int = 0
    disputed: bool = False
    error: DocsearchError | None = None

    @classmethod
    def of(
        cls, result: SearchResult, here: Sequence[str], current: str | None, selected: int | None
    ) -> CompareState:
        """The rerankers that are `here`, as many as there is room for, the current one among them.

        One that is not here is not compared unasked, whether or not it is the current one.
        """
        names = [*here[:MOST_COLUMNS]]
        if current is not None and current in here and current not in names:
            names[-1] = current
        candidates = tuple(
            Candidate(hit.passage, hit.before_rank, hit.before_score) for hit in result.before
        )
        comparison = Comparison(result.source, candidates, ())
        start = cls(result, (), comparison, selected)
        for name in names:
            start = start._with_column(name)
        return start._asking().at_reranker(current)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, those that are left out included."""
        return self.comparison.columns

    @property
    def column(self) -> Column | None:
        """The column whose order the rows are in, None for the first stage's."""
        return self.columns[self.at - 1] if self.at else None

    def rows(self) -> tuple[Row, ...]:
        """The candidates in the order to show.

        What counts for the spread are the places given by the rerankers that have read everything
        and are not left out; where there is but one of those, the first stage's, too.
        """
        orders = [self.comparison.first_ranks, *(each.ranks for each in self.columns)]
        counted = [
            number
            for number, each in enumerate(self.columns, start=1)
            if each.reranker not in self.left_out and each.is_whole
        ]
        if len(counted) < 2:
            counted.insert(0, 0)
        rows = []
        for position, candidate in enumerate(self.comparison.candidates):
            ranks = tuple(order[position] for order in orders)
            scores = tuple(each.scores[position] for each in self.columns)
            differing = spread([ranks[number] for number in counted])
            rows.append(Row(candidate, ranks, scores, differing))
        return tuple(sorted(rows, key=self._place))

    def _place(self, row: Row) -> tuple[float, int, int]:
        known = [rank for rank in row.ranks if rank is not None]
        first = (-row.spread, min(known)) if self.disputed else (0.0, row.ranks[self.at] or UNREAD)
        return (*first, row.candidate.rank)

    def row(self) -> Row | None:
        """The selected row."""
        chosen = (row for row in self.rows() if row.candidate.passage.chunk_id == self.selected)
        return next(chosen, None)

    def walked(self, rows: int) -> CompareState:
        """The row further down, or up; it stops at the ends."""
        ids = [row.candidate.passage.chunk_id for row in self.rows()]
        if not ids:
            return self
        at = ids.index(self.selected) + rows if self.selected in ids else 0
        return replace(self, selected=ids[min(len(ids) - 1, max(0, at))])

    def stepped(self, columns: int) -> CompareState:
        """In the order of the column further right, or left; it stops at the ends."""
        return replace(self, at=min(len(self.columns), max(0, self.at + columns)))

    def at_reranker(self, name: str | None) -> CompareState:
        """In this reranker's order, or the first stage's; one without a column changes nothing."""
        names = [None, *(each.reranker for each in self.columns)]
        return replace(self, at=names.index(name)) if name in names else self

    def disputed_first(self, disputed: bool) -> CompareState:
        """With what is disputed most first, or in the column's order."""
        return replace(self, disputed=disputed)

    def leaving_out(self, name: str) -> CompareState:
        """Without this reranker, what is known of it kept in view; or with it again."""
        return replace(self, left_out=self.left_out ^ {name})._asking()

    def adding(self, name: str) -> CompareState | None:
        """With this reranker, too, in the place of one that is left out where it is crowded.

        None where there is no room.
        """
        if self.comparison.column(name) is not None:
            back = self.leaving_out(name) if name in self.left_out else self
            return back.at_reranker(name)
        gone = [each.reranker for each in self.columns if each.reranker in self.left_out]
        if len(self.columns) == MOST_COLUMNS and not gone:
            return None
        start = self._without_column(gone[0]) if len(self.columns) == MOST_COLUMNS else self
        return start._with_column(name)._asking().at_reranker(name)

    def received(self, news: Comparison) -> CompareState:
        """More has been scored; nothing that is known is taken back."""
        comparison = self.comparison
        for column in news.columns:
            before = comparison.column(column.reranker)
            known_before = before.scored if before is not None else 0
            if column.error is not None or column.scored >= known_before:
                comparison = comparison.with_column(column)
        fresh = [
            each for each in news.agreements if comparison.agreement(each.one, each.other) is None
        ]
        agreements = (*comparison.agreements, *fresh)
        return replace(
            self, comparison=replace(comparison, agreements=agreements, doing=news.doing)
        )

    def failed(self, error: DocsearchError) -> CompareState:
        """No more can be scored."""
        return replace(self, error=error, comparison=replace(self.comparison, doing=None))

    def _with_column(self, name: str) -> CompareState:
        unread = (None,) * len(self.comparison.candidates)
        columns = (*self.columns, Column(name, None, unread))
        return replace(self, comparison=replace(self.comparison, columns=columns))

    def _without_column(self, name: str) -> CompareState:
        columns = tuple(each for each in self.columns if each.reranker != name)
        return replace(
            self,
            comparison=replace(self.comparison, columns=columns),
            left_out=self.left_out - {name},
        )

    def _asking(self) -> CompareState:
        names = (each.reranker for each in self.columns)
        scoring = tuple(name for name in names if name not in self.left_out)
        return replace(
            self, scoring=scoring, error=None, comparison=replace(self.comparison, doing=None)
        )

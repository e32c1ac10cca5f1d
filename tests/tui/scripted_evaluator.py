"""Figures by judgments that nobody made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docsearch.domain.errors import DocsearchError
from docsearch.domain.evaluation import MEASURES, Contender, Evaluation, Interval, Row
from docsearch.domain.judgment import Level
from docsearch.domain.query import CandidateSource
from tests.tui import samples


class ScriptedEvaluator:
    """`asked` records what was asked of, and whether condensed; `error` is raised instead."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, bool]] = []
        self.error: DocsearchError | None = None
        self.is_known = True

    def local_rerankers(self) -> tuple[str, ...]:
        return (samples.MODEL,)

    def known(
        self,
        source: CandidateSource,
        rerankers: Sequence[str],
        *,
        condense: bool = False,
        only: str | None = None,
    ) -> Mapping[str, Evaluation]:
        self.asked.append((only, condense))
        if self.error is not None:
            raise self.error
        if not self.is_known:
            return {}
        queries = 12 if only is None else 1
        said = None if only else "it helps here: +0.250 NDCG@10 (0.100 to 0.400), 9 better, 1 worse"
        before = _row("no reranker", 0.5, queries, None)
        after = _row(samples.MODEL, 0.75, queries, said)
        rows = (before, after)
        found = Evaluation(
            *("yours", Level.PASSAGE, queries, 10 * queries, condense, rows),
            in_tops=(6 * queries, 15 * queries),
            warning=None if condense else "too few of them",
        )
        return dict.fromkeys(rerankers, found)


def _row(name: str, value: float, queries: int, said: str | None) -> Row:
    means = {each: Interval(value, None, None) for each in MEASURES}
    return Row(Contender(name), means, 4 * queries, 10 * queries, verdict=said)

"""What a reranker is worth on sample_docs, by its own judgments.

    python -m benchmarks.sample_quality [RERANKER]

In: sample_docs with its queries and judgments. Out: NDCG@10 over files (a file stands where its
best passage stands) before and after reranking, in the order that docsearch shows by default and in
the reranker's own, with 95% paired bootstrap intervals over the queries; the queries won and lost,
and those that changed most. The index is made anew in a directory that is removed at the end.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from docsearch.domain.fusion import Fusion
from docsearch.domain.ranking import Finished, RankedHit, SearchResult
from docsearch.domain.settings import Settings
from docsearch.runtime.compose import compose
from docsearch.runtime.engine import Engine
from docsearch.search.order import reordered
from training.metrics import ndcg_at_10, paired_difference

FOLDER = Path(__file__).resolve().parent.parent / "sample_docs"
SEED = 1
SHOWN = 8

Grades = dict[str, dict[str, int]]
Order = Callable[[SearchResult], Sequence[RankedHit]]


def main() -> None:
    """Measure, and print what was measured."""
    reranker = sys.argv[1] if len(sys.argv) > 1 else Settings().reranker
    grades = _grades()
    with tempfile.TemporaryDirectory() as data:
        engine = compose(FOLDER, Settings(data_dir=data), watch=False)
        engine.start()
        try:
            engine.wait_until_ready()
            queries = _queries()
            results = {each: _search(engine, queries[each], reranker) for each in grades}
        finally:
            engine.stop()
    orders: dict[str, Order] = {
        "first stage": lambda result: result.before,
        "as shown": lambda result: result.hits,
        "reranker alone": lambda result: reordered(result, Fusion(), now=0).hits,
    }
    values = {
        name: ndcg_at_10({query: _by_file(order(each)) for query, each in results.items()}, grades)
        for name, order in orders.items()
    }
    shown = next(iter(results.values())).fusion
    print(f"{len(results)} queries, {reranker}, as shown: {shown}")
    for name, ndcg in values.items():
        gained = ndcg - values["first stage"]
        won, lost = int(np.sum(gained > 1e-9)), int(np.sum(gained < -1e-9))
        interval = paired_difference(ndcg, values["first stage"], SEED)
        print(f"{name:15} NDCG@10 {ndcg.mean():.3f}, gain {interval}, {won} won, {lost} lost")
    gained = values["as shown"] - values["first stage"]
    for place in [*np.argsort(-gained)[:SHOWN], *np.argsort(gained)[:SHOWN]]:
        print(f"{gained[place]:+.3f}  {queries[list(results)[place]]}")


def _search(engine: Engine, words: str, reranker: str) -> SearchResult:
    *_, last = engine.search(words, engine.settings.source, reranker)
    if not isinstance(last, Finished):
        raise TypeError(f"the search for {words!r} did not finish")
    return last.result


def _by_file(hits: Sequence[RankedHit]) -> dict[str, float]:
    """Each file with a score that falls from place to place."""
    files = dict.fromkeys(hit.passage.path for hit in hits)
    return {path: -float(place) for place, path in enumerate(files)}


def _queries() -> dict[str, str]:
    rows = csv.reader((FOLDER / "queries.tsv").open(encoding="utf-8"), delimiter="\t")
    return {row[0]: row[1] for row in rows}


def _grades() -> Grades:
    grades: Grades = {}
    rows = csv.reader((FOLDER / "judgments.tsv").open(encoding="utf-8"), delimiter="\t")
    for query_id, _, path, grade in rows:
        grades.setdefault(query_id, {})[path] = int(grade)
    return grades


if __name__ == "__main__":
    main()

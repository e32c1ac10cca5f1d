"""Whether the words that the inspector calls strongest matter, on sample_docs.

    python -m benchmarks.faithfulness [RERANKER]

In: sample_docs and its queries. Out: for the top result of each query, how far the reranker's score
falls without its five strongest words, and without as many at random (the mean of several draws);
then the share of queries where the first is more, and of those where it is more than in any draw,
which is what the screen asks of marks that matter. Where fewer than five words speak for a passage,
as many are removed. The index is made anew in a directory that is removed at the end.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import Finished
from docsearch.domain.settings import Settings
from docsearch.engine.compose import compose
from docsearch.engine.engine import Engine

FOLDER = Path(__file__).resolve().parent.parent / "sample_docs"


def main() -> None:
    """Measure, and print what was measured."""
    reranker = sys.argv[1] if len(sys.argv) > 1 else Settings().reranker
    print("query  words weighed  removed    top  random")
    with tempfile.TemporaryDirectory() as data:
        engine = compose(FOLDER, Settings(data_dir=data), watch=False)
        engine.start()
        try:
            engine.wait_until_ready()
            held = [_holds(engine, *query, reranker) for query in _queries()]
        finally:
            engine.stop()
    more, most = zip(*held, strict=True)
    print(
        f"{sum(more)} of {len(held)} ({sum(more) / len(held):.1%}): the strongest words of the top "
        f"result matter more to {reranker} than random ones; in {sum(most)} more than in any draw"
    )


def _holds(engine: Engine, query_id: str, words: str, reranker: str) -> tuple[bool, bool]:
    known = _inspected(engine, words, reranker)
    if known.words is None or known.faithfulness is None:
        raise ValueError(f"nothing was measured for {words!r}: is {reranker} on this machine?")
    found = known.faithfulness
    weighed = f"{len(known.words.effects)} of {known.words.pieces}"
    print(
        f"{query_id:5}  {weighed:>13}  {found.removed:7}  {found.top_drop:+5.2f}  "
        f"{found.random_drop:+6.2f}{'' if found.holds else '  not more than in every draw'}",
        flush=True,
    )
    return found.top_drop > found.random_drop, found.holds


def _inspected(engine: Engine, words: str, reranker: str) -> Inspection:
    """The top result, inspected until its faithfulness is known."""
    *_, last = engine.search(words, engine.settings.source, reranker)
    if not isinstance(last, Finished) or not last.result.hits:
        raise ValueError(f"the search for {words!r} found nothing")
    result = last.result
    growing = engine.inspector.inspect(result, result.hits[0])
    return next(known for known in growing if known.faithfulness or known.doing is None)


def _queries() -> list[tuple[str, str]]:
    rows = csv.reader((FOLDER / "queries.tsv").open(encoding="utf-8"), delimiter="\t")
    return [(row[0], row[1]) for row in rows]


if __name__ == "__main__":
    main()

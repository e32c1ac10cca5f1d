"""Makes the sample that `docsearch tune` measures with, out of sample_docs.

    python -m benchmarks.tuning_sample

In: sample_docs with its queries and judgments. Out: `tuning/sample.json.gz` in the package:
each query with the first candidates of the bi-encoder, and the grades of its documents. To be run
again, and its outcome committed, when documents, queries, judgments or the cutting of chunks
change. The index is made anew in a directory that is removed at the end.
"""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Finished, RankedHit
from docsearch.domain.settings import Settings
from docsearch.engine.compose import compose
from docsearch.engine.engine import Engine
from docsearch.tuning.sample import FILE

FOLDER = Path(__file__).resolve().parent.parent / "sample_docs"
CANDIDATES = 25
MOST_BYTES = 400_000


def main() -> None:
    """Make the sample, and say how large it is."""
    with tempfile.TemporaryDirectory() as data:
        engine = compose(FOLDER, Settings(data_dir=data, candidates=CANDIDATES), watch=False)
        engine.start()
        try:
            engine.wait_until_ready()
            found = {query: _search(engine, words) for query, words in _rows("queries.tsv")}
        finally:
            engine.stop()
    packed = gzip.compress(json.dumps(_sample(found)).encode(), 9, mtime=0)
    if len(packed) > MOST_BYTES:
        raise ValueError(f"the sample has {len(packed):,} bytes")
    FILE.write_bytes(packed)
    print(f"{FILE}: {len(found)} queries, {len(packed):,} bytes")


def _sample(found: dict[str, list[RankedHit]]) -> dict[str, Any]:
    """Every passage once, as its document and its text; the queries refer to them by place."""
    grades: dict[str, dict[str, int]] = {}
    for query, _, path, grade in _rows("judgments.tsv"):
        grades.setdefault(query, {})[path] = int(grade)
    words = dict(_rows("queries.tsv"))
    passages = {hit.passage.chunk_id: hit.passage for hits in found.values() for hit in hits}
    place = {chunk_id: at for at, chunk_id in enumerate(passages)}
    return {
        "passages": [[each.path, each.chunk.text] for each in passages.values()],
        "queries": [
            {
                "words": words[query],
                "candidates": [place[hit.passage.chunk_id] for hit in hits],
                "grades": grades[query],
            }
            for query, hits in found.items()
        ],
    }


def _search(engine: Engine, words: str) -> list[RankedHit]:
    *_, last = engine.search(words, CandidateSource.DENSE, None)
    if not isinstance(last, Finished):
        raise TypeError(f"the search for {words!r} did not finish")
    return list(last.result.before)


def _rows(name: str) -> list[list[str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t"))


if __name__ == "__main__":
    main()

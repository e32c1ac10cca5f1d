"""The first stage: the top passages of one bi-encoder for every query of a judged set.

In: a judged set and an encoder. Out: a `Ranking` (ids and cosines, best first), kept as JSON.
Does not know: the judgments.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training.encoders import Encoder
from training.judged_sets import JudgedSet

Ranking = dict[str, dict[str, float]]


def rank_by_cosine(judged: JudgedSet, encoder: Encoder, depth: int | None = 50) -> Ranking:
    """Embed every passage that a query may choose, once; keep the best `depth` for each query."""
    pools = {query_id: judged.pool(query_id) for query_id in judged.queries}
    needed = sorted({passage_id for pool in pools.values() for passage_id in pool})
    row_of = {passage_id: row for row, passage_id in enumerate(needed)}
    passages = encoder.encode([judged.passages[passage_id] for passage_id in needed]).astype(
        np.float32
    )
    queries = encoder.encode_queries(list(judged.queries.values())).astype(np.float32)
    ranking: Ranking = {}
    for vector, (query_id, pool) in zip(queries, pools.items(), strict=True):
        cosines = passages[[row_of[passage_id] for passage_id in pool]] @ vector
        best = np.argsort(-cosines, kind="stable")[:depth]
        ranking[query_id] = {pool[place]: float(cosines[place]) for place in best}
    return ranking


def load_ranking(path: Path) -> Ranking:
    """The ranking kept in this file; empty if there is none yet."""
    if not path.exists():
        return {}
    kept: Ranking = json.loads(path.read_text(encoding="utf-8"))
    return kept


def keep_ranking(ranking: Ranking, path: Path) -> None:
    """Write the ranking where `load_ranking` finds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(ranking), encoding="utf-8")

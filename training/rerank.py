"""The second stage over a judged set, alone and fused with the first.

In: a model, a judged set, the first stage's ranking. Out: rankings of the same passages.
Does not know: the judgments.
"""

from __future__ import annotations

import numpy as np

from docsearch.models.segment.cross_encoder import SegmentCrossEncoder
from training.arrays import DoubleArray
from training.first_stage import Ranking
from training.judged_sets import JudgedSet


def rerank(model: SegmentCrossEncoder, judged: JudgedSet, first_stage: Ranking) -> Ranking:
    """Score the first stage's passages; of one too long for the window, the best part counts."""
    owners: list[tuple[str, str]] = []
    pairs: list[tuple[str, str]] = []
    for query_id, ranked in first_stage.items():
        query = judged.queries[query_id]
        for passage_id in ranked:
            parts = fitting_parts(model, judged.passages[passage_id])
            owners += [(query_id, passage_id)] * len(parts)
            pairs += [(query, part) for part in parts]
    logits = model.score(pairs)
    reranked: Ranking = {query_id: {} for query_id in first_stage}
    for (query_id, passage_id), logit in zip(owners, logits, strict=True):
        best = reranked[query_id].get(passage_id, logit)
        reranked[query_id][passage_id] = max(best, logit)
    return reranked


def fitting_parts(model: SegmentCrossEncoder, passage: str) -> list[str]:
    """The passage whole if it fits the window, else two overlapping parts, cut again if need be."""
    if model.token_count(passage) <= model.window:
        return [passage]
    words = passage.split()
    size = len(words) * 3 // 5
    return [
        part
        for half in (words[:size], words[-size:])
        for part in fitting_parts(model, " ".join(half))
    ]


def fuse(first_stage: Ranking, second_stage: Ranking, first_weight: float) -> Ranking:
    """Both stages' scores, standardised within the query and added, the first weighted."""
    fused: Ranking = {}
    for query_id, second in second_stage.items():
        first = first_stage[query_id]
        scores = _standardised([second[passage_id] for passage_id in second])
        scores += first_weight * _standardised([first[passage_id] for passage_id in second])
        fused[query_id] = dict(zip(second, scores.tolist(), strict=True))
    return fused


def _standardised(scores: list[float]) -> DoubleArray:
    values = np.array(scores)
    standardised: DoubleArray = (values - values.mean()) / (values.std() + 1e-9)
    return standardised

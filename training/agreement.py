"""How far two ways of running the same model agree in quality, set by set.

In: each set's grades and first stage, and its rankings by two precisions. Out: Markdown.
Does not know: what the two are, or how they ran.
"""

from __future__ import annotations

from collections.abc import Sequence

from training.metrics import ndcg_at_10
from training.rerank import fuse
from training.table import Reranked

HEADER = (
    "| set | alone | other | difference | fused | other | difference |\n"
    "|---|---|---|---|---|---|---|"
)


def agreement_table(
    ones: Sequence[Reranked], others: Sequence[Reranked], first_weight: float
) -> str:
    """NDCG@10 of both, alone and fused, and the largest difference on any set.

    Both must have reranked the same queries of the same sets; raises ValueError otherwise.
    """
    rows, largest = [HEADER], 0.0
    for one, other in zip(ones, others, strict=True):
        if (one.name, one.second_stage.keys()) != (other.name, other.second_stage.keys()):
            raise ValueError(f"{one.name}: the two runs did not rerank the same queries")
        cells = []
        for numbers in zip(_figures(one, first_weight), _figures(other, first_weight), strict=True):
            difference = numbers[1] - numbers[0]
            largest = max(largest, abs(difference))
            cells += [f"{numbers[0]:.4f}", f"{numbers[1]:.4f}", f"{difference:+.4f}"]
        rows.append(f"| {one.name} | " + " | ".join(cells) + " |")
    return "\n".join([*rows, f"largest difference {largest:.4f}"])


def _figures(done: Reranked, first_weight: float) -> tuple[float, float]:
    fused = fuse(done.first_stage, done.second_stage, first_weight)
    return (
        float(ndcg_at_10(done.second_stage, done.grades).mean()),
        float(ndcg_at_10(fused, done.grades).mean()),
    )

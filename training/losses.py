"""What the student is asked to do with a list of candidates.

In: logits and targets, one row a question. Out: a scalar loss.
Does not know: texts, tokens or networks.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def listwise_distillation(logits: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """The divergence of the student's distribution over each list from the teachers'."""
    target = functional.softmax(teacher / temperature, dim=1)
    return functional.kl_div(functional.log_softmax(logits, dim=1), target, reduction="batchmean")


def listwise_labels(logits: Tensor, unsure: Tensor) -> Tensor:
    """Cross-entropy of the first candidate of each list against those that are surely wrong."""
    return functional.cross_entropy(
        logits.masked_fill(unsure, -torch.inf), torch.zeros(len(logits), dtype=torch.long)
    )

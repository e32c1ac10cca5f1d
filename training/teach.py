"""What the teachers think of every mined candidate.

In: mined rows and the teachers' encoders. Out: one number a candidate, the mean of the teachers'
readings, each standardised within the row.
Does not know: the student, or which candidate is labelled right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.arrays import BoolArray, FloatArray
from training.encoders import Encoder
from training.mine import Mined

# Of the smooth maximum over a passage's tokens; the student starts with the same.
SHARPNESS = 20.0


@dataclass(frozen=True)
class Opinion:
    """Two readings by one teacher: its own cosine, and the late interaction of its token states."""

    cosine: FloatArray
    late: FloatArray


def ask(teacher: Encoder, mined: Mined) -> Opinion:
    """Read every passage and question once, then compare within the rows."""
    queries = teacher.query_states([question.text for question in mined.questions])
    passages = teacher.token_states(mined.passages)
    cosine = np.empty(mined.candidates.shape, dtype=np.float32)
    late = np.empty_like(cosine)
    for number, row in enumerate(mined.candidates):
        cosine[number], late[number] = _readings(
            queries[number], [passages[place] for place in row]
        )
    return Opinion(cosine, late)


@torch.inference_mode()
def _readings(query: Tensor, passages: Sequence[Tensor]) -> tuple[FloatArray, FloatArray]:
    query_units = functional.normalize(query.float(), dim=-1)
    padded = torch.nn.utils.rnn.pad_sequence(list(passages), batch_first=True)
    passage_units = functional.normalize(padded.float(), dim=-1)
    last = torch.tensor([len(passage) - 1 for passage in passages])[:, None]
    places = torch.arange(padded.shape[1])
    words = (places > 0) & (places < last)
    similarity = query_units[1:-1] @ passage_units.transpose(1, 2) * SHARPNESS
    best = torch.logsumexp(similarity.masked_fill(~words[:, None, :], -1e4), dim=-1) / SHARPNESS
    return (passage_units[:, 0] @ query_units[0]).numpy(), best.mean(1).numpy()


def standardised(scores: FloatArray) -> FloatArray:
    """Each row with mean 0 and deviation 1, so that different scales can be averaged."""
    spread = scores.std(axis=1, keepdims=True)
    centred: FloatArray = (scores - scores.mean(axis=1, keepdims=True)) / (spread + 1e-6)
    return centred


def ensemble(opinions: Sequence[Opinion]) -> FloatArray:
    """One opinion of all teachers, in which late interaction counts twice the cosine."""
    readings = [
        2 * standardised(opinion.late) + standardised(opinion.cosine) for opinion in opinions
    ]
    return standardised(np.sum(readings, axis=0, dtype=np.float32))


def likely_answers(mined: Mined, opinion: FloatArray, margin: float) -> BoolArray:
    """The mined candidates that the teachers rate above the question's own passage less `margin`.

    They may answer the question too, so the labelled loss must not call them wrong. The question's
    own passage and the dataset's distractors are never among them.
    """
    likely: BoolArray = opinion > opinion[:, :1] - margin
    places = np.arange(opinion.shape[1])
    likely &= places > mined.distractors[:, None]
    return likely

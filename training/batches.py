"""Training batches: a few questions with a few of their candidates each.

In: mined rows, the teachers' scores, a tokenizer. Out: an endless, seeded stream of `Batch`es of
token ids. Does not know: the network. The batch of a given step depends on the seed and the step
alone, so training can be resumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from training.arrays import BoolArray, FloatArray, IntArray
from training.mine import Mined

MOST_DISTRACTORS_IN_LIST = 3
# A mined candidate at place r is drawn with a weight of 1 / (r + RANK_SOFTENING).
RANK_SOFTENING = 5


@dataclass(frozen=True)
class Batch:
    """Token ids of `queries[q]` and `passages[q][k]`; the question's own passage is at k = 0.

    `teacher[q, k]` is the teachers' opinion; `unsure[q, k]` marks candidates that must not be
    called wrong.
    """

    queries: list[list[int]]
    passages: list[list[list[int]]]
    teacher: FloatArray
    unsure: BoolArray


class BatchStream:
    """Draws each epoch's questions in a seeded order, and new candidates for them every time."""

    def __init__(
        self,
        mined: Mined,
        opinion: FloatArray,
        unsure: BoolArray,
        tokenizer: Tokenizer,
        *,
        questions: int,
        candidates: int,
        max_tokens: int,
        seed: int,
    ) -> None:
        self._mined = mined
        self._opinion = opinion
        self._unsure = unsure
        self._questions = questions
        self._candidates = candidates
        self._seed = seed
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        self._queries = _ids(tokenizer, [question.text for question in mined.questions])
        self._passages = _ids(tokenizer, mined.passages)

    def at(self, step: int) -> Batch:
        """The batch of one step."""
        per_epoch = len(self._queries) // self._questions
        epoch, place = divmod(step, per_epoch)
        order = np.random.default_rng((self._seed, epoch)).permutation(len(self._queries))
        chosen = order[place * self._questions : (place + 1) * self._questions]
        draw = np.random.default_rng((self._seed, epoch, place))
        places = np.stack([self._draw_places(int(question), draw) for question in chosen])
        rows = np.take_along_axis(self._mined.candidates[chosen], places, axis=1)
        return Batch(
            queries=[self._queries[question] for question in chosen],
            passages=[[self._passages[row] for row in listed] for listed in rows],
            teacher=np.take_along_axis(self._opinion[chosen], places, axis=1),
            unsure=np.take_along_axis(self._unsure[chosen], places, axis=1),
        )

    def _draw_places(self, question: int, draw: np.random.Generator) -> IntArray:
        distractors = int(self._mined.distractors[question])
        known = draw.permutation(np.arange(1, distractors + 1))[:MOST_DISTRACTORS_IN_LIST]
        mined = np.arange(distractors + 1, self._mined.candidates.shape[1])
        weights = 1.0 / (np.arange(len(mined)) + RANK_SOFTENING)
        wanted = self._candidates - 1 - len(known)
        found = draw.choice(mined, size=wanted, replace=False, p=weights / weights.sum())
        return np.concatenate([[0], known, found]).astype(np.int64)


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]

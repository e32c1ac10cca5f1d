"""A cross-encoder whose network is run by whatever implements the `Network` port.

In: a cutter of pairs, a network, and how to speak to it. Out: scores. Does not know the
architecture, the library, or where they came from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from docsearch.domain.batches import BATCH_TOKENS
from docsearch.domain.model import ScoreKind
from docsearch.models.network_inputs import window_batches
from docsearch.models.pair_windows import PairCutter
from docsearch.models.window_reranker import WindowReranker
from docsearch.ports import Inputs, Network


def unit_of(kind: ScoreKind | None) -> Callable[[float], float]:
    """The 0-1 form of numbers of this kind: a probability is its own, others have their sigmoid."""
    return _probability if kind is ScoreKind.PROBABILITY else sigmoid


def sigmoid(number: float) -> float:
    """1 / (1 + exp(-number)), in a form that cannot overflow."""
    return 0.5 * (1.0 + math.tanh(number / 2.0))


def _probability(number: float) -> float:
    return min(1.0, max(0.0, number))


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a network is asked, and what its numbers mean.

    `inputs` makes a batch of windows, all with the same query; `unit` is the 0-1 form of a number.
    """

    inputs: Callable[[Sequence[Encoding]], Inputs]
    unit: Callable[[float], float]


class NetworkReranker(WindowReranker[Encoding]):
    """`raw` is the network's number; of two, the second less the first.

    `load_rough` gives the same network computed less exactly, or otherwise; it is called when a
    rough score is first asked for.
    """

    def __init__(
        self,
        name: str,
        fingerprint: str,
        cutter: PairCutter,
        wiring: Wiring,
        network: Network,
        load_rough: Callable[[], Network],
    ) -> None:
        super().__init__(name, fingerprint, cutter)
        self._wiring = wiring
        self._network = network
        self._load_rough = load_rough

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `score` at once: enough that no stream is idle."""
        return max(BATCH_TOKENS, self._network.streams * self._network.batch_tokens)

    @cached_property
    def _rough(self) -> Network:
        return self._load_rough()

    def _logits(self, windows: Sequence[Encoding], rough: bool = False) -> list[float]:
        """One number a window, in order; windows of like length are read together."""
        network = self._rough if rough else self._network
        batches = list(window_batches([len(each) for each in windows], network.batch_tokens))
        outputs = network.forward(
            [self._wiring.inputs([windows[index] for index in batch]) for batch in batches]
        )
        logits = [0.0] * len(windows)
        for batch, output in zip(batches, outputs, strict=True):
            for index, number in zip(batch, _margins(output).tolist(), strict=True):
                logits[index] = number
        return logits

    def _unit(self, raw: float) -> float:
        return self._wiring.unit(raw)


def _margins(output: NDArray[np.float32]) -> NDArray[np.float32]:
    """One number a row, of shape (rows,), (rows, 1) or (rows, 2)."""
    if output.ndim == 2:
        return output[:, 1] - output[:, 0] if output.shape[1] == 2 else output[:, 0]
    return output

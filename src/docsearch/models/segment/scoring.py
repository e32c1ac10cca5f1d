"""The cross-encoder in the box as two networks: a passage is read once, for all queries to come.

In: a cutter of pairs and the two networks. Out: scores. Does not know what runs the networks.

Four of its six layers read a passage without the query, so that their states can be kept, as in
MacAvaney et al., "Efficient Document Re-Ranking for Transformers by Precomputing Term
Representations" (SIGIR 2020). A query then costs the two upper layers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from docsearch.models.network_inputs import padded, window_batches
from docsearch.models.segment.windows import SegmentCutter, SegmentPair, Tokens
from docsearch.models.window_reranker import WindowReranker
from docsearch.ports import Network

KEPT_BYTES = 256 << 20
"""States of passages that are kept: 682 windows of 512 tokens, or more that are shorter."""

USUAL_WINDOW = 512 + 64
"""Tokens of a full piece, and more than most queries have."""

States = NDArray[np.float16]
"""Of shape (tokens, width). Cut to halves they move a score by a thousandth, of some twenty."""


Kept = LRUCache[bytes, States]
"""What the lower layers made of texts, by their tokens."""


def kept_states(most_bytes: int = KEPT_BYTES) -> Kept:
    """Room for so much; of 0 bytes, nothing is kept."""
    return LRUCache(most_bytes, getsizeof=lambda states: states.nbytes)


@dataclass(frozen=True, slots=True)
class Stages:
    """The lower and the upper layers, and what they keep of texts."""

    lower: Network
    upper: Network
    kept: Kept = field(default_factory=kept_states)


class SegmentReranker(WindowReranker[SegmentPair]):
    """`raw` is the network's logit.

    Scores are the same whether a passage was read before or not, but for the last bits, which
    depend on the company it was read in. To be called from one thread at a time.
    """

    def __init__(
        self,
        name: str,
        fingerprint: str,
        cutter: SegmentCutter,
        unit: Callable[[float], float],
        stages: Stages,
        load_rough: Callable[[], tuple[Network, Network]],
    ) -> None:
        """`load_rough` gives the same layers computed otherwise, when they are first asked for."""
        super().__init__(name, fingerprint, cutter)
        self._to_unit = unit
        self._stages = stages
        self._load_rough = load_rough

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `score` at once: two windows for every stream."""
        return self._stages.upper.streams * 2 * USUAL_WINDOW

    @cached_property
    def _rough(self) -> Stages:
        # Nothing is read twice so: what would be kept is room lost.
        return Stages(*self._load_rough(), kept_states(0))

    def _logits(self, windows: Sequence[SegmentPair], rough: bool = False) -> list[float]:
        """One number a window, in order; all have the same query."""
        if not windows:
            return []
        stages = self._rough if rough else self._stages
        query = windows[0].query
        asked, *states = _states(stages, [query, *(window.passage for window in windows)])
        batches = list(window_batches([len(each) for each in windows], stages.upper.batch_tokens))
        outputs = stages.upper.forward(
            [
                {
                    "query": query[None],
                    "query_states": asked[None],
                    "passages": padded([windows[index].passage for index in batch]),
                    "mask": padded([np.ones_like(windows[index].passage) for index in batch]),
                    "states": padded([states[index] for index in batch]),
                }
                for batch in batches
            ]
        )
        logits = [0.0] * len(windows)
        for batch, output in zip(batches, outputs, strict=True):
            for index, number in zip(batch, output.tolist(), strict=True):
                logits[index] = number
        return logits

    def _unit(self, raw: float) -> float:
        return self._to_unit(raw)


def _states(stages: Stages, texts: Sequence[Tokens]) -> list[States]:
    """What the lower layers make of each text; read now where it is not kept."""
    keys = [text.tobytes() for text in texts]
    found = {key: stages.kept[key] for key in keys if key in stages.kept}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
    for key, states in zip(missing, _read(stages.lower, list(missing.values())), strict=True):
        found[key] = states
        if states.nbytes <= stages.kept.maxsize:
            stages.kept[key] = states
    return [found[key] for key in keys]


def _read(lower: Network, texts: Sequence[Tokens]) -> list[States]:
    """Texts of like length are read together."""
    batches = list(window_batches([len(text) for text in texts], lower.batch_tokens))
    outputs = lower.forward(
        [
            {
                "ids": padded([texts[index] for index in batch]),
                "mask": padded([np.ones_like(texts[index]) for index in batch]),
            }
            for batch in batches
        ]
    )
    states: list[States] = [np.empty((0, 0), np.float16)] * len(texts)
    for batch, output in zip(batches, outputs, strict=True):
        for index, row in zip(batch, output, strict=True):
            states[index] = row[: len(texts[index])].astype(np.float16)
    return states

"""Encodings as the batches that a network reads.

In: encodings by `tokenizers`. Out: int64 arrays by name, padded on the right. Does not know what
runs the network.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from docsearch.ports import Inputs


def bert_inputs(windows: Sequence[Encoding], pad: int, types: bool = True) -> Inputs:
    """`input_ids`, `token_type_ids` and `attention_mask`, each of shape (windows, longest).

    Without `types` every token is of type 0.
    """
    kinds = [window.type_ids if types else [0] * len(window) for window in windows]
    return {
        "input_ids": _padded([window.ids for window in windows], pad),
        "token_type_ids": _padded(kinds, 0),
        "attention_mask": _padded([window.attention_mask for window in windows], 0),
    }


def segment_inputs(windows: Sequence[Encoding]) -> Inputs:
    """`query` of shape (1, tokens), and `passages` with their `mask`: (windows, longest).

    All windows have the same query.
    """
    passages = [_part(window, 1) for window in windows]
    return {
        "query": np.array([_part(windows[0], 0)], dtype=np.int64),
        "passages": _padded(passages, 0),
        "mask": _padded([[1] * len(passage) for passage in passages], 0),
    }


def _part(pair: Encoding, kind: int) -> list[int]:
    return [token for token, of in zip(pair.ids, pair.type_ids, strict=True) if of == kind]


def _padded(rows: Sequence[Sequence[int]], filler: int) -> NDArray[np.int64]:
    padded = np.full((len(rows), max(map(len, rows))), filler, dtype=np.int64)
    for place, row in enumerate(rows):
        padded[place, : len(row)] = row
    return padded

"""Token ids as the batches that a network reads.

In: encodings by `tokenizers`, or arrays. Out: arrays by name, padded on the right. Does not know
what runs the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tokenizers import Encoding

from docsearch.ports import Inputs


def window_batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Each index once, longest windows first; a batch holds at most `tokens`, padding counted.

    A window that alone is longer is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    while order:
        size = max(1, tokens // max(1, lengths[order[0]]))
        yield order[:size]
        order = order[size:]


def bert_inputs(windows: Sequence[Encoding], pad: int, types: bool = True) -> Inputs:
    """`input_ids`, `token_type_ids` and `attention_mask`, each of shape (windows, longest).

    Without `types` every token is of type 0.
    """
    kinds = [window.type_ids if types else [0] * len(window) for window in windows]
    return {
        "input_ids": padded([window.ids for window in windows], pad),
        "token_type_ids": padded(kinds),
        "attention_mask": padded([window.attention_mask for window in windows]),
    }


def padded(rows: Sequence[ArrayLike], filler: int = 0) -> NDArray[Any]:
    """Rows of unequal length as one array, of the type and trailing shape of the first."""
    arrays = [np.asarray(row) for row in rows]
    first = arrays[0]
    together = np.full(
        (len(arrays), max(map(len, arrays)), *first.shape[1:]), filler, dtype=first.dtype
    )
    for place, row in enumerate(arrays):
        together[place, : len(row)] = row
    return together

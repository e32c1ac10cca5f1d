"""How rare each word piece is, for the network's exact-match reading.

In: the training passages. Out: a BM25 inverse document frequency for every word piece, and the
usual length of a passage.
Does not know: the rest of the network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor

from docsearch.models.segment.network import ExactMatch


def rarities(passages: Sequence[Sequence[int]], vocabulary: int) -> Tensor:
    """The inverse document frequency of every id; ids never seen are the rarest."""
    documents: Counter[int] = Counter()
    for passage in passages:
        documents.update(set(passage))
    containing = torch.tensor([documents[word] for word in range(vocabulary)], dtype=torch.float32)
    return torch.log1p((len(passages) - containing + 0.5) / (containing + 0.5))


def usual_length(passages: Sequence[Sequence[int]]) -> Tensor:
    """The mean number of word pieces in a passage."""
    return torch.tensor(sum(map(len, passages)) / len(passages))


def count_into(reading: ExactMatch, passages: Sequence[str], tokenizer: Tokenizer) -> None:
    """Set the fixed numbers of the network's exact-match reading."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(passages))]
    reading.rarity.copy_(rarities(ids, len(reading.rarity)))
    reading.usual_length.copy_(usual_length(ids))

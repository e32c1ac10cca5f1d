"""The student's logits for whole lists of candidates, computed without much padding.

In: the network and token ids. Out: logits, one row a question, with gradients if they are wanted.
Does not know: losses, teachers or labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from docsearch.models.segment.cross_encoder import batches_of_similar_length
from docsearch.models.segment.network import SegmentNetwork, Segments, pad

TOKENS_PER_CHUNK = 4_096


def list_logits(
    network: SegmentNetwork,
    queries: Sequence[Sequence[int]],
    passages: Sequence[Sequence[Sequence[int]]],
) -> Tensor:
    """Score every list; queries are read once, passages in chunks of similar length."""
    query_segments = pad(queries)
    query_hidden = network.read_apart(query_segments)
    per_list = len(passages[0])
    flat = [passage for listed in passages for passage in listed]
    chunks = list(batches_of_similar_length([len(passage) for passage in flat], TOKENS_PER_CHUNK))
    logits = []
    for chunk in chunks:
        owners = torch.tensor(chunk) // per_list
        longest = int(query_segments.mask[owners].sum(1).max())
        passage_segments = pad([flat[place] for place in chunk])
        logits.append(
            network.compare(
                Segments(
                    query_segments.ids[owners, :longest], query_segments.mask[owners, :longest]
                ),
                passage_segments,
                query_hidden[owners, :longest],
                network.read_apart(passage_segments),
            )
        )
    places = torch.tensor([place for chunk in chunks for place in chunk])
    return torch.cat(logits)[torch.argsort(places)].view(len(queries), per_list)

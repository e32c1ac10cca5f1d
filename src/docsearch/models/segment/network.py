"""The network in the box: a BERT that reads query and passage apart first, then together.

In: token ids of queries and passages. Out: one logit a pair. Does not know: text, files, windows.

Query and passage go through the lower layers apart, each as `[CLS] text [SEP]` with positions of
its own, as a bi-encoder reads them. In the upper layers every token sees both. Four readings are
added up: how well each word of the query finds its like in the passage (late interaction), the
cosine of the two mean vectors, the share of the query's words that occur in the passage (as in
BM25), and a linear head on the query's [CLS].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

# Stands for minus infinity where a whole row may be masked.
_NEVER = -1e4


class LateInteraction(nn.Module):
    """How well, in the weighted mean, each of a query's tokens finds its like in a passage.

    A token's best similarity is a smooth maximum, so that several good matches count for more than
    one. Special tokens take no part; where a text has no others, the number is 0.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor(20.0))
        self.importance = nn.Linear(width, 1, bias=False)
        nn.init.zeros_(self.importance.weight)

    def forward(
        self,
        query_hidden: Tensor,
        query_words: Tensor,
        passage_hidden: Tensor,
        passage_words: Tensor,
    ) -> Tensor:
        """The masks `..._words` are true for the tokens that take part."""
        query_units = functional.normalize(query_hidden, dim=-1)
        passage_units = functional.normalize(passage_hidden, dim=-1)
        similarity = query_units @ passage_units.transpose(1, 2) * self.sharpness
        similarity = similarity.masked_fill(~passage_words[:, None, :], _NEVER)
        best = torch.logsumexp(similarity, dim=-1) / self.sharpness
        importance = functional.linear(query_hidden, self.importance.weight)[..., 0]
        weights = importance.masked_fill(~query_words, _NEVER).softmax(dim=-1)
        mean = (best * weights).sum(-1)
        # Without words the masks would let the padding decide.
        return mean.where(query_words.any(-1) & passage_words.any(-1), 0.0)


class ExactMatch(nn.Module):
    """The share of a query's word pieces found in a passage, weighted by rarity, as in BM25.

    The rarities are counted on the training passages and stay fixed.
    """

    rarity: Tensor
    usual_length: Tensor

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.register_buffer("rarity", torch.ones(vocabulary))
        self.register_buffer("usual_length", torch.tensor(100.0))
        self.saturation = nn.Parameter(torch.tensor(0.9))
        self.length_share = nn.Parameter(torch.tensor(0.4))

    def forward(
        self, query_ids: Tensor, query_words: Tensor, passage_ids: Tensor, passage_words: Tensor
    ) -> Tensor:
        """The masks `..._words` are true for the tokens that take part."""
        weights = self.rarity.float()[query_ids] * query_words
        found = (query_ids[:, :, None] == passage_ids[:, None, :]) & passage_words[:, None, :]
        counts = found.sum(-1).float()
        relative_length = passage_words.sum(-1, keepdim=True) / self.usual_length.float()
        damping = self.saturation * (1 - self.length_share + self.length_share * relative_length)
        return (weights * counts / (counts + damping)).sum(-1) / weights.sum(-1).clamp(min=1e-6)


START_OPENNESS = -2.0
"""Added to attention between the segments, before the softmax, when training starts."""


class Segments(NamedTuple):
    """Token ids padded on the right, and a mask that is true where a token is real."""

    ids: Tensor
    mask: Tensor


@dataclass(frozen=True)
class Architecture:
    """The shape of the network: all that is needed to build it before its weights are read."""

    vocabulary: int = 30_522
    positions: int = 512
    width: int = 384
    feed_forward: int = 1_536
    heads: int = 12
    layers_apart: int = 4
    layers_together: int = 2
    norm_epsilon: float = 1e-12


class Layer(nn.Module):
    """One BERT layer: self-attention, then a feed-forward net, each added and normalised."""

    def __init__(self, shape: Architecture) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attention_in = nn.Linear(shape.width, 3 * shape.width)
        self.attention_out = nn.Linear(shape.width, shape.width)
        self.attention_norm = nn.LayerNorm(shape.width, shape.norm_epsilon)
        self.feed_in = nn.Linear(shape.width, shape.feed_forward)
        self.feed_out = nn.Linear(shape.feed_forward, shape.width)
        self.feed_norm = nn.LayerNorm(shape.width, shape.norm_epsilon)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """`mask` goes to the attention: booleans, or numbers to add before the softmax."""
        rows, tokens, width = hidden.shape
        parts = self.attention_in(hidden).view(rows, tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, mask)
        mixed = mixed.transpose(1, 2).reshape(rows, tokens, width)
        hidden = self.attention_norm(hidden + self.attention_out(mixed))
        fed: Tensor = self.feed_norm(hidden + self.feed_out(functional.gelu(self.feed_in(hidden))))
        return fed


class SegmentNetwork(nn.Module):
    """The network itself: token ids in, one logit a pair out."""

    def __init__(self, shape: Architecture) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.embedding_norm = nn.LayerNorm(shape.width, shape.norm_epsilon)
        self.apart = nn.ModuleList(Layer(shape) for _ in range(shape.layers_apart))
        self.together = nn.ModuleList(Layer(shape) for _ in range(shape.layers_together))
        self.segment = nn.Parameter(torch.zeros(2, shape.width))
        self.openness = nn.Parameter(
            torch.full((shape.layers_together, shape.heads), START_OPENNESS)
        )
        self.interaction = LateInteraction(shape.width)
        self.exact_match = ExactMatch(shape.vocabulary)
        self.head = nn.Linear(shape.width, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.scales = nn.Parameter(torch.tensor([30.0, 8.0, 3.0]))

    def read_apart(self, segments: Segments) -> Tensor:
        """The hidden states of each text on its own, after the lower layers."""
        places = torch.arange(segments.ids.shape[1])
        hidden: Tensor = self.embedding_norm(self.words(segments.ids) + self.positions(places))
        for layer in self.apart:
            hidden = layer(hidden, segments.mask[:, None, None, :])
        return hidden

    def compare(
        self, queries: Segments, passages: Segments, query_hidden: Tensor, passage_hidden: Tensor
    ) -> Tensor:
        """The logit of each row's query with the same row's passage, from `read_apart` of both."""
        split = queries.ids.shape[1]
        hidden = torch.cat(
            [query_hidden + self.segment[0], passage_hidden + self.segment[1]], dim=1
        )
        padding = ~torch.cat([queries.mask, passages.mask], dim=1)
        side = torch.arange(hidden.shape[1]) < split
        across = side[:, None] != side[None, :]
        for layer, openness in zip(self.together, self.openness, strict=True):
            bias = (across * openness[:, None, None]).masked_fill(
                padding[:, None, None, :], -torch.inf
            )
            hidden = layer(hidden, bias.to(hidden.dtype))
        with torch.autocast("cpu", enabled=False):
            return self._add_up(queries, passages, hidden[:, :split], hidden[:, split:])

    def _add_up(
        self, queries: Segments, passages: Segments, query_hidden: Tensor, passage_hidden: Tensor
    ) -> Tensor:
        """The four readings of each pair, weighed and added in single precision."""
        query_hidden, passage_hidden = query_hidden.float(), passage_hidden.float()
        query_words, passage_words = _words(queries), _words(passages)
        readings = [
            self.interaction(query_hidden, query_words, passage_hidden, passage_words),
            functional.cosine_similarity(
                _mean(query_hidden, queries.mask), _mean(passage_hidden, passages.mask)
            ),
            self.exact_match(queries.ids, query_words, passages.ids, passage_words),
        ]
        learned = self.head(query_hidden[:, 0])[:, 0]
        logits: Tensor = torch.stack(readings, dim=-1) @ self.scales + learned
        return logits


def _mean(hidden: Tensor, mask: Tensor) -> Tensor:
    return (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def _words(segments: Segments) -> Tensor:
    """True for the tokens between [CLS] and [SEP]."""
    last = segments.mask.sum(1, keepdim=True) - 1
    places = torch.arange(segments.ids.shape[1])
    return (places > 0) & (places < last)


def pad(rows: Sequence[Sequence[int]]) -> Segments:
    """Token ids of unequal lengths as one padded batch."""
    lengths = torch.tensor([len(row) for row in rows])
    ids = nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
    return Segments(ids, torch.arange(ids.shape[1]) < lengths[:, None])

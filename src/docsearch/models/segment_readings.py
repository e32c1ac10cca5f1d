"""Two ways to read a query against a passage: by their tokens' states, and by their words.

In: hidden states or token ids of both, and which tokens are words. Out: one number a pair.
Does not know: how the states were made, or how much the readings weigh.
"""

from __future__ import annotations

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

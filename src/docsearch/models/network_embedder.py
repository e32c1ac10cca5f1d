"""A bi-encoder whose network is run by whatever implements the `Network` port.

In: a tokenizer and a network that gives token states, then texts. Out: unit vectors. Does not know
the library that runs the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from docsearch.domain.encodable import encodable
from docsearch.domain.errors import ModelError
from docsearch.domain.model import ModelDescription
from docsearch.models.network_inputs import bert_inputs, window_batches
from docsearch.models.token_counter import WordPieceCounter
from docsearch.models.tokenwise import BATCH_TOKENS, TokenwiseEmbedder
from docsearch.ports import Network, Vectors

POOLINGS = frozenset({"mean", "cls"})

_BATCHES_A_STREAM = 2
"""In one go: with one each, those that end first would wait for the longest."""


class NetworkEmbedder(TokenwiseEmbedder):
    """The `Embedder` port over a `Network`.

    Its fingerprint is that of the model, whatever runs it: a runtime is only chosen for it when its
    vectors have a cosine of at least 0.99 with those of the reference, so stored vectors stay good.
    """

    def __init__(
        self,
        description: ModelDescription,
        fingerprint: str,
        tokenizer_file: Path,
        network: Network,
        pad: int,
    ) -> None:
        """Raise ModelError for a tokenizer that cannot be read, or a pooling not known here."""
        super().__init__(description, fingerprint, WordPieceCounter(tokenizer_file))
        if description.dimension is None or description.pooling not in POOLINGS:
            raise ModelError(f"It is not known how {description.name} makes its vectors.")
        self.dimension = description.dimension
        self._pad = pad
        self._network = network
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=description.window)

    @property
    def batch_tokens(self) -> int:
        """Most tokens to hand to `embed_passages` at once: enough that no stream is idle."""
        network = self._network
        return max(BATCH_TOKENS, network.streams * network.batch_tokens * _BATCHES_A_STREAM)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one a row, in the order of `texts`; (0, dimension) for none."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([encodable(text) for text in texts])
        lengths = [len(encoding) for encoding in encodings]
        batches = list(window_batches(lengths, self._network.batch_tokens))
        outputs = self._states([[encodings[index] for index in batch] for batch in batches])
        for batch, states in zip(batches, outputs, strict=True):
            for index, row in zip(batch, states, strict=True):
                vectors[index] = self._pooled(row[: lengths[index]])
        return vectors

    def _states(self, batches: Sequence[Sequence[Encoding]]) -> list[NDArray[np.float32]]:
        return self._network.forward([bert_inputs(batch, self._pad) for batch in batches])

    def _pooled(self, states: NDArray[np.float32]) -> NDArray[np.float32]:
        pooled = states.mean(axis=0) if self._pooling == "mean" else states[0]
        unit: NDArray[np.float32] = pooled / max(float(np.linalg.norm(pooled)), 1e-12)
        return unit

    def _token_states(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        encoding = self._tokenizer.encode(encodable(text))
        (states,) = self._states([[encoding]])
        return states[0], np.array(encoding.special_tokens_mask, dtype=bool)

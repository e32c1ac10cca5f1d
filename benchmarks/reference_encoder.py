"""The bi-encoder as everyone runs it, for benchmarks to compare with.

In: a verified model folder, then texts. Out: unit vectors. `SentenceTransformer.encode` in float32
with batches of 32, and nothing else of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from docsearch.domain.encodable import encodable
from docsearch.models.quiet import hush_transformers
from docsearch.ports import Vectors

BATCH = 32


class ReferenceEncoder:
    """Reads `window` tokens of a text, as docsearch does; the model's own setting may be less."""

    def __init__(self, folder: Path, window: int) -> None:
        hush_transformers()
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": "float32"},
        )
        self._model.max_seq_length = window

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order."""
        vectors = self._model.encode(
            list(map(encodable, texts)),
            batch_size=BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.asarray(vectors, dtype=np.float32)

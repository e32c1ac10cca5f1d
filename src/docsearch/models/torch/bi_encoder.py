"""The bi-encoder: one unit vector a text.

In: a verified model folder, then texts. Out: float32 unit vectors. Does not know where the folder
came from, what becomes of the vectors, or how texts were cut to fit the model's window.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.encodable import encodable
from docsearch.domain.errors import ModelError
from docsearch.domain.model import ModelDescription
from docsearch.domain.runtime import Precision
from docsearch.models.identity import model_fingerprint
from docsearch.models.quiet import hush_transformers
from docsearch.models.token_counter import WordPieceCounter
from docsearch.models.tokenwise import TokenwiseEmbedder
from docsearch.models.torch.network import device_for, half_precision
from docsearch.ports import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 16
"""Texts in one forward pass, after sorting by length: bounds memory whatever is handed in."""


def embedder_fingerprint(description: ModelDescription) -> str:
    """What the vectors of this model depend on; needs neither the model nor its libraries loaded.

    The description must hold the hash of each file.
    """
    return model_fingerprint(
        description.files, max_length=description.window, pooling=description.pooling
    )


class SentenceTransformerEmbedder(TokenwiseEmbedder):
    """The `Embedder` port over sentence-transformers.

    It reads `description.window` tokens of a text, special tokens counted, where the model's own
    configuration may say less (256 for all-MiniLM-L6-v2, which would drop half of a chunk in
    silence). What is longer than the window is cut: chunks are made to fit, and `characters_read`
    tells it of a query.
    """

    def __init__(
        self,
        description: ModelDescription,
        folder: Path,
        precision: Precision = Precision.FLOAT32,
    ) -> None:
        """Load the model. Raises ModelError where the folder does not hold what is described."""
        self._precision = precision
        self._device = device_for(precision)
        self._model = _load(description, folder, self._device)
        self._model.max_seq_length = description.window
        # The model's own tokenizer changes with each call; the counter any thread may use.
        counter = WordPieceCounter(folder / "tokenizer.json")
        super().__init__(description, embedder_fingerprint(description), counter)
        dimension = self._model.get_embedding_dimension()
        if dimension is None or dimension != description.dimension:
            raise ModelError(
                f"{description.name} makes vectors of {dimension} numbers, "
                f"expected {description.dimension}."
            )
        self.dimension: int = dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one a row, in the order of `texts`; (0, dimension) for none."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        with half_precision(self._device, self._precision):
            vectors = self._model.encode(
                [encodable(text) for text in texts],
                batch_size=_BATCH,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _token_states(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        import torch

        tokens = self._model.tokenizer(
            encodable(text),
            truncation=True,
            max_length=self._model.max_seq_length,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        is_special = tokens.pop("special_tokens_mask")[0].bool().numpy()
        with torch.inference_mode(), half_precision(self._device, self._precision):
            on_device = {name: rows.to(self._device) for name, rows in tokens.items()}
            states = self._model(on_device)["token_embeddings"][0].float().cpu().numpy()
        return states, is_special


def _load(description: ModelDescription, folder: Path, device: str) -> SentenceTransformer:
    hush_transformers()
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": "float32"},
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"Cannot load {description.name} from {folder}: {error}") from error

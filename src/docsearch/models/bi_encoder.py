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
from docsearch.domain.explanation import Attribution
from docsearch.domain.model import ModelDescription
from docsearch.models.additive_split import token_shares, word_effects, words_of
from docsearch.models.identity import model_fingerprint
from docsearch.models.quiet import hush_transformers
from docsearch.models.token_counter import WordPieceCounter
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


class SentenceTransformerEmbedder:
    """The `Embedder` port over sentence-transformers, on the CPU, in float32.

    It reads `description.window` tokens of a text, special tokens counted, where the model's own
    configuration may say less (256 for all-MiniLM-L6-v2, which would drop half of a chunk in
    silence). What is longer than the window is cut: chunks are made to fit, and `characters_read`
    tells it of a query.
    """

    def __init__(self, description: ModelDescription, folder: Path) -> None:
        """Load the model. Raises ModelError where the folder does not hold what is described."""
        self.name = description.name
        self.fingerprint = embedder_fingerprint(description)
        self._pooling = description.pooling
        self._model = _load(description, folder)
        self._model.max_seq_length = description.window
        # The model's own tokenizer changes with each call; this one any thread may use.
        self._counter = WordPieceCounter(folder / "tokenizer.json")
        self._room = description.window - self._counter.special_tokens
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
        vectors = self._model.encode(
            [encodable(text) for text in texts],
            batch_size=_BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def embed_query(self, words: str) -> Vectors:
        """The query's unit vector, shape (1, dimension)."""
        return self.embed_passages([words])

    def characters_read(self, words: str) -> int:
        """How many characters of a query the model reads: what comes after them is cut."""
        spans = self._counter.token_spans(words)
        return len(words) if len(spans) <= self._room else spans[self._room - 1][1]

    def split(self, words: str, passage: str) -> Attribution:
        """The cosine of query and passage, word by word: the effects and `rest` sum to it.

        The special tokens' share is the rest. Of a passage longer than the window only the words
        that were read have an effect; `pieces` counts them all. Raises ModelError for a model that
        does not pool by the mean: its vector is no sum over tokens.
        """
        if self._pooling != "mean":
            raise ModelError(
                f"{self.name} pools by {self._pooling or 'a way not known'}; only the score of a "
                "model that pools by the mean can be told word by word."
            )
        spans = self._counter.token_spans(passage)
        grouped = words_of(passage, spans)
        shares, is_special = self._token_shares(words, passage)
        effects = word_effects(grouped, spans, shares[~is_special].tolist())
        rest = float(shares[is_special].sum())
        score = sum(each.effect for each in effects) + rest
        return Attribution(self.name, score, effects, len(grouped), rest)

    def _token_shares(
        self, words: str, passage: str
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Each token's share of the cosine, and whether it is a special one, both of shape (n,)."""
        import torch

        tokens = self._model.tokenizer(
            encodable(passage),
            truncation=True,
            max_length=self._model.max_seq_length,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        is_special = tokens.pop("special_tokens_mask")[0].bool().numpy()
        with torch.inference_mode():
            states = self._model(dict(tokens))["token_embeddings"][0].numpy()
        return token_shares(self.embed_query(words)[0], states), is_special


def _load(description: ModelDescription, folder: Path) -> SentenceTransformer:
    hush_transformers()
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": "float32"},
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"Cannot load {description.name} from {folder}: {error}") from error

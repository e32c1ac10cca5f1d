"""The cross-encoder: one score a (query, passage) pair.

In: a verified model, then a query and passages. Out: raw scores and their 0-1 form, with the
windows that were read. Does not know where the model came from, and keeps no score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from docsearch.domain.errors import ModelError
from docsearch.domain.model import ModelDescription, ScoreKind
from docsearch.models.identity import model_fingerprint
from docsearch.models.pair_windows import OVERLAP_TOKENS, QUERY_TOKENS, PairCutter
from docsearch.models.quiet import hush_transformers
from docsearch.models.store import StoredModel
from docsearch.models.window_batches import window_batches
from docsearch.models.window_reranker import WindowReranker

if TYPE_CHECKING:
    import torch
    from sentence_transformers import CrossEncoder
    from tokenizers import Encoding
    from transformers import PreTrainedModel

_BATCH_TOKENS = 8192
"""Tokens in one forward pass, padding counted: sixteen windows of 512."""


class CrossEncoderReranker(WindowReranker):
    """The `Reranker` port over sentence-transformers, on the CPU, in float32.

    `raw` is the classification head's logit; of a head with two labels it is the second's logit
    less the first's, whose sigmoid is the softmax of the second. `unit` is the sigmoid of `raw`, or
    `raw` itself where the description says that it is a probability.
    """

    def __init__(self, description: ModelDescription, stored: StoredModel) -> None:
        """Load the model. Raises ModelError where it is no cross-encoder or cannot be loaded."""
        _require_cross_encoder(description, stored.folder)
        self._kind = description.score
        self._model = _load(description, stored.folder)
        self._network = _network(description, self._model)
        self._tokenizer = self._model.tokenizer
        if self._model.num_labels not in (1, 2):
            raise ModelError(
                f"{description.name} gives {self._model.num_labels} numbers for a pair; a reranker "
                "gives one, or two of which the second is for relevant."
            )
        fast_tokenizer = getattr(self._tokenizer, "backend_tokenizer", None)
        if fast_tokenizer is None:
            raise ModelError(
                f"{description.name} has no tokenizer that tells where its tokens stand."
            )
        window = _window(description, self._tokenizer.model_max_length, self._network)
        how = model_fingerprint(
            stored.files,
            window=window,
            query_tokens=QUERY_TOKENS,
            overlap=OVERLAP_TOKENS,
            score=str(description.score),
        )
        super().__init__(description.name, how, PairCutter(fast_tokenizer, window))

    def _unit(self, raw: float) -> float:
        if self._kind is ScoreKind.PROBABILITY:
            return min(1.0, max(0.0, raw))
        # The logistic function in a form that cannot overflow.
        return 0.5 * (1.0 + math.tanh(raw / 2.0))

    def _logits(self, windows: Sequence[Encoding], rough: bool = False) -> list[float]:
        """One number a window, in order; longest windows are read first, with their like."""
        import torch

        logits = [0.0] * len(windows)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=rough):
            for batch in window_batches([len(window) for window in windows], _BATCH_TOKENS):
                features = self._features([windows[index] for index in batch])
                scores = self._network(**features).logits.float()
                margins = scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores[:, 0]
                for index, value in zip(batch, margins.tolist(), strict=True):
                    logits[index] = value
        return logits

    def _features(self, windows: Sequence[Encoding]) -> dict[str, torch.Tensor]:
        """The network's inputs, each of shape (windows, longest), padded on the right."""
        import torch

        longest = max(len(window) for window in windows)
        pad = self._tokenizer.pad_token_id or 0

        def padded(rows: Iterator[list[int]], filler: int) -> torch.Tensor:
            return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])

        features = {
            "input_ids": padded((window.ids for window in windows), pad),
            "attention_mask": padded((window.attention_mask for window in windows), 0),
        }
        if "token_type_ids" in self._tokenizer.model_input_names:
            features["token_type_ids"] = padded((window.type_ids for window in windows), 0)
        return features


def _require_cross_encoder(description: ModelDescription, folder: Path) -> None:
    """Refuse a model without a trained classification head: one would be made up at random."""
    try:
        config = json.loads((folder / "config.json").read_bytes())
        architectures = [str(name) for name in config["architectures"] or ()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / 'config.json'} does not describe a model.") from error
    if not any(name.endswith("ForSequenceClassification") for name in architectures):
        raise ModelError(
            f"{description.name} is not a cross-encoder: it is "
            f"{', '.join(architectures) or 'of an unknown kind'}, where a model for sequence "
            "classification is needed."
        )


def _network(description: ModelDescription, model: CrossEncoder) -> PreTrainedModel:
    if model.transformers_model is None:
        raise ModelError(f"{description.name} holds no transformer.")
    return model.transformers_model


def _window(description: ModelDescription, tokenizer_limit: int, network: PreTrainedModel) -> int:
    """Tokens that the model can read at once: the least of what is known of it."""
    import torch

    stated = (getattr(network.config, "max_position_embeddings", 0), description.window)
    limits = [tokenizer_limit, *(limit for limit in stated if limit)]
    for name, module in network.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, torch.nn.Embedding):
            # RoBERTa's first position comes after that of the padding.
            before_first = 0 if module.padding_idx is None else module.padding_idx + 1
            limits.append(module.num_embeddings - before_first)
    return min(limits)


def _load(description: ModelDescription, folder: Path) -> CrossEncoder:
    """Read config.json, the tokenizer's files and the weights, and nothing else of the folder.

    A `modules.json` beside them, which could name any class to import, has no say.
    """
    hush_transformers()
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder
    from sentence_transformers.base.modules import Transformer

    trust = {"local_files_only": True, "trust_remote_code": False}
    try:
        transformer = Transformer(
            str(folder),
            transformer_task="sequence-classification",
            model_kwargs={**trust, "use_safetensors": True, "dtype": "float32"},
            processor_kwargs=trust,
            config_kwargs=trust,
        )
        return CrossEncoder(modules=[transformer], device="cpu")  # type: ignore[no-any-return]
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"Cannot load {description.name} from {folder}: {error}") from error

"""The cross-encoder: one score a (query, passage) pair.

In: a verified model, then a query and passages. Out: raw scores and their 0-1 form, with the
windows that were read. Does not know where the model came from, and keeps no score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from docsearch.domain.errors import ModelError
from docsearch.domain.foreign import json_value
from docsearch.domain.model import ModelDescription
from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.files import read_file
from docsearch.models.identity import model_fingerprint
from docsearch.models.network_inputs import bert_inputs
from docsearch.models.network_reranker import NetworkReranker, Wiring, unit_of
from docsearch.models.pair_windows import OVERLAP_TOKENS, QUERY_TOKENS, PairCutter
from docsearch.models.quiet import hush_transformers
from docsearch.models.store import StoredModel
from docsearch.models.torch.network import TorchNetwork, device_for
from docsearch.ports import Inputs

if TYPE_CHECKING:
    import torch
    from sentence_transformers import CrossEncoder
    from tokenizers import Encoding
    from transformers import PreTrainedModel


class CrossEncoderReranker(NetworkReranker):
    """The `Reranker` port over sentence-transformers.

    `raw` is the classification head's logit; of a head with two labels it is the second's logit
    less the first's, whose sigmoid is the softmax of the second. `unit` is the sigmoid of `raw`, or
    `raw` itself where the description says that it is a probability.
    """

    def __init__(
        self,
        description: ModelDescription,
        stored: StoredModel,
        precision: Precision = Precision.FLOAT32,
    ) -> None:
        """Load the model. Raises ModelError where it is no cross-encoder or cannot be loaded."""
        _require_cross_encoder(description, stored.folder)
        device = device_for(precision)
        model = _load(description, stored.folder, device)
        network = _network(description, model)
        if model.num_labels not in (1, 2):
            raise ModelError(
                f"{description.name} gives {model.num_labels} numbers for a pair; a reranker "
                "gives one, or two of which the second is for relevant."
            )
        tokenizer = model.tokenizer
        fast_tokenizer = getattr(tokenizer, "backend_tokenizer", None)
        if fast_tokenizer is None:
            raise ModelError(
                f"{description.name} has no tokenizer that tells where its tokens stand."
            )
        window = _window(description, tokenizer.model_max_length, network)

        def inputs(windows: Sequence[Encoding]) -> Inputs:
            features = bert_inputs(windows, tokenizer.pad_token_id or 0)
            needed = {"input_ids", "attention_mask", *tokenizer.model_input_names}
            return {name: rows for name, rows in features.items() if name in needed}

        def read(tensors: Mapping[str, torch.Tensor]) -> torch.Tensor:
            logits: torch.Tensor = network(**tensors).logits
            return logits

        super().__init__(
            description.name,
            cross_encoder_fingerprint(
                description, stored, window, RuntimeChoice(Runtime.TORCH, precision)
            ),
            PairCutter(fast_tokenizer, window),
            Wiring(inputs, unit_of(description.score)),
            TorchNetwork(read, precision, device),
            lambda: TorchNetwork(read, Precision.BFLOAT16, device),
        )


def cross_encoder_fingerprint(
    description: ModelDescription, stored: StoredModel, window: int, choice: RuntimeChoice
) -> str:
    """What the scores depend on."""
    return model_fingerprint(
        stored.files,
        choice,
        window=window,
        query_tokens=QUERY_TOKENS,
        overlap=OVERLAP_TOKENS,
        score=str(description.score),
    )


def _require_cross_encoder(description: ModelDescription, folder: Path) -> None:
    """Refuse a model without a trained classification head: one would be made up at random."""
    try:
        config = json_value(read_file(folder / "config.json"))
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


def _load(description: ModelDescription, folder: Path, device: str) -> CrossEncoder:
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
        return CrossEncoder(modules=[transformer], device=device)  # type: ignore[no-any-return]
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"Cannot load {description.name} from {folder}: {error}") from error

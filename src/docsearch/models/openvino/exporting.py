"""What each kind of model is exported as.

In: a model's folder. Out: whether a graph of it can be made; the graph, written. Does not know
where exports are kept, or how they are run.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from docsearch.domain.errors import ModelError
from docsearch.domain.foreign import json_value
from docsearch.domain.model import ModelDescription, ModelKind
from docsearch.files import read_file
from docsearch.models.descriptions import BOXED
from docsearch.models.openvino import bert as bert_graph
from docsearch.models.openvino import segment as segment_graph
from docsearch.models.openvino.library import openvino

GRAPH = "network.xml"
LOWER = "lower.xml"
UPPER = "upper.xml"
"""The network in the box is two graphs, the others are one."""

TOKENIZER = "tokenizer.json"
STEPS = 3
"""How often `step` is called while an export is written."""

_CONFIG = "config.json"
_WEIGHTS = "model.safetensors"


class Family(StrEnum):
    """The architectures of which a graph can be made."""

    BI_ENCODER = "bi-encoder"
    CROSS_ENCODER = "cross-encoder"
    IN_THE_BOX = "in the box"


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes the exports of one model."""

    family: Family
    folder: Path
    window: int

    def write(self, draft: Path, int8: bool, step: Callable[[], None]) -> dict[str, Any]:
        """Put the graph and the tokenizer into `draft`; the facts to use them with come back.

        Raises ModelError for weights that cannot be read or are not those of the architecture.
        """
        config = _config(self.folder)
        try:
            weights = _weights(self.folder / _WEIGHTS)
            step()
            graphs = self._graphs(config, weights, int8)
            step()
            for name, graph in graphs.items():
                openvino().save_model(graph, str(draft / name), compress_to_fp16=False)
            shutil.copyfile(self.folder / TOKENIZER, draft / TOKENIZER)
            step()
        except (KeyError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"No graph can be made of {self.folder / _WEIGHTS}: {error}"
            ) from error
        return self._facts(config)

    def _graphs(
        self, config: Mapping[str, Any], weights: Mapping[str, Any], int8: bool
    ) -> dict[str, Any]:
        """The graphs by the names of their files."""
        if self.family is Family.IN_THE_BOX:
            shape = config["architecture"]
            # With integers below, too, the first ten overlap with float32's by 0.983; so by 0.993.
            return {
                LOWER: segment_graph.lower_states(shape, weights, int8=False),
                UPPER: segment_graph.upper_logits(shape, weights, int8),
            }
        make = bert_graph.logits if self.family is Family.CROSS_ENCODER else bert_graph.token_states
        return {GRAPH: make(config, weights, int8)}

    def _facts(self, config: Mapping[str, Any]) -> dict[str, Any]:
        facts: dict[str, Any] = {"family": self.family, "window": self.window}
        if self.family is Family.IN_THE_BOX:
            return facts | {"calibration": config["calibration"]}
        return facts | {"pad": config.get("pad_token_id") or 0, "types": _has_types(self.folder)}


def exporter(description: ModelDescription, folder: Path) -> Exporter | None:
    """What makes graphs of the model in `folder`; None where that is not known."""
    try:
        config = _config(folder)
    except ModelError:
        return None
    family = _family(description, config) if _is_whole(folder) else None
    if family is None:
        return None
    if family is Family.IN_THE_BOX:
        return Exporter(family, folder, int(config["window"]))
    return Exporter(family, folder, _window(description, config, folder))


def _family(description: ModelDescription, config: Mapping[str, Any]) -> Family | None:
    if description == BOXED:
        return Family.IN_THE_BOX
    if description.prompt is not None or not bert_graph.is_bert(config):
        return None
    if description.kind is ModelKind.BI_ENCODER:
        return Family.BI_ENCODER
    labels = config.get("num_labels", len(config.get("id2label") or (1, 2)))
    is_known = config.get("architectures") == ["BertForSequenceClassification"]
    return Family.CROSS_ENCODER if is_known and labels in (1, 2) else None


def _is_whole(folder: Path) -> bool:
    return (folder / _WEIGHTS).is_file() and (folder / TOKENIZER).is_file()


def _config(folder: Path, name: str = _CONFIG) -> dict[str, Any]:
    try:
        config = json_value(read_file(folder / name))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / name} does not describe a model.") from error
    if not isinstance(config, dict):
        raise ModelError(f"{folder / name} does not describe a model.")
    return config


def _window(description: ModelDescription, config: Mapping[str, Any], folder: Path) -> int:
    """Tokens that the model can read at once: the least of what is known of it."""
    if description.kind is ModelKind.BI_ENCODER:
        return description.window
    try:
        told = _config(folder, "tokenizer_config.json").get("model_max_length")
    except ModelError:
        told = None
    limits = (description.window, config.get("max_position_embeddings"), told)
    return int(min(limit for limit in limits if limit))


def _has_types(folder: Path) -> bool:
    """Whether the tokenizer gives a pair's two texts types of their own, as BERT's own does."""
    try:
        told = _config(folder, "tokenizer_config.json")
    except ModelError:
        return True
    if "model_input_names" in told:
        return "token_type_ids" in told["model_input_names"]
    return str(told.get("tokenizer_class", "Bert")).startswith("Bert")


def _weights(path: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except (OSError, SafetensorError, TypeError) as error:
        raise ModelError(f"Cannot read {path}: {error}.") from error

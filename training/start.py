"""The untrained cross-encoder: a bi-encoder's weights in the segment network's places.

In: the folder of a BERT-shaped bi-encoder. Out: a network that ranks about as well, untrained.
Does not know: any text.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from docsearch.models.segment.network import Architecture, SegmentNetwork

LAYER_PARTS = {
    "attention_out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "feed_in": "intermediate.dense",
    "feed_out": "output.dense",
    "feed_norm": "output.LayerNorm",
}


def network_from_bi_encoder(folder: Path, layers_together: int) -> SegmentNetwork:
    """Build the network and copy every weight that the bi-encoder has a place for."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = Architecture(
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        width=config["hidden_size"],
        feed_forward=config["intermediate_size"],
        heads=config["num_attention_heads"],
        layers_apart=config["num_hidden_layers"] - layers_together,
        layers_together=layers_together,
        norm_epsilon=config["layer_norm_eps"],
    )
    network = SegmentNetwork(shape)
    weights = renamed_weights(load_file(folder / "model.safetensors"), shape)
    missing, unexpected = network.load_state_dict(weights, strict=False)
    foreign = [
        name for name in missing if name.startswith(("words", "positions", "apart", "together"))
    ]
    if foreign or unexpected:
        raise ValueError(f"{folder} is not BERT-shaped: missing {foreign}, unexpected {unexpected}")
    return network


def renamed_weights(bert: dict[str, Tensor], shape: Architecture) -> dict[str, Tensor]:
    """BERT's weights under the segment network's names.

    The embedding of token type 0, which every token of a bi-encoder has, goes into the positions.
    """
    kind = bert["embeddings.token_type_embeddings.weight"][0]
    renamed = {
        "words.weight": bert["embeddings.word_embeddings.weight"],
        "positions.weight": bert["embeddings.position_embeddings.weight"] + kind,
        "embedding_norm.weight": bert["embeddings.LayerNorm.weight"],
        "embedding_norm.bias": bert["embeddings.LayerNorm.bias"],
    }
    for number in range(shape.layers_apart + shape.layers_together):
        theirs = f"encoder.layer.{number}"
        together = number - shape.layers_apart
        ours = f"apart.{number}" if together < 0 else f"together.{together}"
        for kind_of_weight in ("weight", "bias"):
            renamed[f"{ours}.attention_in.{kind_of_weight}"] = torch.cat(
                [
                    bert[f"{theirs}.attention.self.{part}.{kind_of_weight}"]
                    for part in ("query", "key", "value")
                ]
            )
            for our_part, their_part in LAYER_PARTS.items():
                renamed[f"{ours}.{our_part}.{kind_of_weight}"] = bert[
                    f"{theirs}.{their_part}.{kind_of_weight}"
                ]
    return renamed

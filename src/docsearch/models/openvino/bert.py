"""BERT as a graph: a bi-encoder's token states, or a cross-encoder's logits.

In: a model's config.json and its weights. Out: a graph with the inputs `input_ids`,
`token_type_ids` and `attention_mask`. Does not know files, texts, or what runs the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from docsearch.models.openvino.graph import Array, Dense, GraphBuilder, Layer, Node, Norm

INPUTS = ("input_ids", "token_type_ids", "attention_mask")


def is_bert(config: Mapping[str, Any]) -> bool:
    """Whether this module can make the graph that a config.json describes."""
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder", False)
    )


def token_states(config: Mapping[str, Any], weights: Mapping[str, Array], int8: bool) -> Any:
    """The graph whose output is the last layer's states, of shape (rows, tokens, width)."""
    return _Bert(config, weights, int8).states()


def logits(config: Mapping[str, Any], weights: Mapping[str, Array], int8: bool) -> Any:
    """The graph whose output is the classification head's numbers, of shape (rows, labels)."""
    return _Bert(config, weights, int8).logits()


class _Bert:
    """Raises KeyError for weights that lack a part."""

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, Array], int8: bool) -> None:
        self._weights = {
            name.removeprefix("bert."): values.astype(np.float32)
            for name, values in weights.items()
            if np.issubdtype(values.dtype, np.floating)
        }
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._graph = GraphBuilder(int8, float(config.get("layer_norm_eps", 1e-12)))
        self._inputs = [self._graph.input(name) for name in INPUTS]

    def states(self) -> Any:
        hidden = self._embedded()
        bias = self._graph.padding(self._inputs[2])
        for number in range(self._layers):
            hidden = self._graph.layer(hidden, self._layer(number), self._heads, bias)
        return self._graph.model(hidden, self._inputs)

    def logits(self) -> Any:
        graph, op = self._graph, self._graph.op
        hidden = self._embedded()
        bias = graph.padding(self._inputs[2])
        for number in range(self._layers - 1):
            hidden = graph.layer(hidden, self._layer(number), self._heads, bias)
        # Of the last layer only the first token's state is read: no other is computed.
        last = self._layer(self._layers - 1)
        width = hidden.get_output_partial_shape(0)[2].get_length()
        asking, asked = _parted(last.attention_in, width)
        first = op.slice(hidden, graph.whole([0]), graph.whole([1]), graph.whole([1]), axes=[1])
        (query,) = graph.split_heads(graph.dense(first, asking), 1, self._heads)
        key, value = graph.split_heads(graph.dense(hidden, asked), 2, self._heads)
        first = graph.after_attention(first, graph.attend(query, key, value, bias), last)
        pooled = op.tanh(
            graph.head(op.squeeze(first, graph.whole([1])), self._dense("pooler.dense"))
        )
        return graph.model(graph.head(pooled, self._dense("classifier")), self._inputs)

    def _embedded(self) -> Node:
        graph, op = self._graph, self._graph.op
        ids, types, _ = self._inputs
        places = graph.places(graph.size(ids, 1))
        tables = "word_embeddings", "token_type_embeddings", "position_embeddings"
        words, kinds, positions = (
            graph.table(self._weights[f"embeddings.{name}.weight"], at)
            for name, at in zip(tables, (ids, types, places), strict=True)
        )
        return graph.norm(
            op.add(op.add(words, kinds), positions), self._norm("embeddings.LayerNorm")
        )

    def _layer(self, number: int) -> Layer:
        at = f"encoder.layer.{number}."
        parts = [self._dense(f"{at}attention.self.{part}") for part in ("query", "key", "value")]
        return Layer(
            Dense(
                np.concatenate([part.weight for part in parts]),
                np.concatenate([part.bias for part in parts]),
            ),
            self._dense(f"{at}attention.output.dense"),
            self._norm(f"{at}attention.output.LayerNorm"),
            self._dense(f"{at}intermediate.dense"),
            self._dense(f"{at}output.dense"),
            self._norm(f"{at}output.LayerNorm"),
        )

    def _dense(self, name: str) -> Dense:
        return Dense(self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, name: str) -> Norm:
        return Norm(self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])


def _parted(attention_in: Dense, width: int) -> tuple[Dense, Dense]:
    """What makes the queries, and what makes keys and values."""
    weight, bias = attention_in.weight, attention_in.bias
    return Dense(weight[:width], bias[:width]), Dense(weight[width:], bias[width:])

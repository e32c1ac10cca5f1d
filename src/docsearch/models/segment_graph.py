"""The network in the box as two graphs: `segment_network.py` once more, in OpenVINO's operations.

In: its config.json and its weights. Out: a graph of the lower layers, which read a text by itself,
and one of the upper layers, which read query and passage together. Two, so that what the lower
layers made of a passage can be kept for the next query. Does not know files, texts, or what runs
the graphs.

Token ids are inputs of shape (rows, tokens): `ids` with their `mask` below, and above the query's
`query`, one row without padding, and `passages` with their `mask`. States are of shape (rows,
tokens, width). In the upper layers attention between the segments has a number of its own for each
head added to it. A mask with that number for each pair of tokens would be read again for each row;
so the query's tokens and the passage's attend apart from each other, with a bias that only depends
on the token attended to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from docsearch.models.graph import Array, Dense, GraphBuilder, Layer, Node, Norm
from docsearch.models.segment_readings_graph import ReadingsGraph

LOWER_INPUTS = ("ids", "mask")
UPPER_INPUTS = ("query", "query_states", "passages", "mask", "states")


def lower_states(architecture: Mapping[str, Any], weights: Mapping[str, Array], int8: bool) -> Any:
    """The graph whose output is the states of each text after the lower layers.

    Raises KeyError for weights that lack a part.
    """
    return _Segments(architecture, weights, int8).lower()


def upper_logits(architecture: Mapping[str, Any], weights: Mapping[str, Array], int8: bool) -> Any:
    """The graph whose output is a logit for each passage, of shape (rows,).

    Takes the states that `lower_states` gives, as float16. Raises KeyError as it does.
    """
    return _Segments(architecture, weights, int8).upper()


class _Segments:
    def __init__(
        self, architecture: Mapping[str, Any], weights: Mapping[str, Array], int8: bool
    ) -> None:
        self._weights = {name: values.astype(np.float32) for name, values in weights.items()}
        self._heads = int(architecture["heads"])
        self._width = int(architecture["width"])
        self._apart = int(architecture["layers_apart"])
        self._together = int(architecture["layers_together"])
        self._graph = GraphBuilder(int8, float(architecture["norm_epsilon"]))

    def lower(self) -> Any:
        graph = self._graph
        ids, mask = (graph.input(name) for name in LOWER_INPUTS)
        words = graph.table(self._weights["words.weight"], ids)
        places = graph.places(graph.size(ids, 1))
        positions = graph.table(self._weights["positions.weight"], places)
        hidden = graph.norm(graph.op.add(words, positions), self._norm("embedding_norm"))
        padding = graph.padding(mask)
        for number in range(self._apart):
            hidden = graph.layer(hidden, self._layer(f"apart.{number}."), self._heads, padding)
        return graph.model(hidden, [ids, mask])

    def upper(self) -> Any:
        graph, op = self._graph, self._graph.op
        query, passages, mask = (graph.input(name) for name in ("query", "passages", "mask"))
        query_read, passages_read = (
            graph.states(name, self._width) for name in ("query_states", "states")
        )
        rows, split = graph.size(passages, 0), graph.size(query, 1)
        of_query, of_passage = (
            op.add(op.convert(read, "f32"), graph.number(segment))
            for read, segment in zip(
                (query_read, passages_read), self._weights["segment"], strict=True
            )
        )
        hidden = op.concat([self._in_each_row(of_query, rows), of_passage], 1)
        real = op.broadcast(graph.whole(1), op.shape_of(query))
        padding = graph.padding(op.concat([self._in_each_row(real, rows), mask], 1))
        for number in range(self._together):
            hidden = self._read_together(hidden, number, split, padding)
        of_query, of_passage = self._cut(hidden, split, 1)
        readings = ReadingsGraph(graph, self._weights, query, passages, mask)
        logits = readings.added_up(of_query, of_passage)
        return graph.model(logits, [query, query_read, passages, mask, passages_read])

    def _in_each_row(self, node: Node, rows: Node) -> Node:
        """A node that has one row, once for each of `rows`."""
        graph, op = self._graph, self._graph.op
        others = op.slice(
            op.shape_of(node), graph.whole([1]), graph.whole([9]), graph.whole([1]), axes=[0]
        )
        return op.broadcast(node, op.concat([op.unsqueeze(rows, graph.whole(0)), others], 0))

    def _read_together(self, hidden: Node, number: int, split: Node, padding: Node) -> Node:
        """One upper layer; the first `split` tokens are the query's."""
        graph, op = self._graph, self._graph.op
        layer = self._layer(f"together.{number}.")
        query, key, value = graph.split_heads(
            graph.dense(hidden, layer.attention_in), 3, self._heads
        )
        openness = self._weights["openness"][number].reshape(1, -1, 1, 1)
        of_query, of_passage = self._cut(query, split, 2)
        in_passage = op.convert(op.greater_equal(graph.places(graph.size(hidden, 1)), split), "f32")
        in_query = op.subtract(graph.number(1.0), in_passage)
        mixed = op.concat(
            [
                graph.attend(
                    asking,
                    key,
                    value,
                    op.add(padding, op.multiply(across, graph.number(openness))),
                )
                for asking, across in ((of_query, in_passage), (of_passage, in_query))
            ],
            1,
        )
        return graph.after_attention(hidden, mixed, layer)

    def _cut(self, node: Node, split: Node, axis: int) -> tuple[Node, Node]:
        """What comes before `split` along an axis, and what comes after."""
        graph, op = self._graph, self._graph.op
        at, one = op.unsqueeze(split, graph.whole(0)), graph.whole([1])
        end = graph.whole([np.iinfo(np.int64).max])
        return (
            op.slice(node, graph.whole([0]), at, one, axes=[axis]),
            op.slice(node, at, end, one, axes=[axis]),
        )

    def _layer(self, at: str) -> Layer:
        return Layer(
            self._dense(f"{at}attention_in"),
            self._dense(f"{at}attention_out"),
            self._norm(f"{at}attention_norm"),
            self._dense(f"{at}feed_in"),
            self._dense(f"{at}feed_out"),
            self._norm(f"{at}feed_norm"),
        )

    def _dense(self, name: str) -> Dense:
        return Dense(self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, name: str) -> Norm:
        return Norm(self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

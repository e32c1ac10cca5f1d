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

from docsearch.models.openvino.graph import Array, Dense, GraphBuilder, Layer, Node, Norm

# Stands for minus infinity where a whole row may be masked.
_NEVER = -1e4


class ReadingsGraph:
    """Nodes over the inputs `query`, of one row, `passages` and their `mask`."""

    def __init__(
        self,
        graph: GraphBuilder,
        weights: Mapping[str, Array],
        query: Node,
        passages: Node,
        mask: Node,
    ) -> None:
        self._graph = graph
        self._weights = weights
        self._query = query
        self._passages = passages
        self._real = graph.op.convert(mask, "f32")

    def added_up(self, query: Node, passage: Node) -> Node:
        """The four readings of each pair, weighed and added."""
        graph, op = self._graph, self._graph.op
        readings = (
            self._interaction(query, passage),
            self._cosine(query, passage),
            self._exact_match(),
        )
        head = Dense(self._weights["head.weight"], self._weights["head.bias"])
        learned = graph.head(op.gather(query, graph.whole(0), graph.whole(1)), head)
        logit = op.squeeze(learned, graph.whole([1]))
        for place, reading in enumerate(readings):
            logit = op.add(logit, op.multiply(reading, self._number("scales", place)))
        return logit

    def _interaction(self, query: Node, passage: Node) -> Node:
        """`LateInteraction` of `segment_readings.py`."""
        graph, op = self._graph, self._graph.op
        sharpness = self._number("interaction.sharpness")
        alike = op.matmul(self._unit(query, 2), self._unit(passage, 2), False, True)
        words = op.unsqueeze(self._passage_words(), graph.whole([1]))
        alike = self._only(op.multiply(alike, sharpness), words)
        best = op.divide(self._log_sum_exp(alike), sharpness)
        importance = op.squeeze(
            op.matmul(
                query, graph.number(self._weights["interaction.importance.weight"]), False, True
            ),
            graph.whole([2]),
        )
        query_words = self._query_words()
        weights = op.softmax(self._only(importance, query_words), 1)
        mean = self._sum(op.multiply(best, weights))
        some = op.minimum(
            op.reduce_max(query_words, graph.whole([1])),
            op.reduce_max(self._passage_words(), graph.whole([1])),
        )
        return op.multiply(mean, some)

    def _cosine(self, query: Node, passage: Node) -> Node:
        """The cosine of the two mean vectors, for which sums of the real tokens will do."""
        graph, op = self._graph, self._graph.op
        real = op.unsqueeze(self._real, graph.whole([2]))
        of_query = op.reduce_sum(query, graph.whole([1]))
        of_passage = op.reduce_sum(op.multiply(passage, real), graph.whole([1]))
        return self._sum(op.multiply(self._unit(of_query, 1), self._unit(of_passage, 1)))

    def _exact_match(self) -> Node:
        """`ExactMatch` of `segment_readings.py`."""
        graph, op = self._graph, self._graph.op
        words = self._passage_words()
        rarity = op.gather(self._number("exact_match.rarity"), self._query, graph.whole(0))
        weights = op.multiply(rarity, self._query_words())
        same = op.equal(
            op.unsqueeze(self._query, graph.whole([2])),
            op.unsqueeze(self._passages, graph.whole([1])),
        )
        found = op.multiply(op.convert(same, "f32"), op.unsqueeze(words, graph.whole([1])))
        counts = op.reduce_sum(found, graph.whole([2]))
        share = float(self._weights["exact_match.length_share"])
        usual = float(self._weights["exact_match.usual_length"])
        saturation = float(self._weights["exact_match.saturation"])
        length = op.reduce_sum(words, graph.whole([1]), True)
        damping = op.add(
            op.multiply(length, graph.number(saturation * share / usual)),
            graph.number(saturation * (1 - share)),
        )
        gained = op.multiply(weights, op.divide(counts, op.add(counts, damping)))
        return op.divide(self._sum(gained), op.maximum(self._sum(weights), graph.number(1e-6)))

    def _query_words(self) -> Node:
        """1 for the tokens between [CLS] and [SEP], else 0: shape (1, tokens)."""
        whole = self._graph.op.broadcast(
            self._graph.number(1.0), self._graph.op.shape_of(self._query)
        )
        return self._between(whole, self._query)

    def _passage_words(self) -> Node:
        return self._between(self._real, self._passages)

    def _between(self, real: Node, ids: Node) -> Node:
        graph, op = self._graph, self._graph.op
        places = op.convert(graph.places(graph.size(ids, 1)), "f32")
        last = op.subtract(op.reduce_sum(real, graph.whole([1]), True), graph.number(1.0))
        inside = op.logical_and(op.greater(places, graph.number(0.0)), op.less(places, last))
        return op.convert(inside, "f32")

    def _only(self, numbers: Node, kept: Node) -> Node:
        """The numbers where `kept` is 1, else next to minus infinity."""
        return self._graph.op.select(
            self._graph.op.greater(kept, self._graph.number(0.5)),
            numbers,
            self._graph.number(_NEVER),
        )

    def _log_sum_exp(self, numbers: Node) -> Node:
        """Over the last of three axes, in a form that cannot overflow."""
        graph, op = self._graph, self._graph.op
        most = op.reduce_max(numbers, graph.whole([2]), True)
        total = op.reduce_sum(op.exp(op.subtract(numbers, most)), graph.whole([2]))
        return op.add(op.log(total), op.squeeze(most, graph.whole([2])))

    def _unit(self, node: Node, axis: int) -> Node:
        return self._graph.op.normalize_l2(node, self._graph.whole([axis]), 1e-24, "max")

    def _sum(self, node: Node) -> Node:
        """Over the tokens."""
        return self._graph.op.reduce_sum(node, self._graph.whole([1]))

    def _number(self, name: str, place: int | None = None) -> Node:
        values = self._weights[name]
        return self._graph.number(values if place is None else values[place])


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

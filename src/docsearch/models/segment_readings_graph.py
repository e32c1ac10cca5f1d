"""The four readings of the network in the box as a graph: `segment_readings.py` once more.

In: the ids of one query and of passages, and their states after the upper layers. Out: a logit for
each passage. Does not know the layers.
"""

from __future__ import annotations

from collections.abc import Mapping

from docsearch.models.graph import Array, Dense, GraphBuilder, Node

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

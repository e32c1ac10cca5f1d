"""The pieces that a transformer's graph is made of, in OpenVINO's operations.

In: weights as arrays, and the nodes that come before. Out: nodes. Does not know any one
architecture. Arrays of hidden states have the shape (rows, tokens, width).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docsearch.models.openvino.library import operations

Node = Any
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Dense:
    """A linear layer: `weight` of shape (outputs, inputs), `bias` of shape (outputs,)."""

    weight: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Norm:
    """A layer's normalisation: both of shape (width,)."""

    gain: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Layer:
    """A BERT layer; `attention_in` gives queries, keys and values, one after the other."""

    attention_in: Dense
    attention_out: Dense
    attention_norm: Norm
    feed_in: Dense
    feed_out: Dense
    feed_norm: Norm


class GraphBuilder:
    """Makes nodes; with `int8`, the weights of layers are integers with a scale for each output."""

    def __init__(self, int8: bool, epsilon: float) -> None:
        self.op = operations()
        self._int8 = int8
        self._epsilon = epsilon

    def number(self, value: Any) -> Node:
        """A float32 constant."""
        return self.op.constant(np.asarray(value, dtype=np.float32))

    def whole(self, value: Any) -> Node:
        """An int64 constant."""
        return self.op.constant(np.asarray(value, dtype=np.int64))

    def input(self, name: str) -> Node:
        """An int64 input of shape (rows, tokens)."""
        return self._input(name, [-1, -1], np.int64)

    def states(self, name: str, width: int) -> Node:
        """A float16 input of shape (rows, tokens, width)."""
        return self._input(name, [-1, -1, width], np.float16)

    def _input(self, name: str, shape: list[int], kind: type) -> Node:
        node = self.op.parameter(shape, kind, name=name)
        node.output(0).set_names({name})
        return node

    def size(self, node: Node, axis: int) -> Node:
        """How long the node's output is along an axis: a number."""
        return self.op.gather(self.op.shape_of(node), self.whole(axis), self.whole(0))

    def places(self, count: Node) -> Node:
        """0, 1, ... up to `count`."""
        return self.op.range(self.whole(0), count, self.whole(1), "i64")

    def table(self, rows: Array, places: Node) -> Node:
        """Rows of a table; with `int8` they are kept in half the room."""
        kept = self.op.constant(rows.astype(np.float16)) if self._int8 else self.number(rows)
        found = self.op.gather(kept, places, self.whole(0))
        return self.op.convert(found, "f32") if self._int8 else found

    def dense(self, hidden: Node, layer: Dense) -> Node:
        """A linear layer."""
        weight = self._integers(layer.weight) if self._int8 else self.number(layer.weight)
        return self._linear(hidden, weight, layer.bias)

    def head(self, hidden: Node, layer: Dense) -> Node:
        """A linear layer that is always exact: the last ones cost next to nothing."""
        return self._linear(hidden, self.number(layer.weight), layer.bias)

    def _linear(self, hidden: Node, weight: Node, bias: Array) -> Node:
        return self.op.add(self.op.matmul(hidden, weight, False, True), self.number(bias))

    def _integers(self, weight: Array) -> Node:
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-12) / 127.0
        rounded = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        return self.op.multiply(
            self.op.convert(self.op.constant(rounded), "f32"), self.number(scale)
        )

    def norm(self, hidden: Node, layer: Norm) -> Node:
        """Zero mean and unit variance, then gain and bias."""
        even = self.op.mvn(hidden, self.whole([-1]), True, self._epsilon, "inside_sqrt")
        return self.op.add(self.op.multiply(even, self.number(layer.gain)), self.number(layer.bias))

    def padding(self, mask: Node) -> Node:
        """To be added to attention: 0 for what is real in `mask`, else much less than anything."""
        absent = self.op.subtract(self.op.convert(mask, "f32"), self.number(1.0))
        return self.op.unsqueeze(self.op.multiply(absent, self.number(1e4)), self.whole([1, 2]))

    def split_heads(self, hidden: Node, parts: int, heads: int) -> list[Node]:
        """`parts` nodes of shape (rows, heads, tokens, width of a head)."""
        width = hidden.get_output_partial_shape(0)[2].get_length() // (parts * heads)
        split = self.op.reshape(hidden, self.whole([0, 0, parts, heads, width]), True)
        turned = self.op.transpose(split, self.whole([2, 0, 3, 1, 4]))
        each = self.op.split(turned, self.whole(0), parts).outputs()
        return [self.op.squeeze(part, self.whole([0])) for part in each]

    def attend(self, query: Node, key: Node, value: Node, bias: Node | None) -> Node:
        """Attention of all heads, joined again: shape (rows, tokens of `query`, width)."""
        extra = () if bias is None else (bias,)
        mixed = self.op.scaled_dot_product_attention(query, key, value, *extra)
        width = math.prod(mixed.get_output_partial_shape(0)[axis].get_length() for axis in (1, 3))
        turned = self.op.transpose(mixed, self.whole([0, 2, 1, 3]))
        return self.op.reshape(turned, self.whole([0, 0, width]), True)

    def after_attention(self, hidden: Node, mixed: Node, layer: Layer) -> Node:
        """The rest of a layer: what attention found is added, then the feed-forward net."""
        attended = self.op.add(hidden, self.dense(mixed, layer.attention_out))
        hidden = self.norm(attended, layer.attention_norm)
        fed = self.op.gelu(self.dense(hidden, layer.feed_in), "erf")
        fed = self.op.add(hidden, self.dense(fed, layer.feed_out))
        return self.norm(fed, layer.feed_norm)

    def layer(self, hidden: Node, layer: Layer, heads: int, bias: Node | None) -> Node:
        """A whole layer in which every token attends to every other."""
        query, key, value = self.split_heads(self.dense(hidden, layer.attention_in), 3, heads)
        return self.after_attention(hidden, self.attend(query, key, value, bias), layer)

    def model(self, output: Node, inputs: list[Node]) -> Any:
        """The graph as a whole."""
        from docsearch.models.openvino.library import openvino

        return openvino().Model([self.op.result(output)], inputs, "docsearch")

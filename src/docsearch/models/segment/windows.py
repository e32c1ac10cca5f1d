"""How a pair is cut for a network that reads query and passage apart before it compares them.

In: a tokenizer and the window's size, then a query and passages. Out: each pair as one or more
pairs of token ids. Does not know the network, or what becomes of the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from docsearch.domain.encodable import encodable
from docsearch.models.pair_windows import OVERLAP_TOKENS, QUERY_TOKENS, QueryCutter

PASSAGES_KEPT = 4096
"""Passages whose tokens are kept: those of many queries in the same folder, in some ten MB."""

Tokens = NDArray[np.int64]
"""Token ids of shape (tokens,), special ones included."""


@dataclass(frozen=True, slots=True, eq=False)
class SegmentPair:
    """A query and a piece of a passage, each as `[CLS] text [SEP]`."""

    query: Tokens
    passage: Tokens

    def __len__(self) -> int:
        """The tokens of both."""
        return len(self.query) + len(self.passage)


class SegmentCutter(QueryCutter):
    """Cuts a passage into pieces of the whole window, whatever the query.

    So every query meets the same pieces, and what was read of them can be used again. Together the
    pieces hold every token of the passage. Of a query only the first 256 tokens are kept.
    """

    def __init__(self, tokenizer: Tokenizer, window: int) -> None:
        """`window` is the most tokens of a piece, special ones included."""
        super().__init__(tokenizer, QUERY_TOKENS)
        self._window = window
        self._pieces = Tokenizer.from_str(tokenizer.to_str())
        self._pieces.no_padding()
        self._pieces.enable_truncation(max_length=window, stride=min(OVERLAP_TOKENS, window // 3))
        self._cut_passage = lru_cache(PASSAGES_KEPT)(self._cut_anew)

    def cut(self, query: str, passages: Sequence[str]) -> list[list[SegmentPair]]:
        """For each passage its pieces, in the order of the text; at least one."""
        words = self._query(query)
        return [
            [SegmentPair(words, piece) for piece in self._cut_passage(passage)]
            for passage in passages
        ]

    def most_tokens(self, query: str) -> int:
        """Of a window: the query comes on top of a piece."""
        return self._window + len(self._query(query))

    def _query(self, query: str) -> Tokens:
        return np.array(self._plain.encode(self._kept(query)).ids, dtype=np.int64)

    def _cut_anew(self, passage: str) -> tuple[Tokens, ...]:
        first = self._pieces.encode(encodable(passage))
        return tuple(np.array(each.ids, dtype=np.int64) for each in (first, *first.overflowing))

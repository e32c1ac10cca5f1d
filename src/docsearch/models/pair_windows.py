"""How a (query, passage) pair is cut to fit a cross-encoder's window.

In: a tokenizer and the window's size, then a query and passages. Out: each pair as the one or more
encodings that the model will read. Does not know the model, or what becomes of the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tokenizers import Encoding, Tokenizer

from docsearch.domain.encodable import encodable
from docsearch.models.token_counter import vocabulary_of
from docsearch.ports import Vocabulary

QUERY_TOKENS = 256
"""A longer query is cut to this many tokens, so that the passage keeps half of a 512 window."""

PAIRS_KEPT = 256
"""Pairs whose windows are kept, those of a query that is planned and about to be read: more than
the screen reads, in some ten MB."""

OVERLAP_TOKENS = 64
"""What two neighbouring windows of a passage share, so that no sentence is only seen in halves."""


class QueryCutter:
    """A query's share of what the model reads; safe to use from several threads."""

    def __init__(self, tokenizer: Tokenizer, query_tokens: int) -> None:
        """Of a longer query only the first `query_tokens` are kept, special ones not counted."""
        self._query_tokens = query_tokens
        # A copy: the model's own tokenizer keeps its settings.
        self._plain = Tokenizer.from_str(tokenizer.to_str())
        self._plain.no_padding()
        self._plain.no_truncation()

    def characters_read(self, query: str) -> int:
        """How many characters of the query are kept: all, or those of its share."""
        spans = self._plain.encode(encodable(query), add_special_tokens=False).offsets
        if len(spans) <= self._query_tokens:
            return len(query)
        return spans[self._query_tokens - 1][1]

    def token_count(self, text: str) -> int:
        """How many tokens the text has, special ones left out."""
        return len(self._plain.encode(encodable(text), add_special_tokens=False))

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words the model knows."""
        return vocabulary_of(self._plain, text)

    def _kept(self, query: str) -> str:
        return encodable(query)[: self.characters_read(query)]


class PairCutter(QueryCutter):
    """Encodes pairs as `[CLS] query [SEP] piece of the passage [SEP]`, or the model's equal of it.

    Each piece takes what the window leaves beside the query; together the pieces hold every token
    of the passage. In a window smaller than 512 the query's share and the overlap shrink alike.
    """

    def __init__(self, tokenizer: Tokenizer, window: int) -> None:
        """`window` is in tokens, special ones included."""
        super().__init__(tokenizer, min(QUERY_TOKENS, window // 2))
        self._window = window
        room = window - self._query_tokens - tokenizer.num_special_tokens_to_add(is_pair=True)
        self._pairs = Tokenizer.from_str(tokenizer.to_str())
        self._pairs.no_padding()
        self._pairs.enable_truncation(
            max_length=window, stride=min(OVERLAP_TOKENS, room // 3), strategy="only_second"
        )
        self._cut_pair = lru_cache(PAIRS_KEPT)(self._cut_anew)

    def cut(self, query: str, passages: Sequence[str]) -> list[list[Encoding]]:
        """For each passage its windows, in the order of the text; at least one."""
        asked = self._kept(query)
        return [list(self._cut_pair(asked, passage)) for passage in passages]

    def most_tokens(self, _query: str) -> int:
        """Of a window: query and piece share it."""
        return self._window

    def _cut_anew(self, query: str, passage: str) -> tuple[Encoding, ...]:
        first = self._pairs.encode(query, encodable(passage))
        return first, *first.overflowing

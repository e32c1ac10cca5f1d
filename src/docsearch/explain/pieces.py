"""A passage as words, and a passage without some of its pieces.

In: text. Out: spans of its words; the text that is left when spans are taken out. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from docsearch.domain.explanation import Span

_JOINERS = frozenset("'’_-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SOFT HYPHEN}\u200c\u200d")
"""Between two letters they join one word: don't, state-of-the-art, max_seq_length."""

_WORD = re.compile(r"w[wm]*(?:jw[wm]*)*")
"""A word, where `w` stands for a letter or a digit, `m` for a combining mark, `j` for a joiner."""


def words(text: str) -> list[Span]:
    """Every run of letters and digits in order, with the apostrophes and hyphens inside it.

    A script that puts no spaces between words has none here: its clauses are the pieces.
    """
    kinds = "".join(map(_kind, text))
    return [match.span() for match in _WORD.finditer(kinds)]


def without(text: str, spans: Iterable[Span]) -> str:
    """`text` less the spans, which are disjoint and in any order.

    Of the white space on both sides of a hole one side is kept, a line's end before a space; at an
    end of the text neither is.
    """
    holes = sorted(spans)
    if not holes:
        return text
    left = text[: holes[0][0]]
    for (_, end), (next_start, _) in pairwise((*holes, (len(text), len(text)))):
        left = _joined(left, text[end:next_start])
    return left if text[holes[-1][1] :].strip() else left.rstrip()


def _joined(left: str, right: str) -> str:
    kept, rest = left.rstrip(), right.lstrip()
    before, after = left[len(kept) :], right[: len(right) - len(rest)]
    if not kept:
        return rest
    if not before or not after:
        return left + right
    return left + rest if "\n" in before or "\n" not in after else kept + right


def _kind(character: str) -> str:
    if character.isalnum():
        return "w"
    if character in _JOINERS:
        return "j"
    return "m" if unicodedata.category(character).startswith("M") else "."

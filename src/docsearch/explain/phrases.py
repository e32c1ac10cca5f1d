"""The longest part of one text that stands in another, word for word.

In: two texts. Out: a span of the first. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.explanation import Span
from docsearch.explain.terms import Term, terms


def longest_phrase(asked: str, text: str) -> Span:
    """Where it stands in `asked`, from its first word to its last; the first of equals.

    Case and white space do not matter. Marks between two words must be those of `asked`, or be
    missing. `(0, 0)` where the texts share no word.
    """
    query, passage = terms(asked), terms(text)
    best, longest = (0, 0), 0
    # How long the run is that ends at each word of the passage and at the query's word before.
    ending = [0] * len(passage)
    for at, wanted in enumerate(query):
        gap = _gap(asked, query, at)
        now = [0] * len(passage)
        for place, term in enumerate(passage):
            if term.word == wanted.word:
                joined = at and place and _gap(text, passage, place) in ("", gap)
                now[place] = 1 + (ending[place - 1] if joined else 0)
                if now[place] > longest:
                    longest = now[place]
                    best = query[at + 1 - longest].span[0], wanted.span[1]
        ending = now
    return best


def _gap(text: str, found: Sequence[Term], at: int) -> str:
    """What separates a word from the one before it, white space left out."""
    return "".join(text[found[at - 1].span[1] : found[at].span[0]].split()) if at else ""

"""Where the words of a query stand in a text.

In: words and a text. Out: the spans of its words. Knows nothing of models: this is only for the
eye, and never ranks anything.
"""

from __future__ import annotations

import re

from docsearch.domain.normal_form import mapped

Span = tuple[int, int]


def spans(pattern: re.Pattern[str] | None, text: str) -> tuple[Span, ...]:
    """Where the words stand in `text`, in order, without overlap; accents belong to their word."""
    if pattern is None:
        return ()
    found: list[Span] = []
    way = mapped(text)
    for match in pattern.finditer(way.normal):
        start, end = way.span(*match.span())
        if not found or found[-1][1] <= start:
            found.append((start, end))
    return tuple(found)


def densest(found: tuple[Span, ...], text: str, length: int) -> int:
    """The start of the first word from which `length` characters hold most different words.

    Longer words count more. 0 where nothing was found.
    """
    best, best_weight = 0, 0
    for index, (start, _) in enumerate(found):
        held: set[str] = set()
        for begin, end in found[index:]:
            if end > start + length:
                break
            held.add(text[begin:end].lower()[:4])
        weight = sum(len(word) for word in held)
        if weight > best_weight:
            best, best_weight = start, weight
    return best

"""The first words of a passage that matter to a query, on one line.

In: a passage and the words to look for. Out: pieces, the words marked. Does not know of ranks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from docsearch.domain.document import StoredChunk
from docsearch.tui.rendering.cells import ELLIPSIS, fit, one_line
from docsearch.tui.rendering.pieces import Line, Piece, Role
from docsearch.tui.rendering.query_words import densest, spans

_LEAD = 14
_MOST_CHARACTERS = 20_000
_MOST_KEPT = 256
"""Rows of a few screens: another reranker shows most of them again, in another order."""

_MARKUP = re.compile(r"^[\s#*>=|`~-]+|(?<=\s)(?:[*`~#|]{1,3}|[-=~]{3,})(?=\s|\w)|(?<=\w)[*`]{1,3}")


@lru_cache(maxsize=_MOST_KEPT)
def snippet(passage: StoredChunk, pattern: re.Pattern[str] | None, cells: int) -> Line:
    """Exactly `cells` of the passage's own words, from near the densest of the query's."""
    text = _plain(passage)
    found = spans(pattern, text)
    start = _start(text, densest(found, text, cells - _LEAD), cells)
    line: list[Piece] = [Piece(ELLIPSIS, Role.FAINT)] if start else []
    at = start
    stop = start + 2 * cells
    for begin, end in found:
        if begin < start or begin >= stop:
            continue
        line += [Piece(text[at:begin], Role.MUTED), Piece(text[begin:end], Role.MATCH)]
        at = end
    line.append(Piece(text[at : max(at, stop)], Role.MUTED))
    return fit(tuple(piece for piece in line if piece.text), cells)


def _plain(passage: StoredChunk) -> str:
    """The text without its marks of structure and without the heading that stands beside it."""
    text = _MARKUP.sub("", passage.chunk.text[:_MOST_CHARACTERS].strip())
    for heading in reversed(passage.chunk.headings):
        if text.startswith(heading) and text[len(heading) : len(heading) + 1] in ("", "\n"):
            text = _MARKUP.sub("", text[len(heading) :].strip())
            break
    return one_line(text) or one_line(passage.chunk.text[:_MOST_CHARACTERS])


def _start(text: str, focus: int, cells: int) -> int:
    """Where to begin: at a sentence or a word a little before `focus`, leaving no room unused."""
    if focus < _LEAD or len(text) <= cells:
        return 0
    lead = max(0, min(focus - _LEAD, len(text) - cells))
    sentence = max(text.rfind(mark, lead, focus) for mark in (". ", "! ", "? ", ": "))
    if sentence >= 0:
        return sentence + 2
    space = text.find(" ", lead, focus)
    return focus if space < 0 else space + 1

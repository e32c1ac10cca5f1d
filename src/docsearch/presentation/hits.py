"""The first words of a passage that matter to a query, on one line.

In: a passage and the words to look for. Out: pieces, the words marked. Does not know of ranks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from docsearch.domain.document import StoredChunk
from docsearch.domain.normal_form import mapped
from docsearch.domain.ranking import RankedHit
from docsearch.presentation.cells import ELLIPSIS, fit, one_line
from docsearch.presentation.pieces import Line, Piece, Role

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


PENDING = Piece("·", Role.FAINT)


def movement(hit: RankedHit, is_noise: bool = False) -> Piece:
    """▲6, ▼1, =, or · where it has not been reranked; grey where the move is noise."""
    moved = hit.movement
    if moved is None:
        return PENDING
    if moved == 0:
        return Piece("=", Role.MUTED)
    role = Role.FAINT if is_noise else Role.UP if moved > 0 else Role.DOWN
    return Piece(f"▲{moved}" if moved > 0 else f"▼{-moved}", role)


def is_new(hit: RankedHit, shown: int) -> bool:
    """Whether reranking brought it into the first `shown` places from below them."""
    return hit.after_rank is not None and hit.after_rank <= shown < hit.before_rank


def journey(hit: RankedHit) -> str:
    """Both places in words: `#7 → #1 ▲6`, or `#7` where it has not been reranked."""
    if hit.after_rank is None:
        return f"#{hit.before_rank}"
    return f"#{hit.before_rank} → #{hit.after_rank} {movement(hit).text}"


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

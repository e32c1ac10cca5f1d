"""Which strong words two rerankers share, and which only one of them likes, as one entry.

In: what they like, and their names. Out: lines. Does not know how a word is seen to be strong.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsearch.domain.explanation import Liked
from docsearch.presentation.cells import one_line, shorten
from docsearch.presentation.named_lines import WAITING, joined, named
from docsearch.presentation.pieces import Line, Piece, Role

_MOST_WORDS = 5
_WORD_CELLS = 16
_NAME_CELLS = 24


def liked_lines(
    found: Liked | None, first: str, second: str, cells: int, *, running: bool
) -> tuple[Line, ...]:
    """The words of both, then those of each reranker; an ellipsis while they may still come."""
    if found is None:
        unknown: Line = WAITING if running else (Piece("not measured", Role.MUTED),)
        return tuple(named("words", [unknown]))
    parts = [
        *_part("both like", found.both, Role.STRONG),
        *_part(f"only {_short(first)}", found.first, Role.TEXT),
        *_part(f"only {_short(second)}", found.second, Role.TEXT),
    ]
    return tuple(named("words", joined(parts or [(Piece("no word is strong to either"),)], cells)))


def _part(whose: str, words: Sequence[str], role: Role) -> list[Line]:
    if not words:
        return []
    shown = ", ".join(shorten(one_line(word), _WORD_CELLS) for word in words[:_MOST_WORDS])
    more = f" and {len(words) - _MOST_WORDS} more" if len(words) > _MOST_WORDS else ""
    return [(Piece(f"{whose}: ", Role.MUTED), Piece(shown, role), Piece(more, Role.MUTED))]


def _short(name: str) -> str:
    return shorten(one_line(name), _NAME_CELLS)

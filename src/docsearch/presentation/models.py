"""A reranker in words: what it is, how big, from where, and whether it is here.

In: a model's state. Out: lines. Does not know how it is loaded or fetched.
"""

from __future__ import annotations

import textwrap

from rich.cells import cell_len

from docsearch.domain.model import Availability, ModelState
from docsearch.domain.speed import Speed
from docsearch.domain.wording import pair_rate, size
from docsearch.presentation.cells import ELLIPSIS, cut, one_line, pad, pad_left, shorten
from docsearch.presentation.pieces import Line, Piece, Role

_HEAD_CELLS = 5
_NAME_CELLS = 24
_ABOUT_CELLS = 66
_SIGNS = {
    Availability.READY: ("●", Role.GOOD),
    Availability.NOT_DOWNLOADED: ("↓", Role.MUTED),
    Availability.INCOMPLETE: ("◐", Role.WARNING),
    Availability.WRONG_HASH: ("✗", Role.ERROR),
    Availability.NO_KEY: ("○", Role.MUTED),
    Availability.NO_NETWORK: ("○", Role.MUTED),
}


def model_lines(
    state: ModelState, digit: str, speed: Speed | None, *, chosen: bool
) -> tuple[Line, Line]:
    """Two lines: digit, sign, name, size, window and family of scores; then what else is known.

    The speed is told of what can be used, the availability of what cannot.
    """
    known = state.description
    sign, role = _SIGNS[state.availability]
    millions = f"{known.parameters / 1_000_000:.0f}M" if known.parameters else ""
    place = "service" if known.hosted else size(known.download_bytes)
    window = f"{known.window:,} tokens" if known.window else ""
    first: Line = (
        *_head(digit, sign, role, chosen=chosen),
        Piece(pad(short_name(known.name, _NAME_CELLS), _NAME_CELLS), Role.FILE),
        Piece(pad_left(millions, 5), Role.MUTED),
        Piece(pad_left(place, 8), Role.MUTED),
        Piece(pad_left(window, 14), Role.MUTED),
        Piece(f"  {known.score or ''}", Role.MUTED),
    )
    usable = state.availability is Availability.READY
    told = pair_rate(speed) if usable else str(state.availability)
    about = [", ".join(known.languages), known.licence, known.note]
    text = one_line("".join(f" · {each}" for each in about if each))
    room = _ABOUT_CELLS - len(told)
    return first, (
        Piece(" " * _HEAD_CELLS + told, Role.TEXT if usable and speed else Role.MUTED),
        Piece(" " + shorten(text, room), Role.FAINT),
    )


def short_name(name: str, cells: int) -> str:
    """A model's name, a path's last part alone; what tells models apart is most often at its end.

    Where it does not fit, its middle is left out.
    """
    name = one_line(name)
    if cell_len(name) > cells:
        name = name.rstrip("/").rsplit("/", 1)[-1]
    if cell_len(name) <= cells:
        return name
    tail = cut(name[::-1], cells // 2)[::-1]
    return cut(name, cells - 1 - cell_len(tail)) + ELLIPSIS + tail


def none_line(*, chosen: bool) -> Line:
    """The choice of no reranker."""
    return (
        *_head("0", "○", Role.MUTED, chosen=chosen),
        Piece(pad("none", _NAME_CELLS), Role.FILE),
        Piece("  the bi-encoder's order alone", Role.MUTED),
    )


def _head(digit: str, sign: str, role: Role, *, chosen: bool) -> Line:
    return (
        Piece("▸" if chosen else " ", Role.STRONG),
        Piece(pad(digit, 2), Role.KEY),
        Piece(f"{sign} ", role),
    )


def download_question(state: ModelState, offline: bool, cells: int) -> tuple[Line, ...]:
    """What a download would transfer, from where, and under which licence."""
    known = state.description
    lines: list[Line] = [
        (Piece(one_line(known.name), Role.FILE), Piece(f" is {state.availability}.", Role.TEXT)),
        *((Piece(one_line(problem), Role.WARNING),) for problem in state.problems[:3]),
        (),
        (Piece("size      ", Role.MUTED), Piece(size(known.download_bytes), Role.STRONG)),
        (Piece("from      ", Role.MUTED), Piece(f"hub, {one_line(known.hub_id)}")),
        (Piece("revision  ", Role.MUTED), Piece(one_line(known.revision[:12]))),
        (Piece("licence   ", Role.MUTED), Piece(one_line(known.licence))),
        (),
    ]
    if offline:
        said = (
            "docsearch was started with --offline and will not use the network. Start it without, "
            f"or fetch the model elsewhere: docsearch models pull {known.name}"
        )
        return (*lines, *((Piece(text, Role.WARNING),) for text in textwrap.wrap(said, cells)))
    keys: Line = (
        Piece("Enter", Role.KEY),
        Piece(" downloads it   ", Role.MUTED),
        Piece("Esc", Role.KEY),
        Piece(" leaves it", Role.MUTED),
    )
    return (*lines, keys)

"""A reranker in words: what it is, how big, from where, and whether it is here.

In: a model's state. Out: lines. Does not know how it is loaded or fetched.
"""

from __future__ import annotations

import textwrap

from docsearch.domain.model import Availability, ModelState
from docsearch.domain.wording import size
from docsearch.tui.rendering.cells import one_line, pad, pad_left, shorten
from docsearch.tui.rendering.pieces import Line, Piece, Role

_NAME_CELLS = 24
_ABOUT_CELLS = 68
_SIGNS = {
    Availability.READY: ("●", Role.GOOD),
    Availability.NOT_DOWNLOADED: ("↓", Role.MUTED),
    Availability.INCOMPLETE: ("◐", Role.WARNING),
    Availability.WRONG_HASH: ("✗", Role.ERROR),
    Availability.NO_KEY: ("○", Role.MUTED),
    Availability.NO_NETWORK: ("○", Role.MUTED),
}


def model_lines(state: ModelState, current: str | None) -> tuple[Line, Line]:
    """Two lines: sign, name, state and size; then languages, licence and note."""
    known = state.description
    sign, role = _SIGNS[state.availability]
    chosen = "▸" if known.name == current else " "
    millions = f"{known.parameters / 1_000_000:.0f}M" if known.parameters else ""
    place = "service" if known.hosted else size(known.download_bytes)
    first: Line = (
        Piece(f"{chosen} {sign} ", role),
        Piece(pad(one_line(known.name), _NAME_CELLS), Role.FILE),
        Piece(pad_left(millions, 6), Role.MUTED),
        Piece(pad_left(place, 8), Role.MUTED),
        Piece(f"  {state.availability}", role),
    )
    about = [", ".join(known.languages), known.licence, known.note]
    text = one_line(" · ".join(each for each in about if each))
    return first, (Piece("    " + shorten(text, _ABOUT_CELLS), Role.FAINT),)


def none_line(current: str | None) -> Line:
    """The choice of no reranker."""
    chosen = "▸" if current is None else " "
    return (
        Piece(f"{chosen} ○ ", Role.MUTED),
        Piece(pad("none", _NAME_CELLS), Role.FILE),
        Piece("the bi-encoder's order alone", Role.MUTED),
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

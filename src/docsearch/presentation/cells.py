"""Text into columns: how wide it is, and how to make it fit.

In: untrusted text and a number of cells. Out: text safe to show that takes exactly, or at most, so
many cells, on any terminal. Does not know what the text means.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

from docsearch.domain.safe_text import safe_line
from docsearch.presentation.pieces import Line, Piece, Role, width_of


def bar(share: float, cells: int, role: Role) -> Line:
    """The share as a filled bar; anything above nothing shows at least a sliver."""
    share = min(1.0, max(0.0, share))
    halves = round(share * cells * 2)
    if share > 0 and halves == 0:
        halves = 1
    full, rest = divmod(halves, 2)
    filled = "━" * full + "╸" * rest
    return (Piece(filled, role), Piece(" " * (cells - len(filled))))


def rule(cells: int, done: float | None = None, role: Role = Role.AFTER) -> Line:
    """A thin line; with `done`, that share of it is heavy: progress that needs no colour."""
    heavy = 0 if done is None else round(min(1.0, max(0.0, done)) * cells)
    return (Piece("━" * heavy, role), Piece("─" * (cells - heavy), Role.FAINT))


ELLIPSIS = "…"

# Terminals disagree on how wide these make what stands before them, and one cell too many or too
# few moves everything to the right of it.
_UNSTEADY = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"\s+")


def one_line(text: str) -> str:
    """`text` with runs of white space as one space, steady in width and safe to show."""
    return safe_line(steady(_SPACES.sub(" ", text)).strip())


def steady(text: str) -> str:
    """`text` without the marks that terminals give different widths to."""
    return _UNSTEADY.sub("", text)


def cut(text: str, cells: int) -> str:
    """The longest start of `text` that fits, without splitting a character from its marks."""
    if cell_len(text) <= cells:
        return text
    taken = end = 0
    for _, stop, width in split_graphemes(text)[0]:
        if taken + width > cells:
            break
        taken, end = taken + width, stop
    return text[:end]


def shorten(text: str, cells: int) -> str:
    """`text`, its end replaced by an ellipsis where it does not fit."""
    if cell_len(text) <= cells:
        return text
    return cut(text, cells - 1).rstrip() + ELLIPSIS if cells > 0 else ""


def shorten_name(name: str, cells: int) -> str:
    """A file's name, its middle replaced by an ellipsis, so that its suffix stays."""
    stem, dot, suffix = name.rpartition(".")
    tail = dot + suffix
    if cell_len(name) <= cells or not stem or cell_len(tail) + 4 > cells:
        return shorten(name, cells)
    return shorten(stem, cells - cell_len(tail)) + tail


def shorten_path(path: str, cells: int) -> str:
    """A path that gives up its leading folders before its name."""
    if cell_len(path) <= cells:
        return path
    parts = path.split("/")
    for first in range(1, len(parts)):
        shorter = ELLIPSIS + "/" + "/".join(parts[first:])
        if cell_len(shorter) <= cells:
            return shorter
    return shorten_name(parts[-1], cells)


def pad(text: str, cells: int) -> str:
    """`text` cut or filled with spaces on the right to exactly `cells`."""
    text = cut(text, cells)
    return text + " " * (cells - cell_len(text))


def pad_left(text: str, cells: int) -> str:
    """`text` cut or filled with spaces on the left to exactly `cells`."""
    text = cut(text, cells)
    return " " * (cells - cell_len(text)) + text


def fit(line: Line, cells: int) -> Line:
    """The line cut with an ellipsis, or filled with spaces, to exactly `cells`."""
    missing = cells - width_of(line)
    if missing >= 0:
        return (*line, Piece(" " * missing)) if missing else line
    fitted: list[Piece] = []
    room = cells
    for piece in line:
        width = cell_len(piece.text)
        if width >= room:
            text = shorten(piece.text, room) if width > room else cut(piece.text, room - 1) + "…"
            fitted.append(Piece(pad(text, room), piece.role))
            break
        fitted.append(piece)
        room -= width
    return tuple(fitted)


def spread(left: Line, right: Line, cells: int) -> Line:
    """`left` and `right` at the two ends of a line of `cells`; `left` gives way."""
    if not right:
        return fit(left, cells)
    room = cells - width_of(right)
    if room < 1:
        return fit(left, cells)
    return (*fit(left, room - 1), Piece(" "), *right)

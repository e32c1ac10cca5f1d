"""Which file, heading and place a passage is from, in as many cells as there are.

In: a passage. Out: pieces or text. Does not know of queries or ranks.
"""

from __future__ import annotations

from pathlib import PurePath

from rich.cells import cell_len

from docsearch.domain.document import Location, StoredChunk
from docsearch.presentation.cells import one_line, shorten, shorten_name
from docsearch.presentation.pieces import Line, Piece, Role

_ARROW = " › "
_LEAST_HEADING = 8


def where(passage: StoredChunk, cells: int, *, folders: bool = True) -> Line:
    """`file › heading` in at most `cells`; folders go first, then the heading's end.

    Without `folders`, only the file's name is named, however much room there is.
    """
    path = one_line(passage.path)
    name = path.rsplit("/", 1)[-1]
    headings = passage.place.headings
    heading = one_line(headings[-1]) if headings else ""
    if not heading:
        return _file(path if folders and cell_len(path) <= cells else name, cells)
    rest = cells - cell_len(_ARROW) - cell_len(heading)
    if folders and cell_len(path) <= rest:
        return _joined(path, heading)
    if cell_len(name) <= rest:
        return _joined(name, heading)
    name_room = max(cells // 2, cells - cell_len(_ARROW) - cell_len(heading))
    shorter = shorten_name(name, name_room)
    heading_room = cells - cell_len(_ARROW) - cell_len(shorter)
    if heading_room < _LEAST_HEADING:
        return _file(name, cells)
    return _joined(shorter, shorten(heading, heading_room))


def location_within(passage: StoredChunk) -> str:
    """`page 6 (of 1-6)`: where what matters stands, and from where to where the passage goes."""
    chunk, at = passage.chunk, location(passage.place.location)
    first, last = chunk.place_at(0).location, chunk.place_at(len(chunk.text) - 1).location
    ends = [(first.page, last.page), (first.cell, last.cell), (first.line, last.line)]
    low, high = next((each for each in ends if each[0] is not None), (None, None))
    is_wide = low is not None and high is not None and low < high
    return f"{at} (of {low}-{high})" if at and is_wide else at


def location(place: Location) -> str:
    """`page 3`, `cell 2`, `line 41`, or nothing where the format has no such thing."""
    parts = [("page", place.page), ("cell", place.cell), ("line", place.line)]
    return next((f"{word} {number}" for word, number in parts if number is not None), "")


def address(passage: StoredChunk) -> str:
    """`path:line` to paste elsewhere; `path#page=3` for a page; the path alone for neither."""
    place = passage.place.location
    if place.page is not None:
        return f"{passage.path}#page={place.page}"
    return passage.path if place.line is None else f"{passage.path}:{place.line}"


def from_home(folder: PurePath, home: PurePath) -> str:
    """The folder as people write it: `~/notes`."""
    if not folder.is_relative_to(home):
        return str(folder)
    return str(PurePath("~") / folder.relative_to(home))


def _file(path: str, cells: int) -> Line:
    folder, slash, name = path.rpartition("/")
    name = shorten_name(name, cells - cell_len(folder + slash))
    return (Piece(folder + slash, Role.MUTED), Piece(name, Role.FILE))


def _joined(path: str, heading: str) -> Line:
    folder, slash, name = path.rpartition("/")
    return (
        Piece(folder + slash, Role.MUTED),
        Piece(name, Role.FILE),
        Piece(_ARROW, Role.FAINT),
        Piece(heading, Role.HEADING),
    )

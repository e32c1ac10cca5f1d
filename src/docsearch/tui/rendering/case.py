"""The question before a case file is written: what goes in, and where it goes.

In: a folder. Out: lines. Does not know what a case file looks like.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from docsearch.tui.rendering.cells import one_line, pad, shorten_path
from docsearch.tui.rendering.pieces import Line, Piece, Role

_WHAT = (
    "The query, ranks, scores and times, what was measured of the selected result, the names of "
    "your files, and which models and settings were in force go into a JSON file, which "
    "`docsearch replay` runs again, and into a page for a browser."
)
_ANSWERS = (
    ("Enter", "without the text of your documents"),
    ("T", "with their text"),
    ("Esc", "write nothing"),
)


def case_question(folder: Path, cells: int) -> tuple[Line, ...]:
    """What would be written, where, and which keys answer."""
    return (
        (Piece("Save this answer as a case file?", Role.STRONG),),
        (),
        *((Piece(row, Role.TEXT),) for row in textwrap.wrap(_WHAT, max(20, cells))),
        (),
        (Piece("into ", Role.MUTED), Piece(shorten_path(one_line(str(folder)), cells - 5))),
        (),
        *(
            (Piece(pad(f" {key} ", 8), Role.KEY), Piece(meaning, Role.TEXT))
            for key, meaning in _ANSWERS
        ),
    )

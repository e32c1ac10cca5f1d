"""What the person must know of an answer, beside the answer itself.

In: a session's facts. Out: one line, or none. Does not know where it is shown.
"""

from __future__ import annotations

from docsearch.domain.errors import DocsearchError
from docsearch.domain.ranking import SearchResult
from docsearch.tui.rendering.cells import one_line
from docsearch.tui.rendering.pieces import Line, Piece, Role


def notice_line(result: SearchResult | None, error: DocsearchError | None, merged: bool) -> Line:
    """An error beside an older answer, a piece that could not be read, a notice of the answer.

    Where the lists are not merged, "reranker: off" stands in the after list's own place.
    """
    if result is None:
        return ()
    if error is not None:
        return (
            Piece(f" ✗ {error.title}: {one_line(str(error))}", Role.ERROR),
            Piece("  the results are those of an earlier search", Role.MUTED),
        )
    parts: list[Piece] = []
    if result.query.unparsed:
        pieces = ", ".join(one_line(each) for each in result.query.unparsed)
        parts.append(Piece(f" ! searched as plain text: {pieces} ", Role.WARNING))
    if result.notice and (merged or result.reranker is not None):
        parts.append(Piece(f" ! {one_line(result.notice)} ", Role.WARNING))
        if result.reranker is None:
            parts.append(Piece(" Shift-F2 lists the rerankers", Role.MUTED))
    return tuple(parts)

"""What stands where results would stand when there are none: always words, and what to do.

In: the state of the index, the query, an error, a reranker's state. Out: lines. Does not know where
they are shown.
"""

from __future__ import annotations

import textwrap

from docsearch.domain.errors import DocsearchError
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.query import Query
from docsearch.domain.wording import plural
from docsearch.presentation.cells import one_line, pad
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.tui.keys import SYNTAX

_BLANK: Line = ()


def welcome(progress: IndexProgress, folder: str, cells: int) -> tuple[Line, ...]:
    """Before the first query: what there is to search, and how to ask."""
    return (
        _BLANK,
        *_said(*_holdings(progress, folder), cells),
        _BLANK,
        *_paragraph(
            "Type what you want to know. A bi-encoder finds candidates by meaning, a cross-encoder "
            "reads each of them with your query and puts them in order; you see both orders.",
            cells,
        ),
        _BLANK,
        *(_pair(example, meaning) for example, meaning in SYNTAX),
    )


def _holdings(progress: IndexProgress, name: str) -> tuple[str, Role]:
    if progress.phase is Phase.FAILED:
        return f"The index of {name} cannot be used. {progress.notice or ''}", Role.ERROR
    if progress.chunks:
        held = f"{plural(progress.files, 'file')} in {plural(progress.chunks, 'chunk')}"
        more = " so far" if progress.phase is Phase.INDEXING else ""
        return f"{name}: {held}{more}, ready to search.", Role.STRONG
    if progress.phase in (Phase.STARTING, Phase.SCANNING, Phase.INDEXING):
        return f"{name} is being read; results come in from the first file on.", Role.STRONG
    return (
        f"{name} holds no file that can be searched. Put some in; they show up by themselves. "
        "docsearch status lists what was skipped, and why.",
        Role.WARNING,
    )


def nothing_found(query: Query, progress: IndexProgress, cells: int) -> tuple[Line, ...]:
    """An answer without hits."""
    if not progress.chunks:
        said = "Nothing is indexed yet, so there is nothing to find. Results come in by themselves."
    elif query.filters:
        said = "No passage passes all filters. Take one away: path: ext: tag: after: before: -word"
    elif not query.words.strip():
        said = "There are no words to search for yet."
    else:
        said = "No passage has these words. ^T switches to another source of candidates."
    return (_BLANK, *_said("Nothing found.", Role.STRONG, cells), *_paragraph(said, cells))


def failed(error: DocsearchError, cells: int) -> tuple[Line, ...]:
    """A search that ended in an error."""
    return (
        _BLANK,
        *_said(f"✗ {error.title}", Role.ERROR, cells),
        *_paragraph(str(error), cells),
        _BLANK,
        *_paragraph("^R searches again.", cells),
    )


def searching(cells: int) -> tuple[Line, ...]:
    """The first answer is on its way."""
    return (
        _BLANK,
        *_said("Searching …", Role.STRONG, cells),
        *_paragraph("The first query of a session waits for the models to load.", cells),
    )


def reranker_off(notice: str, name: str | None, cells: int) -> tuple[Line, ...]:
    """Where the after list would be, with what to do about it."""
    lines = [_BLANK, *_said(notice, Role.WARNING, cells), _BLANK]
    lines += _paragraph("The order on the left is the bi-encoder's alone.", cells)
    if name is None:
        lines += _paragraph("F2 turns a reranker on.", cells)
    elif "reranker: off" in notice:
        # Any other notice says itself which key turns the reranker on.
        lines += _paragraph("Shift-F2 lists the rerankers and downloads one. In a shell:", cells)
        lines.append((Piece(f"  docsearch models pull {one_line(name)}", Role.KEY),))
    return tuple(lines)


def reading(scored: int, total: int) -> tuple[Line, ...]:
    """Below the reranked results: how many are still to come."""
    return (_BLANK, (Piece(f"      {total - scored} more are being read …", Role.MUTED),))


def _said(text: str, role: Role, cells: int) -> list[Line]:
    wrapped = textwrap.wrap(one_line(text), max(20, cells - 4))
    return [(Piece(f"  {line}", role),) for line in wrapped]


def _paragraph(text: str, cells: int) -> list[Line]:
    return _said(text, Role.MUTED, min(cells, 84))


def _pair(left: str, right: str) -> Line:
    return (Piece("  " + pad(left, 20), Role.KEY), Piece(right, Role.MUTED))

"""A text into rows of the screen that still know their offsets.

In: a text and a width in cells. Out: spans of the text, one a row, with an indent. Does not know
what will be marked in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from docsearch.domain.safe_text import safe_line
from docsearch.presentation.cells import cut, steady

_TAB = "    "
_TOKEN = re.compile(r"\S+\s*|\s+")
_OPENING = re.compile(r"\s*(?:[-*+•] +|\d{1,3}[.)] +)?")
_PROSE_START = re.compile(r"[^\W_]|[\"'“‘(]")
_HARD_WRAPPED = 56
"""A line at least this long, with text right below it, was broken by an editor, not by meaning."""

_MARKS = 8
"""A character with its combining marks is taken to be no longer than this."""


class Row(NamedTuple):
    """`text[start:end]`, to be shown after `indent` spaces; without the space it was broken at."""

    start: int
    end: int
    indent: int = 0


def shown(text: str) -> str:
    """A stretch of one row as it is shown: safe, steady in width, tabs as spaces."""
    return safe_line(steady(text.replace("\n", " ").replace("\t", _TAB)))


def wrap(text: str, cells: int) -> list[Row]:
    """Rows of at most `cells`; paragraphs broken by an editor are joined, blank lines collapse."""
    rows: list[Row] = []
    for start, end in _logical_lines(text):
        if start == end:
            if rows and rows[-1].end > rows[-1].start:
                rows.append(Row(start, end))
        else:
            rows.extend(_wrap_line(text, start, end, max(1, cells)))
    while rows and rows[-1].start == rows[-1].end:
        rows.pop()
    return rows


def _logical_lines(text: str) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    at = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        start = at if begin is None else begin
        end = at + len(line)
        at = end + 1
        after = lines[number + 1] if number + 1 < len(lines) else ""
        if len(line) >= _HARD_WRAPPED and line[0].isalnum() and _continues(after):
            begin = start
            continue
        begin = None
        yield (start, start) if not text[start:end].strip() else (start, end)


def _continues(line: str) -> bool:
    return bool(_PROSE_START.match(line)) and len(_OPENING.match(line)[0]) == 0  # type: ignore[index]


def _wrap_line(text: str, start: int, end: int, cells: int) -> Iterator[Row]:
    for row in _broken(text, start, end, cells):
        yield row._replace(end=row.start + len(text[row.start : row.end].rstrip()))


def _broken(text: str, start: int, end: int, cells: int) -> Iterator[Row]:
    opening = _OPENING.match(text, start, end)
    hang = cell_len(shown(opening[0])) if opening else 0
    hang = hang if hang <= cells // 3 else 0
    enough = _MARKS * cells

    def width(begin: int, stop: int) -> int:
        # Of a word that is longer than a row, it is enough to know that it is.
        return cell_len(shown(text[begin : min(stop, begin + enough)]))

    row, used, indent = start, 0, 0
    for token in _TOKEN.finditer(text, start, end):
        at, stop = token.start(), token.end()
        word_end = at + len(token[0].rstrip())
        if used and used + width(at, word_end) > cells - indent:
            yield Row(row, at, indent)
            row, used, indent = at, 0, hang
        while width(at, word_end) > cells - indent:
            at += len(cut(safe_line(text[at : at + enough]), cells - indent)) or 1
            yield Row(row, at, indent)
            row, indent = at, hang
        used += width(at, stop)
    if row < end:
        yield Row(row, end, indent)

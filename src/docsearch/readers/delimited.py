"""Tables in text files: comma, tab, semicolon or bar between the columns.

In: bytes and a file name. Out: a segment for each row, which repeats the names of its columns
where it has some, "name: value | name: value", so that a row found alone can be understood. Rows
know their lines. Linear: a quote that is never closed costs its row.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice, repeat, takewhile

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.readers.builder import ExtractionBuilder, line_of_file, row_text
from docsearch.readers.column_names import further_head, most_repeated, shortened, table_head
from docsearch.readers.decoding import decode
from docsearch.readers.formats import CSV

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200
_BLOCK_ROWS = 20
_SEPARATOR_LINE = re.compile(r'"?sep=([^\n]|\\t)"?[ \t]*(?:\n|$)', re.IGNORECASE)
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))

Row = tuple[int, list[str], str]
"""The line a row starts on, from 1, its cells, and the row as it stands."""


class DelimitedReader:
    """Reads CSV and TSV."""

    name = CSV.name
    suffixes = CSV.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        add_table(builder, decode(data), name)
        return builder.build()


def add_table(
    builder: ExtractionBuilder,
    text: str,
    name: str,
    place: Callable[[int], Location] = line_of_file,
) -> None:
    """Put the table's rows into `builder`; `place` says where a line stands, counted from 1."""
    text = _with_rows_as_lines(text)
    first = 1
    favourite = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    if told := _SEPARATOR_LINE.match(text):
        text, first = text[told.end() :], 2
        delimiter = "\t" if told[1] == "\\t" else told[1]
    else:
        delimiter = delimiter_of(text, favourite)
    lines = text.split("\n")
    sample = [cells for _, cells, _ in islice(_rows(lines, delimiter), _SAMPLE_ROWS)]
    before, names = table_head(sample)
    names = shortened(names, sample, len(text))
    is_table = max(map(len, sample), default=0) > 1 and not _is_prose(sample)
    follows = 0
    left = most_repeated(len(text))
    for number, (line, cells, raw) in enumerate(_rows(lines, delimiter, first)):
        # Behind a gap another table may begin.
        if (
            number > before
            and line > follows
            and left >= 0
            and (again := _names_at(lines, line - first, delimiter, len(text)))
        ):
            names, before = again, number
        follows = line + raw.count("\n") + 1
        is_note = number != before and (raw.startswith("#") or (len(cells) == 1 < len(names)))
        if not is_table or is_note or (number < before and '"' not in raw):
            edges = delimiter + " " if number < before else " "
            content = " ".join(raw.strip(edges).split()) if "\n" not in raw else row_text(cells)
        elif number > before and names:
            content = _labelled(names, cells)
            left -= max(0, len(content) - len(raw))
            if left < 0:
                builder.lost(
                    f"the columns' names beside the values from line {place(line).line} on"
                )
                names = []
                content = row_text(cells)
        else:
            content = row_text(cells)
        builder.add(content, SegmentKind.TABLE, place(line))


def _names_at(lines: list[str], start: int, delimiter: str, size: int) -> list[str]:
    """The names in a row behind a gap, if it begins a table; none if it goes on with one."""
    block = list(takewhile(str.strip, lines[start : start + _BLOCK_ROWS]))
    rows = [cells for _, cells, _ in _rows(block, delimiter)]
    return shortened(further_head(rows), rows, size)


def _is_prose(rows: list[list[str]]) -> bool:
    """Whether there is one column, of text with commas in it: its name is alone in its row."""
    if not rows or len(rows[0]) > 1:
        return False
    start = next((number for number, row in enumerate(rows) if len(row) > 1), 0)
    widths = Counter(map(len, rows[start:]))
    share = max(widths[width] for width in widths if width > 1) / widths.total()
    spaced = all(cell[:1] in ("", " ") for row in rows for cell in row[1:])
    return share < (0.9 if spaced and start == 1 else 0.6)


def delimiter_of(text: str, favourite: str) -> str:
    """The delimiter that cuts most rows into the same number of columns, at least two."""
    sample = text[:65_536]
    candidates = [favourite, *(d for d in _DELIMITERS if d != favourite)]
    # "1,5;2,5": commas that all stand between digits are no delimiter where another is.
    if re.search(r"\d,\d", sample) and not re.search(r"(?<!\d),|,(?!\d)", sample):
        candidates.sort(key=",".__eq__)

    sample_lines = sample.split("\n")

    def agreement(delimiter: str) -> tuple[float, int]:
        rows = islice(_rows(sample_lines, delimiter), _SAMPLE_ROWS)
        counts = Counter(len(cells) for _, cells, raw in rows if not raw.startswith("#"))
        columns, most = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return (round(most / counts.total(), 1) if columns > 1 else 0.0, columns)

    scores = {delimiter: agreement(delimiter) for delimiter in candidates}
    best = max(candidates, key=lambda delimiter: scores[delimiter][0])
    return best if scores[best][0] > 0 else favourite


def _with_rows_as_lines(text: str) -> str:
    """Rows ended by LF alone: CR ends them in a file whose LFs all stand inside of quotes."""
    if "\r" not in text:
        return text
    bare = re.sub(r'"[^"]*"', "", text[:65_536])
    if "\r" in bare and "\n" not in bare.rstrip("\n"):
        return text.replace("\r", "\n")
    return text.replace("\r", " ")


def _rows(lines: list[str], delimiter: str, first: int = 1) -> Iterator[Row]:
    """Each row that is not empty.

    A row whose quotes do not close, or close within a word, is its first line as it stands.
    """
    at = 0
    # Lines that may be looked at in vain, so that many open quotes cost linear time.
    patience = 4 * len(lines)
    while at < len(lines):
        cells, count = _row(lines, at, delimiter, patience)
        if count < 0:
            patience += count
            count = 1
        raw = "\n".join(lines[at : at + count])
        if any(cell.strip() for cell in cells):
            yield first + at, cells, raw
        at += count


def _row(lines: list[str], at: int, delimiter: str, patience: int) -> tuple[list[str], int]:
    """The cells of the row that starts at a line, and how many lines it has.

    Less than none: so many lines were looked at for the end of a quote in vain.
    """
    line = lines[at]
    if '"' not in line:
        return line.split(delimiter), 1
    last = min(len(lines), at + max(1, patience))
    reader = csv.reader(
        (lines[n] + "\n" for n in range(at, last)),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=True,
    )
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        looked_at = reader.line_num
    with suppress(csv.Error, StopIteration):
        return next(
            csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True)
        ), -looked_at
    return [cell.strip().strip('"') for cell in line.split(delimiter)], -looked_at


def _labelled(names: list[str], row: list[str]) -> str:
    """The row with each value behind its column's name; empty cells are left out."""
    cells = [" ".join(cell.split()) for cell in row]
    pairs = zip(chain(names, repeat("")), cells, strict=False)
    return " | ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)

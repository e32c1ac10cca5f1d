"""Tables in text files: comma, tab, semicolon or bar between the columns.

In: bytes and a file name. Out: a segment for each row, which repeats the names of its columns,
"name: value | name: value", so that a row found alone can be understood. Rows know their lines.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.decoding import decode
from docsearch.readers.formats import CSV
from docsearch.readers.lines import Lines, raw_text

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200


class DelimitedReader:
    """Reads CSV and TSV; a file that no delimiter fits is read as plain text."""

    name = CSV.name
    suffixes = CSV.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:
        """See `ports.Reader`."""
        text = decode(data)
        favourite = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
        try:
            return _extract(text, delimiter_of(text, favourite))
        except csv.Error:
            return raw_text(Lines(text), ())


def delimiter_of(text: str, favourite: str) -> str:
    """The delimiter that cuts most rows into the same number of columns, at least two."""
    sample = text[:65_536]

    def agreement(delimiter: str) -> tuple[float, int]:
        counts = Counter(len(row) for _, row in islice(_rows(sample, delimiter), _SAMPLE_ROWS))
        columns, rows = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return (rows / counts.total() if columns > 1 else 0.0, columns)

    candidates = [favourite, *(d for d in _DELIMITERS if d != favourite)]
    scores = {delimiter: agreement(delimiter) for delimiter in candidates}
    best = max(candidates, key=lambda delimiter: scores[delimiter][0])
    return best if scores[best][0] > 0 else favourite


def has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: at least two, all distinct, none a number."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    names = [cell.strip() for cell in rows[0]]
    plain = all(name and len(name) <= 80 and not _is_number(name) for name in names)
    return plain and len(set(names)) == len(names)


def _extract(text: str, delimiter: str) -> ExtractedText:
    builder = ExtractionBuilder()
    names: list[str] | None = None
    if has_header([row for _, row in islice(_rows(text, delimiter), 2)]):
        names = []
    for line, row in _rows(text, delimiter):
        if names == []:
            names = [" ".join(cell.split()) for cell in row]
            content = row_text(row)
        else:
            content = _labelled(names, row) if names else row_text(row)
        builder.add(content, SegmentKind.TABLE, Location(line=line))
    return builder.build()


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, and the line it starts on, from 1."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    start = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield start, row
        start = reader.line_num + 1


def _labelled(names: list[str], row: list[str]) -> str:
    """The row with each value behind its column's name; empty cells are left out."""
    cells = [" ".join(cell.split()) for cell in row]
    pairs = zip(names + [""] * (len(cells) - len(names)), cells, strict=False)
    return " | ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True

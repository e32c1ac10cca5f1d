"""Jupyter notebooks, cell by cell.

In: bytes of any version of the format, whole or damaged. Out: Markdown cells by their headings,
paragraphs and lists, code cells, and what they printed; each piece knows its cell. Every cell is
read by its own keys, so that one that lacks something costs no other. Pictures, attachments and
the state of widgets are left out, and the middle of a long output, which is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.blobs import without_blobs
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import NOTEBOOK
from docsearch.readers.front_matter import FrontMatter, front_matter_of
from docsearch.readers.lines import STRUCTURE_LIMIT, Lines
from docsearch.readers.markdown import BlockParser
from docsearch.readers.notebook_outputs import add_html, add_outputs, joined
from docsearch.readers.tags import split_tags

_CELLS = re.compile(r'"cells"\s*:\s*\[')
_A_CELL = re.compile(r'\{\s*"(?:cell_type|attachments)"')
_BETWEEN_CELLS = re.compile(r"[\s,]*")
_MOST_BROKEN = 100
"""Broken cells before the search for whole ones ends: each may cost a look at all that follows."""
_MOST_DIGITS = 1000
_SOURCES = ("source", "input", "code", "text")
"""What versions of the format call the text of a cell."""

_JsonObject = Mapping[str, object]


class NotebookReader:
    """Reads notebooks of all versions by their keys; nothing is validated."""

    name = NOTEBOOK.name
    suffixes = NOTEBOOK.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        with reading(self.name):
            metadata, cells = _parse(decode(data), builder)
            parser = BlockParser()
            front = FrontMatter()
            for number, cell in enumerate(cells, start=1):
                if isinstance(cell, dict):
                    source = _source(cell)
                    if number == 1:
                        front = front_matter_of(Lines(source)) or front
                    _add_cell(builder, parser, cell, source, number)
                elif cell is not None:
                    builder.lost(f"cell {number} is not built like a cell")
        title = metadata.get("title")
        return builder.build(
            title=title if isinstance(title, str) else front.title,
            tags=split_tags(metadata.get("tags")) or front.tags,
            day=day_of(metadata.get("date")) or front.day,
            when_empty="no text in its cells that can be read",
        )


def _parse(text: str, builder: ExtractionBuilder) -> tuple[_JsonObject, list[object]]:
    """The notebook's metadata and its cells; a cell that is broken JSON is None, and told."""
    try:
        notebook = json.loads(text, strict=False, parse_int=_number)
    except json.JSONDecodeError as error:
        found = _CELLS.search(text)
        if found is None:
            raise ReaderError("broken Jupyter notebook: it is not JSON") from error
        return {}, list(_whole_cells(text, found.end(), builder))
    notebook = notebook if isinstance(notebook, dict) else {}
    sheets = notebook.get("worksheets")
    parts = [notebook, *(sheets if isinstance(sheets, list) else [])]
    lists = [part["cells"] for part in parts if isinstance(part, dict) and "cells" in part]
    if not any(isinstance(cells, list) for cells in lists):
        raise ReaderError("broken Jupyter notebook: it has no cells")
    metadata = notebook.get("metadata")
    return (
        metadata if isinstance(metadata, dict) else {},
        [cell for cells in lists if isinstance(cells, list) for cell in cells],
    )


def _whole_cells(text: str, at: int, builder: ExtractionBuilder) -> Iterator[object]:
    """The cells of broken JSON that are whole themselves, from `at` on."""
    decoder = json.JSONDecoder(strict=False, parse_int=_number)
    number = broken = 0
    while True:
        at = _BETWEEN_CELLS.match(text, at).end()  # type: ignore[union-attr] # it matches nothing, too
        if text[at : at + 1] in ("]", ""):
            if at == len(text):
                builder.lost(
                    f"what may follow cell {number}: the file ends there, and is not whole"
                )
            return
        number += 1
        try:
            cell, at = decoder.raw_decode(text, at)
            yield cell
        except json.JSONDecodeError:
            broken += 1
            following = _A_CELL.search(text, at + 1) if broken < _MOST_BROKEN else None
            if following is None:
                builder.lost(f"cell {number} and what may follow it: broken JSON")
                return
            builder.lost(f"cell {number}: broken JSON")
            yield None
            at = following.start()


def _number(digits: str) -> int | str:
    """The number, or its digits where Python refuses to make a number of so many."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _source(cell: _JsonObject) -> str:
    return without_blobs(next((joined(cell[key]) for key in _SOURCES if key in cell), ""))


def _add_cell(
    builder: ExtractionBuilder, parser: BlockParser, cell: _JsonObject, source: str, number: int
) -> None:
    location = Location(cell=number)
    outputs = cell.get("outputs")
    match cell.get("cell_type"):
        case "markdown" if len(source) <= STRUCTURE_LIMIT:
            _add_markdown(builder, parser, source, location)
        case "heading":
            level = cell.get("level")
            builder.heading(source, level if isinstance(level, int) and level > 0 else 1, location)
        case "html":
            add_html(builder, source, location)
        case kind:
            is_code = kind == "code" or bool(outputs)
            builder.add(source, SegmentKind.CODE if is_code else SegmentKind.PARAGRAPH, location)
    if isinstance(outputs, list):
        add_outputs(builder, outputs, number)


def _add_markdown(
    builder: ExtractionBuilder, parser: BlockParser, source: str, location: Location
) -> None:
    """The cell's blocks; its headings stay in force in the cells that follow."""
    lines = Lines(source)
    covered = 0
    for block in parser.blocks(parser.tokens(source)):
        builder.add(_between(lines, covered, block.start), SegmentKind.PARAGRAPH, location)
        text = _between(lines, max(covered, block.start), block.end)
        if block.kind is SegmentKind.HEADING:
            builder.heading(block.headings[-1] if block.headings else "", block.level, location)
        else:
            builder.add(text, block.kind, location)
        covered = max(covered, block.end)
    builder.add(_between(lines, covered, len(lines)), SegmentKind.PARAGRAPH, location)


def _between(lines: Lines, start: int, end: int) -> str:
    return lines.text[lines.start(start) : lines.end(end - 1)] if start < end else ""

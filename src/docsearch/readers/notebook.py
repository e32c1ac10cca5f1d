"""Jupyter notebooks, cell by cell.

In: bytes of any version of the format. Out: Markdown cells by their headings, paragraphs and
lists, code cells, and what they printed; each piece knows its cell. Pictures, HTML and output
over a size limit are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import nbformat.reader
from nbformat import NBFormatError, NotebookNode, ValidationError, convert

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import NOTEBOOK
from docsearch.readers.front_matter import split_tags
from docsearch.readers.lines import Lines
from docsearch.readers.markdown import BlockParser

_LONGEST_OUTPUT = 10_000
"""Characters; longer output is data, not something a person wrote to be found."""

_MALFORMED = (
    *(NBFormatError, ValidationError, ValueError, TypeError),
    *(KeyError, AttributeError, IndexError, NameError),
)


class NotebookReader:
    """Reads notebooks; old versions are upgraded in memory."""

    name = NOTEBOOK.name
    suffixes = NOTEBOOK.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        with reading(self.name, *_MALFORMED):
            notebook = convert(_parse(data), 4)  # type: ignore[no-untyped-call]
            parser = BlockParser()
            for number, cell in enumerate(notebook.get("cells", ()), start=1):
                _add_cell(builder, parser, cell, Location(cell=number))
            metadata = notebook.get("metadata", {})
            title = metadata.get("title")
            tags = split_tags(metadata.get("tags"))
            day = day_of(metadata.get("date"))
        return builder.build(title=title if isinstance(title, str) else None, tags=tags, day=day)


def _parse(data: bytes) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.reader.reads(decode(data))  # type: ignore[no-untyped-call]
    except nbformat.reader.NotJSONError as error:
        raise ReaderError("broken Jupyter notebook: it is not JSON") from error
    return notebook


def _add_cell(
    builder: ExtractionBuilder, parser: BlockParser, cell: NotebookNode, location: Location
) -> None:
    source = _joined(cell.get("source", ""))
    if cell.get("cell_type") == "markdown":
        _add_markdown(builder, parser, source, location)
    elif cell.get("cell_type") == "code":
        builder.add(source, SegmentKind.CODE, location)
        for text in _outputs(cell):
            if len(text) <= _LONGEST_OUTPUT:
                builder.add(text, SegmentKind.CODE, location)
    else:
        builder.add(source, SegmentKind.PARAGRAPH, location)


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


def _outputs(cell: NotebookNode) -> Iterator[str]:
    """The cell's output as plain text; of an error, its name and message."""
    for output in cell.get("outputs", ()):
        kind = output.get("output_type")
        if kind == "stream":
            yield _joined(output.get("text", ""))
        elif kind in ("execute_result", "display_data"):
            yield _joined(output.get("data", {}).get("text/plain", ""))
        elif kind == "error":
            yield f"{output.get('ename', '')}: {output.get('evalue', '')}"


def _joined(text: object) -> str:
    """Text that the format allows to be a list of lines."""
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""

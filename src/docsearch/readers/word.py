"""DOCX, in the order of its body.

In: bytes, vetted before python-docx sees them. Out: headings by their styles, paragraphs, list
items and table rows; text that was inserted with tracked changes counts, deleted text does not.
Headers, footers, footnotes and comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import cast

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.text.paragraph import Paragraph
from lxml import etree

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.readers.archive import FAULTS, open_archive
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.dates import day_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import DOCX
from docsearch.readers.tags import split_tags

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_MALFORMED = (
    *FAULTS,
    *(OpcError, etree.LxmlError, AttributeError, TypeError, AssertionError),
)


class DocxReader:
    """Reads Word documents of 2007 and later."""

    name = DOCX.name
    suffixes = DOCX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        archive = open_archive(data)
        archive.vet_markup()
        builder = ExtractionBuilder()
        with reading(self.name, *_MALFORMED):
            document = Document(BytesIO(archive.data))
            for element in _blocks(document.element.body):
                if element.tag == qn("w:tbl"):
                    _add_table(builder, element)
                else:
                    _add_paragraph(builder, Paragraph(cast("CT_P", element), document._body))
            title, tags, day = _properties(document)
        return builder.build(title=title, tags=split_tags(tags), day=day_of(day))


def _properties(document: WordDocument) -> tuple[str | None, str, object]:
    properties = document.core_properties
    try:
        day: object = properties.modified or properties.created
    except ValueError:
        day = None
    return properties.title, properties.keywords, day


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, those within content controls too."""
    pending = [parent]
    while pending:
        element = pending.pop()
        if element is parent or element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
            pending.extend(reversed(list(element)))
        elif element.tag in (qn("w:p"), qn("w:tbl")):
            yield element


def _add_paragraph(builder: ExtractionBuilder, paragraph: Paragraph) -> None:
    text = _text(paragraph._p)
    level = _level(paragraph)
    if level is not None:
        builder.heading(text, level)
    elif _is_list_item(paragraph):
        builder.add(f"- {text}" if text.strip() else "", SegmentKind.LIST_ITEM)
    else:
        builder.add(text)


def _level(paragraph: Paragraph) -> int | None:
    """The heading's level, by its style or one that the style is based on; 0 for the title."""
    style = paragraph.style
    for _ in range(10):
        if style is None:
            return None
        name = style.name or ""
        if found := _HEADING.match(name):
            return max(1, int(found[1]))
        if name == "Title":
            return 0
        style = style.base_style
    return None


def _is_list_item(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    name = paragraph.style.name if paragraph.style is not None else None
    return numbered or (name or "").startswith("List")


def _add_table(builder: ExtractionBuilder, table: etree._Element) -> None:
    """A segment a row; a table within a cell is part of the cell's text."""
    for row in table.iterchildren(qn("w:tr")):
        cells = [
            " ".join(_text(paragraph) for paragraph in cell.iter(qn("w:p")))
            for cell in row.iter(qn("w:tc"))
            if next(cell.iterancestors(qn("w:tr"))) is row
        ]
        builder.add(row_text(cells), SegmentKind.TABLE)


def _text(paragraph: etree._Element) -> str:
    """The text of every run, however it is wrapped; alternatives for old programs are not."""
    pieces: list[str] = []
    for element in paragraph.iter(qn("w:t"), *_BREAKS):
        if next(element.iterancestors(_FALLBACK), None) is None:
            pieces.append(_BREAKS.get(element.tag) or element.text or "")
    return "".join(pieces)

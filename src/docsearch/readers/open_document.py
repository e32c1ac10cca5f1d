"""ODT, in the order of its body.

In: bytes, vetted before odfdo sees them. Out: headings by outline level, paragraphs, list items
and table rows. Notes, comments and text boxes stand behind the paragraph that they hang on,
formulas and charts in it.
Headers, footers and deleted text are left out.
"""

from __future__ import annotations

import re
from io import BytesIO

from lxml import etree
from odfdo import Document
from odfdo.security import SecurityError

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import FAULTS, Archive, open_archive
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.dates import day_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import ODT, words

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LEFT_OUT = frozenset(
    {f"{_OFFICE}forms"}
    | words(
        "tracked-changes note-citation sequence-decls table-of-content alphabetical-index", _TEXT
    )
)
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_BEHIND = frozenset({f"{_TEXT}note", f"{_OFFICE}annotation", f"{_DRAW}text-box"})
_HREF = "{http://www.w3.org/1999/xlink}href"
_KEYWORD = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}keyword"
_SPACES = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}
_MALFORMED = (
    *FAULTS,
    *(SecurityError, etree.LxmlError, AttributeError, TypeError, AssertionError),
)


class OdtReader:
    """Reads OpenDocument texts."""

    name = ODT.name
    suffixes = ODT.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        archive = open_archive(data)
        archive.vet_markup()
        if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml"):
            raise ReaderError("encrypted ODT: it opens with a password only")
        builder = ExtractionBuilder()
        with reading(self.name, *_MALFORMED):
            document = Document(BytesIO(archive.data))
            body = document.body._xml_element
            _fill_objects(builder, body, archive)
            _add_body(builder, body)
            meta = document.meta
            title, day = meta.title, meta.date or meta.creation_date
            keywords = meta.root._xml_element.iter(_KEYWORD)
            tags = tuple(keyword.text or "" for keyword in keywords)
        return builder.build(title=title, tags=tags, day=day_of(day))


def _fill_objects(builder: ExtractionBuilder, body: etree._Element, archive: Archive) -> None:
    """Put the text of formulas, charts and sheets, which have files of their own, in place."""
    for embedded in body.iter(f"{_DRAW}object"):
        folder = (embedded.get(_HREF) or "").removeprefix("./").rstrip("/")
        if not folder:
            continue  # it is in the file itself
        try:
            root = etree.fromstring(archive.read(f"{folder}/content.xml"), _plain_parser())
        except (ReaderError, etree.LxmlError):
            builder.lost(f"an embedded object, {folder[:80]!r}, which cannot be read")
            continue
        etree.strip_elements(root, "{*}annotation", "{*}annotation-xml", with_tail=False)
        texts = (str(text) for text in root.itertext())
        embedded.text = f" {' '.join(text.strip() for text in texts if text.strip())} "


def _plain_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)


def _add_body(builder: ExtractionBuilder, body: etree._Element) -> None:
    """Walk without recursion; `in_list` tells the paragraphs of a list item."""
    pending = [(body, False)]
    while pending:
        element, in_list = pending.pop()
        tag = element.tag
        if tag in _LEFT_OUT:
            continue
        if tag in (f"{_TEXT}h", f"{_TEXT}p"):
            pending.extend((each, False) for each in reversed(_behind(element)))
        if tag == f"{_TEXT}h":
            builder.heading(_text(element), _level(element))
        elif tag == f"{_TEXT}p":
            text = _text(element)
            if in_list and text.strip():
                builder.add(f"- {text}", SegmentKind.LIST_ITEM)
            else:
                builder.add(text)
        elif tag == f"{_TABLE}table-row":
            cells = [_cell_text(cell) for cell in element.iterchildren(f"{_TABLE}table-cell")]
            builder.add(row_text(cells), SegmentKind.TABLE)
        else:
            inside = in_list or tag == f"{_TEXT}list-item"
            pending.extend((child, inside) for child in reversed(element))


def _level(heading: etree._Element) -> int:
    level = heading.get(f"{_TEXT}outline-level") or "1"
    return int(level) if level.isdecimal() and len(level) < 4 else 1


def _cell_text(cell: etree._Element) -> str:
    return " ".join(_text(paragraph) for paragraph in cell.iter(f"{_TEXT}p", f"{_TEXT}h"))


def _text(paragraph: etree._Element) -> str:
    """The paragraph's text: runs of white space in the file are one space, as the format says."""
    pieces: list[str] = []
    walker = etree.iterwalk(paragraph, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if element.tag in _LEFT_OUT or element.tag in _BEHIND:
                walker.skip_subtree()
            else:
                pieces.append(_SPACES.get(element.tag, ""))
                pieces.append(re.sub(r"\s+", " ", element.text or ""))
        elif element is not paragraph:
            pieces.append(re.sub(r"\s+", " ", element.tail or ""))
    return "".join(pieces)


def _behind(paragraph: etree._Element) -> list[etree._Element]:
    """What hangs on the paragraph and has paragraphs of its own; what is within that is its own."""
    found: list[etree._Element] = []
    walker = etree.iterwalk(paragraph, events=("start",))
    for _, element in walker:
        if element.tag in _BEHIND:
            found.append(element)
            walker.skip_subtree()
    return found

"""PDF, page by page.

In: bytes. Out: paragraphs put together from the lines on each page, each with its page; headings
from the file's own outline. Knows nothing of pictures: a scan without a text layer is refused.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import PDF
from docsearch.readers.front_matter import split_tags
from docsearch.readers.page_layout import (
    PageLine,
    heading_sizes,
    join_lines,
    paragraphs,
    running_lines,
)

_PDFIUM = threading.Lock()
"""pdfium is not thread-safe, not even for two documents."""

_OUTLINE_LIMIT = 10_000
_LONGEST_HEADING = 150
_NUMBERING = re.compile(r"^(?:(?:chapter|section|part)\s+)?\d[\d.]*:?\s+", re.IGNORECASE)


class PdfReader:
    """Reads the text layer; a page's text keeps the order it has in the file."""

    name = PDF.name
    suffixes = PDF.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        with _PDFIUM, reading(self.name, pdfium.PdfiumError, ValueError, OSError):
            document = _open(data)
            try:
                return _extract(document)
            finally:
                document.close()


def _open(data: bytes) -> pdfium.PdfDocument:
    if not data.strip():
        raise ReaderError("empty file")
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise ReaderError("encrypted PDF: it opens with a password only") from error
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_SECURITY:
            raise ReaderError("encrypted PDF: its kind of encryption is not known") from error
        raise ReaderError("broken PDF: it cannot be opened") from error


def _extract(document: pdfium.PdfDocument) -> ExtractedText:
    builder = ExtractionBuilder()
    pages = _pages(document)
    outline = _outline(document)
    running = running_lines(list(pages.values()))
    everything = [line for lines in pages.values() for line in lines]
    sizes = [] if outline else heading_sizes(everything)
    for index, lines in pages.items():
        kept = [line for line in lines if line not in running]
        _add_page(builder, kept, outline.get(index, []), sizes, Location(page=index + 1))
    properties = document.get_metadata_dict(skip_empty=True)
    return builder.build(
        title=properties.get("Title"),
        tags=split_tags(properties.get("Keywords", "")),
        day=day_of(properties.get("ModDate")) or day_of(properties.get("CreationDate")),
        when_empty="no text in its pages (pictures of text need OCR first)",
    )


def _pages(document: pdfium.PdfDocument) -> dict[int, list[PageLine]]:
    """The lines of each page that can be read, by the page's index from 0."""
    pages: dict[int, list[PageLine]] = {}
    for index in range(len(document)):
        with suppress(pdfium.PdfiumError):
            pages[index] = list(_lines(document, index))
    if not pages:
        raise ReaderError("broken PDF: none of its pages can be read")
    return pages


def _add_page(
    builder: ExtractionBuilder,
    lines: list[PageLine],
    outline: list[tuple[int, str]],
    sizes: Sequence[float],
    location: Location,
) -> None:
    """The page's paragraphs under their headings.

    An entry of the file's own outline is in force from the line that shows its words. Where a
    file has no outline, a short paragraph in one of the larger type `sizes` is a heading.
    """
    levels = {_title_key(title): level for level, title in outline}
    shown = {_title_key(line.text) for line in lines}
    for level, title in outline:
        if _title_key(title) not in shown:
            builder.heading(title, level, location)
    for paragraph in paragraphs(lines, apart=lambda line: _title_key(line.text) in levels):
        text = join_lines([line.text for line in paragraph])
        known = levels.get(_title_key(text)) or _level_by_size(paragraph, text, sizes)
        if known is None:
            builder.add(text, SegmentKind.PARAGRAPH, location)
        else:
            builder.heading(text, known, location)


def _level_by_size(paragraph: Sequence[PageLine], text: str, sizes: Sequence[float]) -> int | None:
    size = round(paragraph[0].height)
    fits = size in sizes and len(text) <= _LONGEST_HEADING and not text.endswith((".", ",", ";"))
    return sizes.index(size) + 1 if fits else None


def _lines(document: pdfium.PdfDocument, index: int) -> Iterator[PageLine]:
    """The page's lines with the boxes of their first and last characters."""
    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            start = 0
            for text in text_page.get_text_range().split("\n"):
                shown = text.strip("\r \t")
                if shown:
                    first = start + text.index(shown)
                    yield _line(text_page, shown, first)
                start += len(text) + 1
        finally:
            text_page.close()
    finally:
        page.close()


def _line(text_page: pdfium.PdfTextPage, text: str, first: int) -> PageLine:
    count = text_page.count_chars()
    last = min(first + len(text), count) - 1
    left, *_ = first_box = text_page.get_charbox(min(first, count - 1), loose=True)
    _, _, right, _ = last_box = text_page.get_charbox(max(last, 0), loose=True)
    _, bottom, _, top = min(first_box, last_box, key=lambda box: box[3] - box[1])
    return PageLine(text, left, right, bottom, top)


def _outline(document: pdfium.PdfDocument) -> dict[int, list[tuple[int, str]]]:
    """The (level, title) of the file's bookmarks by the page they lead to, counted from 0."""
    found: dict[int, list[tuple[int, str]]] = {}
    for count, bookmark in enumerate(document.get_toc(max_depth=8)):
        if count == _OUTLINE_LIMIT:
            break
        target = bookmark.get_dest()
        index = target.get_index() if target is not None else None
        title = bookmark.get_title().strip()
        if index is not None and title:
            found.setdefault(index, []).append((bookmark.level + 1, title))
    return found


def _title_key(text: str) -> str:
    """A title without its number, white space and case: outline and page differ in them."""
    return "".join(_NUMBERING.sub("", text.strip(), count=1).split()).casefold()

"""PDF, page by page.

In: bytes. Out: paragraphs put together from the lines on each page, each with its page; headings
from the file's own outline; what forms hold and notes say. Knows nothing of pictures: a scan
without a text layer is refused, and a page of one is told as a loss.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import islice, pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from docsearch.domain.document import ExtractedText, Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.divided_words import DividedWords
from docsearch.readers.failures import reading
from docsearch.readers.formats import PDF
from docsearch.readers.page_layout import (
    PageLine,
    continues_word,
    heading_sizes,
    paragraphs,
    placed,
)
from docsearch.readers.pdf_annotations import Annotation, page_annotations
from docsearch.readers.pdf_form_data import form_data
from docsearch.readers.pdf_ligatures import Ligatures
from docsearch.readers.pdf_lines import PageText, text_of
from docsearch.readers.pdf_properties import Properties, properties
from docsearch.readers.running_lines import without_running_lines

_PDFIUM = threading.Lock()
"""pdfium is not thread-safe, not even for two documents."""

_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024
"""Bytes. pdfium opens no file without the header in them, even where all the rest is there."""
_CATALOGUE = re.compile(rb"(?<!\d)(\d{1,9})\s+(\d{1,5})\s+obj\b[^>]{0,500}?/Type\s*/Catalog\b")
_OUTLINE_LIMIT = 10_000
_DEEPEST_OUTLINE = 8
_FEW_OBJECTS = 20
_PICTURES = frozenset((pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM))
_RUNS_TOLD = 8
_LONGEST_HEADING = 150
_NUMBERING = re.compile(r"^(?:(?:chapter|section|part)\s+)?\d[\d.]*:?\s+", re.IGNORECASE)

# What it warns of, forms of a kind that it does not draw, is nothing that a person could change.
logging.getLogger("pypdfium2").setLevel(logging.ERROR)


class PdfReader:
    """Reads the text layer; a page's text keeps the order it has in the file."""

    name = PDF.name
    suffixes = PDF.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        with _PDFIUM, reading(self.name, pdfium.PdfiumError, ValueError, OSError):
            document = _open(data)
            try:
                return _extract(document, data)
            finally:
                document.close()


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page in reading order, and what notes on it say.

    `unknown`: many of its letters are those of a font that does not say which they are.
    """

    lines: list[PageLine]
    notes: tuple[str, ...] = ()
    unknown: bool = False


def _open(data: bytes) -> pdfium.PdfDocument:
    if not data.strip():
        raise ReaderError("empty file")
    if _HEADER not in data[:_HEADER_WITHIN]:
        data = _HEADER + b"1.7\n" + data
    try:
        document = _whole_or_cut_short(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise ReaderError("encrypted PDF: it opens with a password only") from error
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_SECURITY:
            raise ReaderError("encrypted PDF: its kind of encryption is not known") from error
        raise ReaderError("broken PDF: it cannot be opened") from error
    with suppress(pdfium.PdfiumError):
        document.init_forms()
    return document


def _whole_or_cut_short(data: bytes) -> pdfium.PdfDocument:
    """The document; of one whose end is lost, what its catalogue leads to. Raises PdfiumError."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        catalogues = list(_CATALOGUE.finditer(data))
        if not catalogues or getattr(error, "err_code", None) != pdfium_c.FPDF_ERR_FORMAT:
            raise
        root = b" ".join(catalogues[-1].groups())
        return pdfium.PdfDocument(data + b"\ntrailer\n<</Root " + root + b" R>>\n%%EOF\n")


def _extract(document: pdfium.PdfDocument, data: bytes) -> ExtractedText:
    builder = ExtractionBuilder()
    pages = _pages(document, builder, Ligatures(data))
    blank = (index for index, page in pages.items() if not page.lines and not page.notes)
    pictures = [index for index in blank if _has_picture(document, index)]
    lines = _whole_words(without_running_lines({i: page.lines for i, page in pages.items()}))
    everything = [line for each in lines.values() for line in each]
    words = DividedWords(line.text for line in everything)
    outline = _outline(document)
    sizes = [] if outline else heading_sizes(everything)
    for index, page in pages.items():
        location = Location(page=index + 1)
        _add_page(builder, lines[index], outline.get(index, []), sizes, words, location)
        for note in page.notes:
            builder.add(note, SegmentKind.PARAGRAPH, location)
    shown = _squeezed(
        [text for page in pages.values() for text in (*(x.text for x in page.lines), *page.notes)]
    )
    for text in dict.fromkeys(form_data(document, data)):
        if _squeezed([text.partition(": ")[2] or text]) not in shown:
            builder.add(text, SegmentKind.PARAGRAPH, Location(page=1))
    told = properties(document, data)
    if everything or any(page.notes for page in pages.values()):
        if pictures:
            builder.lost(f"{_numbered(pictures)}: pictures and no text (OCR may find some)")
        _add_properties(builder, told, "".join(line.text for line in lines.get(0, [])))
    return builder.build(
        title=told.title,
        tags=told.tags,
        day=told.day,
        when_empty="no text that can be read: its fonts do not say which letters they draw"
        if any(page.unknown for page in pages.values())
        else "no text in its pages (pictures of text need OCR first)",
    )


def _pages(
    document: pdfium.PdfDocument, builder: ExtractionBuilder, ligatures: Ligatures
) -> dict[int, _Page]:
    """Each page that can be read, by its index from 0."""
    pages: dict[int, _Page] = {}
    unread = []
    for index in range(len(document)):
        try:
            pages[index] = _page(document, index, ligatures)
        except (pdfium.PdfiumError, ValueError):
            unread.append(index)
    if not pages:
        raise ReaderError("broken PDF: none of its pages can be read")
    if unread:
        builder.lost(f"{_numbered(unread)} cannot be read")
    if unknown := [index for index, page in pages.items() if page.unknown]:
        builder.lost(f"letters on {_numbered(unknown)}: a font does not say which they are")
    return pages


def _page(document: pdfium.PdfDocument, index: int, ligatures: Ligatures) -> _Page:
    with closing(document[index]) as page:
        text = text_of(page, ligatures)
        found = page_annotations(page)
        drawn = found.have_looks and (
            pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) == pdfium_c.FLATTEN_SUCCESS
        )
    lines = [line for row in text.rows for line in row]
    if not found.texts and not drawn:
        return _Page(lines, unknown=text.unknown)
    shown = _squeezed(line.text for line in lines)
    notes = [each.text for each in found.texts if not each.on_page]
    notes = [note for note in dict.fromkeys(notes) if _squeezed([note]) not in shown]
    others = [_line_of(each) for each in dict.fromkeys(found.texts) if each.on_page]
    if drawn:
        others += _drawn_besides(document, index, ligatures, text, found.texts)
    return _Page(placed(lines, others), tuple(notes), text.unknown)


def _drawn_besides(
    document: pdfium.PdfDocument,
    index: int,
    ligatures: Ligatures,
    text: PageText,
    told: Sequence[Annotation],
) -> list[PageLine]:
    """Lines that annotations draw, now a part of the page, and that do not say what is told."""
    known = set(map(_place_of, text.rows))
    words = {word for each in told for word in each.text.split()}
    with suppress(pdfium.PdfiumError), closing(document[index]) as page:
        new = [row for row in text_of(page, ligatures).rows if _place_of(row) not in known]
        return [line for row in new for line in row if not words.issuperset(line.text.split())]
    return []


def _place_of(row: Sequence[PageLine]) -> tuple[str, int, int]:
    return _squeezed(line.text for line in row), round(row[0].left), round(row[0].bottom)


def _line_of(annotation: Annotation) -> PageLine:
    left, bottom, right, top = annotation.box
    return PageLine(" ".join(annotation.text.split()), left, right, bottom, top)


def _squeezed(texts: Iterator[str] | Sequence[str]) -> str:
    return "".join("".join(texts).split())


def _has_picture(document: pdfium.PdfDocument, index: int) -> bool:
    """Whether the page draws a picture, or so much that it may be letters without a font."""
    with closing(document[index]) as page:
        count = pdfium_c.FPDFPage_CountObjects(page)
        kinds = (
            pdfium_c.FPDFPageObj_GetType(pdfium_c.FPDFPage_GetObject(page, at))
            for at in range(min(count, _FEW_OBJECTS))
        )
        return count > _FEW_OBJECTS or any(kind in _PICTURES for kind in kinds)


def _whole_words(pages: Mapping[int, list[PageLine]]) -> dict[int, list[PageLine]]:
    """The pages, with the rest of a word that the end of one divides moved to it."""
    whole = {index: list(lines) for index, lines in pages.items()}
    for above, below in pairwise(lines for lines in whole.values() if lines):
        if continues_word(above[-1].text, below[0].text):
            rest, _, following = below[0].text.partition(" ")
            above.append(replace(above[-1], text=rest))
            below[:1] = [replace(below[0], text=following)] if following.strip() else []
    return whole


def _add_page(
    builder: ExtractionBuilder,
    lines: list[PageLine],
    outline: list[tuple[int, str]],
    sizes: Sequence[float],
    words: DividedWords,
    location: Location,
) -> None:
    """The page's paragraphs under their headings.

    An entry of the file's own outline is in force from the line that shows its words. Where a
    file has no outline, a short paragraph in one of the larger type `sizes` is a heading.
    """
    levels = {_title_key(title): level for level, title in outline}
    shown = {_title_key(line.text) for line in lines} if outline else set()
    for level, title in outline:
        if _title_key(title) not in shown:
            builder.heading(title, level, location)

    def in_outline(line: PageLine) -> bool:
        return bool(levels) and _title_key(line.text) in levels

    for paragraph in paragraphs(lines, apart=in_outline):
        text = words.join([line.text for line in paragraph])
        known = levels.get(_title_key(text)) or _level_by_size(paragraph, text, sizes)
        if known is None:
            builder.add(text, SegmentKind.PARAGRAPH, location)
        else:
            builder.heading(text, known, location)


def _level_by_size(paragraph: Sequence[PageLine], text: str, sizes: Sequence[float]) -> int | None:
    size = round(paragraph[0].height)
    fits = size in sizes and len(text) <= _LONGEST_HEADING and not text.endswith((".", ",", ";"))
    return sizes.index(size) + 1 if fits else None


def _add_properties(builder: ExtractionBuilder, told: Properties, first_page: str) -> None:
    """What is told of the document beside its title and tags, if its first page does not say it."""
    shown = _squeezed([first_page]).casefold()
    named = (("Author", told.author), ("Subject", told.subject))
    for name, text in named:
        if text and _squeezed([text]).casefold() not in shown:
            builder.add(f"{name}: {text}", SegmentKind.PARAGRAPH, Location(page=1))
    for name in told.attached:
        builder.add(f"- Attachment: {name}", SegmentKind.LIST_ITEM, Location(page=1))


def _outline(document: pdfium.PdfDocument) -> dict[int, list[tuple[int, str]]]:
    """The (level, title) of the file's bookmarks by the page they lead to, counted from 0.

    One that leads nowhere stands with the one before it.
    """
    found: dict[int, list[tuple[int, str]]] = {}
    index = 0
    for bookmark in islice(document.get_toc(max_depth=_DEEPEST_OUTLINE), _OUTLINE_LIMIT):
        target = bookmark.get_dest()
        leads_to = target.get_index() if target is not None else None
        index = index if leads_to is None else leads_to
        if title := bookmark.get_title().strip():
            found.setdefault(index, []).append((bookmark.level + 1, title))
    return found


def _title_key(text: str) -> str:
    """A title without its number, white space and case: outline and page differ in them."""
    return "".join(_NUMBERING.sub("", text.strip(), count=1).split()).casefold()


def _numbered(indexes: Sequence[int]) -> str:
    """Pages by their indexes from 0, in order: "page 3", "pages 2, 4 to 7 and 9 others"."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index:
            runs[-1][1] = index + 1
        else:
            runs.append([index + 1, index + 1])
    told, others = runs[:_RUNS_TOLD], sum(end - start + 1 for start, end in runs[_RUNS_TOLD:])
    words = ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in told)
    more = f" and {others:,} others" if others else ""
    return f"{'page' if len(indexes) == 1 else 'pages'} {words}{more}"

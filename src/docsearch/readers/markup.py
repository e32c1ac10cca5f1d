"""The readable text of an HTML or XHTML tree, with its structure.

In: a parsed tree. Out: headings, paragraphs, list items, code and table rows, put into an
`ExtractionBuilder`. Leaves out what a reader of the page does not read: scripts, styles,
navigation, form controls, hidden parts. Walks without recursion, so depth costs no stack.
Knows no file format: HTML, EPUB and e-mail share it.
"""

from __future__ import annotations

import re

from lxml import etree

from docsearch.domain.document import Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.formats import words
from docsearch.readers.formulas import formula_text

_SKIPPED = words(
    "head script style noscript template canvas iframe embed audio video nav "
    "button select datalist textarea input meter progress map area"
)
_SKIPPED_ROLES = words(
    "navigation search banner contentinfo menu menubar toolbar dialog alertdialog"
)
_BLOCKS = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form header hgroup hr html legend li listing main menu ol "
    "noframes p plaintext pre section summary table tbody td tfoot th thead tr ul xmp"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PREFORMATTED = frozenset({"pre", "listing", "xmp", "plaintext"})
_APART = words("svg title desc text annotation annotation-xml option output")
"""What stands in a line without being part of the word before or behind it."""
_RUBY = frozenset({"ruby", "rb", "rt", "rp", "rtc"})
_CELLS = frozenset({"td", "th"})
_ALWAYS_FLOWS = ("table", "pre", *_HEADINGS)
_DEPTH_LIMIT = 2000
"""The parser drops what lies deeper than 2048 without a word; better to refuse before."""
_LAST_LINE = 65_535
"""The highest line number the parser can tell."""


def extract(
    root: etree._Element, builder: ExtractionBuilder, location: Location | None = None
) -> None:
    """Put the text of the tree into `builder`.

    Every piece is at `location`; where that is None, at the source line of its element. Raises
    ReaderError when the tree is nested too deeply to be whole.
    """
    _Extraction(builder, location).run(_main_part(root))


def local_name(element: etree._Element) -> str:
    """The tag in lower case, without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


class _Extraction:
    """One walk over a tree: text gathers in a buffer that block boundaries empty."""

    def __init__(self, builder: ExtractionBuilder, location: Location | None) -> None:
        self._builder = builder
        self._location = location
        self._buffer: list[str] = []
        self._line: int | None = None
        self._at = 0
        self._rows: list[int] = []
        self._preformatted = 0
        self._headings = 0
        self._after_link = False
        self._list_depth = 0
        self._bullet = False
        self._tables: list[bool] = []
        self._cells: list[str] = []
        self._in_cell = False
        self._readings: list[str] = []
        self._within: list[str] = []

    def run(self, root: etree._Element) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        depth = 0
        skipped: etree._Element | None = None
        for event, element in walker:
            if event == "start":
                depth += 1
                if depth > _DEPTH_LIMIT:
                    raise ReaderError("broken HTML: nested too deeply")
                self._at = element.sourceline or self._at
                if _is_skipped(element):
                    skipped = element
                    self._at += sum(str(text).count("\n") for text in element.itertext())
                    walker.skip_subtree()
                elif local_name(element) == "math" and _is_formula(element):
                    self._text(formula_text(element))
                    for each in element.iterdescendants("{*}annotation"):
                        self._set_apart()
                        self._text(" ".join("".join(map(str, each.itertext())).split()))
                    walker.skip_subtree()
                else:
                    self._start(element, local_name(element))
                    self._text(element.text)
            else:
                depth -= 1
                if element is skipped:
                    self._set_apart()
                else:
                    self._end(local_name(element))
                if element is not root:
                    self._text(element.tail)
        self._flush()

    def _start(self, element: etree._Element, tag: str) -> None:
        if tag in _RUBY:
            self._within.append(tag)
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._boundary()
        elif tag in _APART or (tag == "a" and self._after_link):
            self._set_apart()
        if tag in _HEADINGS:
            self._headings += 1
        if tag in _PREFORMATTED:
            self._preformatted += 1
        elif tag == "li":
            self._list_depth += 1
            self._bullet = True
        elif tag == "table":
            self._tables.append(_is_data(element))
        elif tag == "tr" and self._in_table:
            self._cells = []
        elif tag in _CELLS and self._in_table:
            self._in_cell = True
        elif tag == "br":
            self._break()
        elif tag == "img" and (alternative := element.get("alt")):
            self._set_apart()
            self._text(alternative.replace("\n", " "))
            self._set_apart()

    def _end(self, tag: str) -> None:
        if tag in _RUBY:
            self._within.pop()
            if not self._within and self._readings:
                # Behind the word and not within it, so that the word is found as one.
                self._buffer.append(f"({''.join(self._readings)})")
                self._readings = []
        elif tag in _CELLS and self._in_table and self._in_cell:
            self._cells.append(self._take())
            self._in_cell = False
        elif tag == "tr" and self._in_table:
            self._boundary()
            self._builder.add(row_text(self._cells), SegmentKind.TABLE, self._where())
            self._cells = []
            self._line = None
        elif tag in _HEADINGS and not self._in_cell:
            location = self._where()
            self._builder.heading(self._take(), _HEADINGS[tag], location)
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._boundary()
        elif tag in _APART:
            self._set_apart()
        self._after_link = tag == "a"
        if tag in _HEADINGS:
            self._headings -= 1
        if tag in _PREFORMATTED:
            self._preformatted -= 1
        elif tag == "li":
            self._list_depth -= 1
            self._bullet = False
        elif tag == "table":
            self._tables.pop()

    @property
    def _in_table(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _text(self, text: str | None) -> None:
        if not text:
            return
        self._after_link = False
        blank = text if text.isspace() else text[: len(text) - len(text.lstrip())]
        line = self._at + blank.count("\n")
        self._at += text.count("\n")
        if self._preformatted and self._line is None:
            self._line = self._at - text.lstrip("\n").count("\n")
        elif not self._preformatted and not text.isspace():
            self._line = line if self._line is None else self._line
            self._rows = self._rows or [line]
            self._rows[-1] = line if self._rows[-1] < 0 else self._rows[-1]
        shown = text if self._preformatted else re.sub(r"\s+", " ", text)
        if not self._within:
            self._put(shown)
        elif self._within[-1] == "rt":
            self._readings.append(shown.strip())
        elif self._within[-1] != "rp":
            self._put(shown.strip())

    def _put(self, text: str) -> None:
        """Add to the buffer; blanks in a row are one, so that `_break` looks past one at most."""
        is_blank = not text.strip(" ") and (self._in_cell or not self._preformatted)
        if not is_blank or (self._buffer and self._buffer[-1].strip(" ")):
            self._buffer.append(text)

    def _break(self) -> None:
        """A line ends; an empty one stands between two paragraphs."""
        written = next((piece for piece in reversed(self._buffer) if piece.strip(" ")), "")
        if written == "\n" and not (self._headings or self._preformatted or self._within):
            self._boundary()
            return
        self._buffer.append("\n")
        self._rows.append(-1)

    def _set_apart(self) -> None:
        """What follows is no part of the word before it."""
        if not self._preformatted and not self._within:
            self._put(" ")

    def _boundary(self) -> None:
        """Between blocks a new piece begins; within a table's cell only a new word."""
        if self._in_cell:
            self._put(" ")
        else:
            self._flush()

    def _flush(self) -> None:
        location = self._where()
        if self._preformatted:
            code = "".join(self._buffer)
            keeps = self._location is None and not self._rows
            self._buffer, self._rows, self._line = [], [], None
            self._builder.add(code, SegmentKind.CODE, location, keeps_lines=keeps)
            return
        rows = self._rows[:-1] if self._rows[-1:] == [-1] else self._rows
        text = self._take()
        first = (self._location is None and location.line) or 0
        keeps = first > 0 and rows == list(range(first, first + text.count("\n") + 1))
        if text and self._list_depth:
            mark = "- " if self._bullet else ""
            self._bullet = False
            self._builder.add(mark + text, SegmentKind.LIST_ITEM, location, keeps_lines=keeps)
        else:
            self._builder.add(text, location=location, keeps_lines=keeps)

    def _take(self) -> str:
        """The buffer's text with its white space as a browser shows it."""
        text = "".join(self._buffer)
        self._buffer, self._rows = [], []
        if not self._cells and not self._in_cell:
            self._line = None
        text = re.sub(r" *\n *", "\n", re.sub(r"[ \xa0]+", " ", text))
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def _where(self) -> Location:
        if self._location is not None:
            return self._location
        line = self._line
        return Location(line=line if line is not None and 0 < line < _LAST_LINE else None)


def _main_part(root: etree._Element) -> etree._Element:
    """The one element that says it is the page's main part, else the whole page."""
    marked = [
        element
        for element in root.iter()
        if local_name(element) == "main" or element.get("role") == "main"
    ]
    return (
        marked[0]
        if len(marked) == 1 and any(str(text).strip() for text in marked[0].itertext())
        else root
    )


def _is_skipped(element: etree._Element) -> bool:
    tag = local_name(element)
    if tag == "title":
        # That of a drawing is its name; that of the page is read elsewhere.
        parent = element.getparent()
        return parent is None or local_name(parent) in ("html", "head", "body")
    if tag == "footer":
        parent = element.getparent()
        if parent is not None and local_name(parent) == "body":
            return True
    return tag in _SKIPPED or (bool(element.attrib) and _says_hidden(element))


def _is_formula(math: etree._Element) -> bool:
    """Whether there is no more in it; one that is not closed holds the rest of the page."""
    return not any(
        name in _BLOCKS or name in _HEADINGS or name in _PREFORMATTED
        for name in map(local_name, math.iterdescendants(etree.Element))
    )


def _says_hidden(element: etree._Element) -> bool:
    """Whether an element's attributes say that it is hidden, or not part of the text."""
    return (
        element.get("role") in _SKIPPED_ROLES
        or element.get("hidden", "until-found") != "until-found"
        or element.get("aria-hidden") == "true"
        or "headerlink" in (element.get("class") or "").split()
        or "display:none" in (element.get("style") or "").replace(" ", "").lower()
    )


def _is_data(table: etree._Element) -> bool:
    """Whether a table holds data; one that lays out a page holds tables, code or headings."""
    if table.get("role") in ("presentation", "none"):
        return False
    return not any(local_name(inner) in _ALWAYS_FLOWS for inner in table.iterdescendants())

"""DOCX, in the order of its body; then notes, comments, charts, headers and footers.

In: bytes, vetted before they are parsed. Out: headings by their styles, paragraphs, list items and
table rows; text that was inserted with tracked changes counts, what was deleted or moved away does
not. Elements are told by their local names, which the Strict form of the format shares.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import FAULTS, Archive, open_archive
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.dates import day_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import DOCX, words
from docsearch.readers.tags import split_tags

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LEFT_OUT = words("del moveFrom Fallback instrText delText delInstrText rPr tblPr sectPr sdtPr")
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_MARKUP = ("footnotes", "endnotes", "comments", "header", "footer")
_CAPTIONS = ("chart", "diagramData")
_MALFORMED = (*FAULTS, etree.LxmlError, AttributeError, TypeError, AssertionError)


class DocxReader:
    """Reads Word documents of 2007 and later."""

    name = DOCX.name
    suffixes = DOCX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        archive = open_archive(data)
        builder = ExtractionBuilder()
        with reading(self.name, *_MALFORMED):
            named = [part for kind, part in _parts(archive, "") if kind == "officeDocument"]
            main = named[0] if named else "word/document.xml"
            body = _parse(archive.read(main))
            parts = list(_parts(archive, main))
            styles = _styles(archive, parts)
            _Walk(builder, styles).run(body)
            _add_parts(builder, archive, parts, styles)
            facts = _properties(archive)
        tags = split_tags(facts.get("keywords", ""))
        day = facts.get("modified") or facts.get("created")
        return builder.build(title=facts.get("title"), tags=tags, day=day_of(day))


@dataclass
class _Paragraph:
    """What is gathered of one; `behind` is what a text box in it holds."""

    element: etree._Element
    text: list[str] = field(default_factory=list)
    behind: list[tuple[str, SegmentKind, int | None]] = field(default_factory=list)


class _Walk:
    """One walk over a part, without recursion."""

    def __init__(self, builder: ExtractionBuilder, styles: dict[str, tuple[str, str]]) -> None:
        self._builder = builder
        self._styles = styles
        self._open: list[_Paragraph] = []
        self._cells: list[list[str]] = []
        self._rows: list[list[str]] = []

    def run(self, root: etree._Element) -> None:
        """Add all of the part's text."""
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        for event, element in walker:
            tag = _local(element)
            if event == "end":
                if element is not skipped:
                    self._end(tag)
            elif tag in _LEFT_OUT:
                skipped = element
                walker.skip_subtree()
            else:
                self._start(element, tag)

    def _start(self, element: etree._Element, tag: str) -> None:
        if tag == "p":
            self._open.append(_Paragraph(element))
        elif tag == "tr":
            self._rows.append([])
        elif tag == "tc":
            self._cells.append([])
        elif self._open:
            text = self._open[-1].text
            if tag == "t":
                text.append(element.text or "")
            elif tag in _BREAKS and _local(element.getparent()) != "tabs":
                text.append(_BREAKS[tag])
            elif tag == "sym":
                code = int(_attribute(element, "char") or "20", 16)
                text.append(chr(code) if code < 0xE000 else " ")
            elif tag == "docPr" and (described := element.get("descr")):
                text.append(f" {described} ")

    def _end(self, tag: str) -> None:
        if tag == "p":
            closed = self._open.pop()
            self._add("".join(closed.text), *self._kind(closed.element))
            for each in closed.behind:
                self._add(*each)
        elif tag == "tc":
            cell = " ".join(self._cells.pop())
            if self._rows:
                self._rows[-1].append(cell)
        elif tag == "tr":
            self._add(row_text(self._rows.pop()), SegmentKind.TABLE, None)

    def _add(self, text: str, kind: SegmentKind, level: int | None) -> None:
        if self._cells:
            self._cells[-1].append(text)
        elif self._open:
            self._open[-1].behind.append((text, kind, level))
        elif level is not None:
            self._builder.heading(text, level)
        elif kind is SegmentKind.LIST_ITEM and text.strip():
            self._builder.add(f"- {text}", kind)
        else:
            self._builder.add(text, kind)

    def _kind(self, paragraph: etree._Element) -> tuple[SegmentKind, int | None]:
        """Of a heading its level, by its style or one that the style is based on; 0 the title."""
        found = [each for child in paragraph if _local(child) == "pPr" for each in child]
        facts = {_local(each): _attribute(each, "val") for each in found}
        style, is_item = facts.get("pStyle") or "", "numPr" in facts
        for step in range(10):
            name, parent = self._styles.get(style, ("", ""))
            if level := _HEADING.match(name):
                return SegmentKind.HEADING, max(1, int(level[1]))
            if name == "Title":
                return SegmentKind.HEADING, 0
            is_item = is_item or (step == 0 and name.startswith("List"))
            style = parent
        return SegmentKind.LIST_ITEM if is_item else SegmentKind.PARAGRAPH, None


def _add_parts(
    builder: ExtractionBuilder,
    archive: Archive,
    parts: list[tuple[str, str]],
    styles: dict[str, tuple[str, str]],
) -> None:
    """What stands beside the body, each text once; a broken part costs itself alone."""
    seen: set[str] = set()
    for wanted in (*_MARKUP, *_CAPTIONS):
        for part in dict.fromkeys(part for kind, part in parts if kind == wanted):
            try:
                root = _parse(archive.read(part))
            except (ReaderError, etree.LxmlError):
                builder.lost(f"{part} cannot be read")
                continue
            text = " ".join(_texts(root))
            if not text.strip() or text in seen:
                continue
            seen.add(text)
            if wanted in _CAPTIONS:
                builder.add(text)
            else:
                _Walk(builder, styles).run(root)


def _texts(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        if _local(element) in ("t", "v") and (element.text or "").strip():
            yield element.text or ""


def _parts(archive: Archive, source: str) -> Iterator[tuple[str, str]]:
    """(kind, name) of the parts that one part names; none where that cannot be read."""
    folder, name = posixpath.split(source)
    try:
        root = _parse(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    except (ReaderError, etree.LxmlError):
        return
    for each in root:
        target = each.get("Target") if isinstance(each.tag, str) else None
        if target and each.get("TargetMode") != "External":
            found = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield (each.get("Type") or "").rpartition("/")[2], found


def _styles(archive: Archive, parts: list[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """(name, id of the style it is based on) of each style by id."""
    named = [part for kind, part in parts if kind == "styles"]
    try:
        root = _parse(archive.read(named[0] if named else "word/styles.xml"))
    except (ReaderError, etree.LxmlError):
        return {}
    found = {}
    for style in root:
        facts = {_local(each): _attribute(each, "val") or "" for each in style}
        key = _attribute(style, "styleId") or ""
        found[key] = facts.get("name", ""), facts.get("basedOn", "")
    return found


def _properties(archive: Archive) -> dict[str, str]:
    named = [part for kind, part in _parts(archive, "") if kind == "core-properties"]
    try:
        root = _parse(archive.read(named[0] if named else "docProps/core.xml"))
    except (ReaderError, etree.LxmlError):
        return {}
    return {_local(each): each.text for each in root if each.text}


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True
    )
    return etree.fromstring(data, parser)


def _local(element: etree._Element | None) -> str:
    tag = element.tag if element is not None else None
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    found = (value for key, value in element.items() if str(key).rpartition("}")[2] == name)
    return next(map(str, found), None)

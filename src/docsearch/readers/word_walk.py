"""One walk over a part of a DOCX document, without recursion into its elements.

In: the element of a part. Out: its text in a builder: headings by their styles, paragraphs, list
items and table rows, with the numbers that Word shows before them. Notes and comments stand behind
the paragraph that refers to them, and so do text boxes. What was deleted, moved away or hidden is
left out, and of a field what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from docsearch.domain.document import SegmentKind
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.formats import words
from docsearch.readers.formulas import formula_text
from docsearch.readers.word_package import (
    Package,
    Style,
    attribute,
    child,
    local,
    switch,
    value_of,
    whole,
)
from docsearch.readers.word_symbols import symbol

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LEFT_OUT = words(
    "del moveFrom instrText delText delInstrText pPr rPr tblPr tblGrid trPr tcPr sectPr sdtPr"
)
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_REFERENCES = words("footnoteReference endnoteReference commentReference")
_ELSEWHERE = words("altChunk OLEObject")
_CODE, _RESULT = "code", "result"
_DEEPEST = 20
"""Notes within notes that stand where they are referred to."""


@dataclass
class _Paragraph:
    """What is gathered of one; `behind` is what a text box or a note in it holds."""

    properties: etree._Element | None
    text: list[str] = field(default_factory=list)
    behind: list[tuple[str, SegmentKind, int | None]] = field(default_factory=list)


class Walk:
    """Walks over the parts of one document, one after the other.

    `referred` returns the element of a note or comment by the local name of the reference and its
    id, None where there is none; `elsewhere` is called with the element of what stands in another
    part and has no form of Word's.
    """

    def __init__(
        self,
        builder: ExtractionBuilder,
        package: Package,
        referred: Callable[[str, str], etree._Element | None],
        elsewhere: Callable[[etree._Element], None],
    ) -> None:
        self._builder = builder
        self._package = package
        self._referred = referred
        self._elsewhere = elsewhere
        self._within: list[_Paragraph | list[str]] = []
        self._rows: list[list[str]] = []
        self._fields: list[str] = []
        self._hidden: etree._Element | None = None
        self._carried: list[str] = []
        self._depth = 0
        self._said = 0
        self._forms: list[int] = []
        """What was said before each of the texts around that have several forms."""
        self.hidden_words = 0

    def run(self, root: etree._Element) -> None:
        """Add all of the part's text."""
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        for event, element in walker:
            tag = local(element)
            if event == "end":
                if element is not skipped:
                    self._end(element, tag)
            elif tag in _LEFT_OUT or not self._start(element, tag):
                skipped = element
                walker.skip_subtree()
        if self._carried and not self._within:
            self._builder.add("".join(self._take_carried()))

    def _start(self, element: etree._Element, tag: str) -> bool:
        """Whether the element is to be entered: of several forms, the first that says anything."""
        self._said += tag in _WHOLE or (tag == "t" and bool(element.text))
        if tag == "p":
            self._within.append(_Paragraph(child(element, "pPr"), self._take_carried()))
        elif tag == "tr":
            self._rows.append([])
        elif tag == "tc":
            self._within.append([])
        elif tag in ("Choice", "Fallback"):
            return not self._forms or self._said == self._forms[-1]
        elif tag == "AlternateContent":
            self._forms.append(self._said)
        elif tag in _ELSEWHERE:
            self._elsewhere(element)
        elif tag == "r" and self._hidden is None and self._is_hidden(element):
            self._hidden = element
        elif isinstance(paragraph := self._within[-1] if self._within else None, _Paragraph):
            return self._inline(paragraph.text, element, tag)
        return True

    def _inline(self, text: list[str], element: etree._Element, tag: str) -> bool:
        """Add what stands in a paragraph; whether the element is to be entered."""
        if tag == "fldChar":
            self._field(attribute(element, "fldCharType"))
        elif tag in _REFERENCES:
            self._add_note(tag, attribute(element, "id") or "")
        elif self._hidden is not None:
            self.hidden_words += len((element.text or "").split()) if tag == "t" else 0
        elif tag in _WHOLE:
            text.append(_WHOLE[tag](element))
            return False
        elif _CODE not in self._fields:
            text.append(_shown(element, tag))
        return True

    def _add_note(self, reference: str, key: str) -> None:
        if self._depth < _DEEPEST and (note := self._referred(reference, key)) is not None:
            self._depth += 1
            self.run(note)
            self._depth -= 1

    def _end(self, element: etree._Element, tag: str) -> None:
        if element is self._hidden:
            self._hidden = None
        if tag == "AlternateContent":
            self._forms.pop()
        elif tag == "p":
            closed = self._within.pop()
            if isinstance(closed, _Paragraph):
                self._close(closed)
        elif tag == "tc":
            cell = self._within.pop()
            if self._rows and not isinstance(cell, _Paragraph):
                self._rows[-1].append(" ".join(cell))
        elif tag == "tr":
            self._add(row_text(self._rows.pop()), SegmentKind.TABLE, None)

    def _close(self, paragraph: _Paragraph) -> None:
        # A field's code ends within its paragraph; where it does not, the file lacks its end.
        self._fields = [state for state in self._fields if state != _CODE]
        marks = child(paragraph.properties, "rPr")
        if child(marks, "del") is not None or child(marks, "moveFrom") is not None:
            paragraph.text.append(" ")
            self._carried = paragraph.text
        else:
            text = "".join(paragraph.text)
            kind, level, label = self._kind(paragraph.properties)
            in_cell = bool(self._within) and not isinstance(self._within[-1], _Paragraph)
            if text.strip() and label and not (label == "-" and in_cell):
                text = f"{label} {text.lstrip()}"
            self._add(text, kind, level)
        for each in paragraph.behind:
            self._add(*each)

    def _add(self, text: str, kind: SegmentKind, level: int | None) -> None:
        around = self._within[-1] if self._within else None
        if isinstance(around, _Paragraph):
            around.behind.append((text, kind, level))
        elif around is not None:
            around.append(text)
        elif level is not None:
            self._builder.heading(text, level)
        else:
            self._builder.add(text, kind)

    def _kind(self, properties: etree._Element | None) -> tuple[SegmentKind, int | None, str]:
        """Of a heading its level, 0 that of the title; and the label that stands before it."""
        style = value_of(properties, "pStyle") or ""
        chain = list(self._package.style_chain(style))
        label = self._label(properties, chain, style)
        for _, each in chain:
            found = _HEADING.match(each.name)
            if found or each.name == "Title":
                number = label if label and label != "-" else ""
                return SegmentKind.HEADING, max(1, int(found[1])) if found else 0, number
        if label is None and chain and chain[0][1].name.startswith("List"):
            label = "-"
        kind = SegmentKind.PARAGRAPH if label is None else SegmentKind.LIST_ITEM
        return kind, None, label or ""

    def _label(
        self, properties: etree._Element | None, chain: Sequence[tuple[str, Style]], style: str
    ) -> str | None:
        """The number or "-" before the paragraph; None where it is in no list."""
        list_id = value_of(properties, "numPr", "numId")
        level = value_of(properties, "numPr", "ilvl")
        bearer = style
        for key, each in chain:
            if list_id is not None:
                break
            bearer, list_id, level = key, each.list_id, level or each.list_level
        if list_id is None or list_id == "0":
            return None
        found = self._package.lists.get(list_id)
        if found is None:
            return "-"
        place = whole(level, found.level_of_style.get(style, found.level_of_style.get(bearer, 0)))
        return found.counter.label(found.levels, place, found.starts.pop(place, None))

    def _is_hidden(self, run: etree._Element) -> bool:
        own = switch(run, "rPr", "vanish")
        if own is not None:
            return own
        paragraph = self._within[-1] if self._within else None
        styles = [value_of(run, "rPr", "rStyle")]
        if isinstance(paragraph, _Paragraph):
            styles.append(value_of(paragraph.properties, "pStyle"))
        for style in filter(None, styles):
            for _, each in self._package.style_chain(style):
                if each.hidden is not None:
                    return each.hidden
        return False

    def _field(self, mark: str | None) -> None:
        if mark == "begin":
            self._fields.append(_CODE)
        elif self._fields and mark == "separate":
            self._fields[-1] = _RESULT
        elif self._fields and mark == "end":
            self._fields.pop()

    def _take_carried(self) -> list[str]:
        """The text of paragraphs before, whose ends were deleted or moved away."""
        taken, self._carried = self._carried, []
        return taken


def _shown(element: etree._Element, tag: str) -> str:
    """What the element itself puts into the line."""
    if tag == "t":
        return element.text or ""
    if tag == "sym":
        return symbol(attribute(element, "font"), attribute(element, "char"))
    if tag in ("docPr", "textpath"):  # A picture's description, and WordArt.
        said = element.get("descr" if tag == "docPr" else "string")
        return f" {said} " if said else ""
    return _BREAKS.get(tag, "")


def _with_reading(ruby: etree._Element) -> str:
    """The reading stands behind its word and not within it, so that the word is found as one."""
    base, reading = (_texts(child(ruby, name)) for name in ("rubyBase", "rt"))
    return f"{base}({reading})" if reading else base


def _texts(element: etree._Element | None) -> str:
    found = element.iter() if element is not None else ()
    return "".join(each.text or "" for each in found if local(each) == "t")


def _chosen(choices: etree._Element) -> str:
    """The entry of a list to choose from that is shown."""
    entries = [attribute(each, "val") or "" for each in choices if local(each) == "listEntry"]
    chosen = whole(value_of(choices, "result") or value_of(choices, "default"), 0)
    return entries[chosen] if chosen < len(entries) else ""


_WHOLE: Mapping[str, Callable[[etree._Element], str]] = {
    "oMath": formula_text,
    "ruby": _with_reading,
    "ddList": _chosen,
}
"""Elements that are read as a whole."""

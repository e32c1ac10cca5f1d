"""One walk over the body, a header or a footer of an OpenDocument, without recursion.

In: the element, and the document's styles. Out: its text in a builder: headings by outline level,
paragraphs, list items and table rows, with the numbers that stand before them. Notes, comments and
shapes stand behind the paragraph that they hang on, formulas and charts in it. What was deleted or
is hidden is left out, and of a field what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from docsearch.domain.document import SegmentKind
from docsearch.readers.builder import ExtractionBuilder, row_text
from docsearch.readers.formats import words
from docsearch.readers.formulas import formula_text
from docsearch.readers.list_numbers import ListCounter, ListLevel
from docsearch.readers.open_document_styles import Styles, attribute, name_of, number_in

_WHITE = re.compile(r"\s+")
_LEFT_OUT = words(
    "text:tracked-changes text:sequence-decls text:table-of-content text:alphabetical-index "
    "office:forms table:covered-table-cell"
)
_SHOWN = {"text:s": " ", "text:tab": " ", "text:line-break": "\n", "text:ruby-text": "("}
_BLOCKS = words("text:p text:h table:table-cell table:table-row text:list text:list-item")
_DESCRIPTIONS = words("svg:title svg:desc")
_FLAGS = words("text:hidden-text text:hidden-paragraph")


@dataclass
class _Paragraph:
    """What is gathered of one; `behind` is what a note or a shape in it holds."""

    element: etree._Element
    label: str | None
    text: list[str] = field(default_factory=list)
    behind: list[tuple[str, SegmentKind, int | None]] = field(default_factory=list)
    hidden: bool = False


@dataclass
class _List:
    """A list that is open, with the count that it shares with those within it.

    `awaits` says that an item is open whose first paragraph is still to come, `start` the number
    that the item gets.
    """

    levels: Mapping[int, ListLevel]
    counter: ListCounter
    place: int
    awaits: bool = False
    start: str = ""


class Walk:
    """Walks over one part after the other.

    `linked` returns the text of an object by the link to it.
    """

    def __init__(
        self, builder: ExtractionBuilder, styles: Styles, linked: Callable[[str], str]
    ) -> None:
        self._builder = builder
        self._styles = styles
        self._linked = linked
        self._within: list[_Paragraph | list[str] | None] = []
        """Paragraphs and cells that are open; None for a note or a shape, which hangs on one."""
        self._rows: list[list[str]] = []
        self._lists: list[_List] = []
        self._set_aside: list[list[_List]] = []
        self._outline = ListCounter()
        self._counters: dict[str, ListCounter] = {}
        self.hidden_words = 0

    def run(self, root: etree._Element) -> None:
        """Add all of the part's text."""
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        for event, element in walker:
            name = name_of(element)
            if event == "start":
                if self._start(element, name):
                    self._say(element.text)
                else:
                    skipped = element
                    walker.skip_subtree()
                continue
            if element is not skipped:
                self._end(name)
            if element is not root:
                self._say(element.tail)

    def _start(self, element: etree._Element, name: str) -> bool:
        """Whether the element is to be entered."""
        if name in _LEFT_OUT or not name:
            return False
        if self._is_hidden(element, name):
            self.hidden_words += len(" ".join(map(str, element.itertext())).split())
            return False
        if name in _BLOCKS:
            self._start_block(element, name)
        elif name == "math:math":
            self._add_here(formula_text(element))
            return False
        elif name in _DESCRIPTIONS:
            self._add_here(f" {' '.join(map(str, element.itertext()))} ")
            return False
        elif _is_apart(name):
            self._within.append(None)
            if name in ("draw:object", "draw:object-ole"):
                self._add_object(element, name)
        elif name in _FLAGS and attribute(element, "text:is-hidden") == "true":
            self._hide(element, name)
            return False
        elif isinstance(paragraph := self._within[-1] if self._within else None, _Paragraph):
            paragraph.text.append(_SHOWN.get(name, ""))
        return True

    def _start_block(self, element: etree._Element, name: str) -> None:
        if name in ("text:p", "text:h"):
            self._open(_Paragraph(element, self._label(element, name)))
        elif name == "table:table-cell":
            self._open([])
        elif name == "table:table-row":
            self._rows.append([])
        elif name == "text:list":
            self._open_list(element)
        elif self._lists:
            self._lists[-1].awaits = True
            self._lists[-1].start = attribute(element, "text:start-value")

    def _end(self, name: str) -> None:
        if name in ("text:p", "text:h"):
            closed = self._within.pop()
            self._lists = self._set_aside.pop()
            if isinstance(closed, _Paragraph):
                self._close(closed)
        elif name == "table:table-cell":
            cell = self._within.pop()
            self._lists = self._set_aside.pop()
            if self._rows and isinstance(cell, list):
                self._rows[-1].append(" ".join(cell))
        elif name == "table:table-row":
            self._add(row_text(self._rows.pop()), SegmentKind.TABLE, None)
        elif name == "text:list":
            self._lists.pop()
        elif name == "text:ruby-text":
            self._say(")")
        elif _is_apart(name):
            self._within.pop()

    def _open(self, opened: _Paragraph | list[str]) -> None:
        """What is within has lists of its own."""
        self._within.append(opened)
        self._set_aside.append(self._lists)
        self._lists = []

    def _close(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.text)
        element, label = paragraph.element, paragraph.label
        if paragraph.hidden:
            self.hidden_words += len(text.split())
        elif name_of(element) == "text:h":
            level = number_in(attribute(element, "text:outline-level"), 1)
            self._add(f"{label or ''} {text}", SegmentKind.HEADING, level)
        elif label is None:
            self._add(text, SegmentKind.PARAGRAPH, None)
        else:
            in_cell = bool(self._within) and isinstance(self._within[-1], list)
            shown = bool(text.strip()) and bool(label) and not (label == "-" and in_cell)
            self._add(f"{label} {text.lstrip()}" if shown else text, SegmentKind.LIST_ITEM, None)
        for each in paragraph.behind:
            self._add(*each)

    def _add(self, text: str, kind: SegmentKind, level: int | None) -> None:
        around = next((each for each in reversed(self._within) if each is not None), None)
        if isinstance(around, _Paragraph):
            around.behind.append((text, kind, level))
        elif around is not None:
            around.append(text)
        elif level is not None:
            self._builder.heading(text, level)
        else:
            self._builder.add(text, kind)

    def _add_here(self, text: str) -> None:
        """Add what stands in the paragraph around, if there is one."""
        around = next((each for each in reversed(self._within) if each is not None), None)
        if isinstance(around, _Paragraph):
            around.text.append(text)
        else:
            self._add(text, SegmentKind.PARAGRAPH, None)

    def _add_object(self, element: etree._Element, name: str) -> None:
        link = attribute(element, "xlink:href")
        if name == "draw:object-ole":
            self._builder.lost(f"embedded file {link.removeprefix('./')[:80]}".rstrip())
        elif link:
            self._add_here(f" {self._linked(link)} ")

    def _say(self, text: str | None) -> None:
        """Runs of white space in the file are one space, as the format says."""
        around = self._within[-1] if self._within else None
        if text and isinstance(around, _Paragraph):
            around.text.append(_WHITE.sub(" ", text))

    def _is_hidden(self, element: etree._Element, name: str) -> bool:
        if name in ("text:p", "text:h", "text:span"):
            return self._styles.hides(attribute(element, "text:style-name"))
        if name == "text:section":
            display = attribute(element, "text:display")
            off = attribute(element, "text:is-hidden") == "true"
            return display == "none" or (display == "condition" and off)
        return attribute(element, "text:display") == "none"  # A field that only sets a value.

    def _hide(self, element: etree._Element, name: str) -> None:
        self.hidden_words += len(attribute(element, "text:string-value").split())
        around = self._within[-1] if self._within else None
        if name == "text:hidden-paragraph" and isinstance(around, _Paragraph):
            around.hidden = True

    def _open_list(self, element: etree._Element) -> None:
        style = attribute(element, "text:style-name")
        if self._lists:
            outer = self._lists[-1]
            levels = self._styles.lists.get(style, outer.levels) if style else outer.levels
            self._lists.append(_List(levels, outer.counter, outer.place + 1))
            return
        continued = attribute(element, "text:continue-list")
        counter = self._counters.get(continued) if continued else None
        if counter is None and attribute(element, "text:continue-numbering") == "true":
            counter = self._counters.get(f"style {style}")
        counter = counter or ListCounter()
        self._counters[f"style {style}"] = counter
        self._counters[attribute(element, "xml:id")] = counter
        self._lists.append(_List(self._styles.lists.get(style, {}), counter, 0))

    def _label(self, element: etree._Element, name: str) -> str | None:
        """The number or "-" before the paragraph; empty in an item's further ones, None in none."""
        if self._lists:
            around = self._lists[-1]
            if not around.awaits:
                return ""
            around.awaits = False
            start = number_in(around.start, 1) if around.start else None
            label = around.counter.label(around.levels, around.place, start)
            return "" if name == "text:h" and label == "-" else label
        if name == "text:h" and attribute(element, "text:is-list-header") != "true":
            place = number_in(attribute(element, "text:outline-level"), 1) - 1
            if place in self._styles.outline:
                again = attribute(element, "text:restart-numbering") == "true"
                at = number_in(attribute(element, "text:start-value"), 1) if again else None
                label = self._outline.label(self._styles.outline, place, at)
                return "" if label == "-" else label
        return None


def _is_apart(name: str) -> bool:
    """Whether it hangs on a paragraph and has paragraphs of its own."""
    return name in ("text:note", "office:annotation") or (
        name.startswith("draw:") and name != "draw:a"
    )

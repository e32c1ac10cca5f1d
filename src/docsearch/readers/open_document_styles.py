"""What the parts of an OpenDocument say of lists, outline and hidden text.

In: the roots of its parts. Out: the levels of each list's style and of the headings, and which
styles hide their text. Elements and attributes go by the prefixes that the specification uses,
such as "text:list-style".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from lxml import etree

from docsearch.readers.list_numbers import BULLET, ListLevel

_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"
_SHORT = {"drawing": "draw", "svg-compatible": "svg"}
_NAMES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://www.w3.org/1998/Math/MathML": "math:",
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
_KINDS = {
    **{"1": "decimal", "a": "lowerLetter", "A": "upperLetter"},
    **{"i": "lowerRoman", "I": "upperRoman"},
}
_DEEPEST = 9
"""Levels of a list that have numbers; the specification has a tenth, which shows a dash here."""
_LONGEST = 30
_MOST_STEPS = 10


class Styles:
    """The styles of one document, from all of its parts."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self.lists: dict[str, Mapping[int, ListLevel]] = {}
        """By name; levels are counted from 0."""
        self.outline: Mapping[int, ListLevel] = {}
        self._hides: dict[str, bool] = {}
        self._parents: dict[str, str] = {}
        for root in roots:
            for element in root.iter(etree.Element):
                name = name_of(element)
                if name == "text:list-style":
                    self.lists[attribute(element, "style:name")] = _levels(element)
                elif name == "text:outline-style":
                    self.outline = _levels(element)
                elif name == "style:style":
                    self._add(element)

    def hides(self, style: str) -> bool:
        """Whether text in this style is hidden."""
        for _ in range(_MOST_STEPS):
            if style in self._hides:
                return self._hides[style]
            style = self._parents.get(style, "")
        return False

    def _add(self, element: etree._Element) -> None:
        name = attribute(element, "style:name")
        self._parents[name] = attribute(element, "style:parent-style-name")
        for each in element:
            shown = attribute(each, "text:display")
            if name_of(each) == "style:text-properties" and shown:
                self._hides[name] = shown == "none"


def name_of(element: etree._Element) -> str:
    """The element's name, "text:p"; empty for what is no element."""
    tag = element.tag
    return _prefixed(tag) if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name, "text:style-name"; empty where there is none."""
    return next((str(v) for key, v in element.items() if _prefixed(str(key)) == name), "")


def number_in(text: str, otherwise: int) -> int:
    """A number of a few digits, or `otherwise`."""
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise


@lru_cache(maxsize=4096)
def _prefixed(tag: str) -> str:
    space, _, local = tag.removeprefix("{").rpartition("}")
    if space.startswith(_OPEN_DOCUMENT):
        own = space[len(_OPEN_DOCUMENT) :].partition(":")[0]
        return f"{_SHORT.get(own, own)}:{local}"
    return f"{_NAMES.get(space, '')}{local}"


def _levels(style: etree._Element) -> Mapping[int, ListLevel]:
    found: dict[int, ListLevel] = {}
    for element in style:
        place = number_in(attribute(element, "text:level"), 0)
        if not 1 <= place <= _DEEPEST:
            continue
        if name_of(element) not in ("text:list-level-style-number", "text:outline-level-style"):
            found[place - 1] = ListLevel(BULLET)
            continue
        kind = _KINDS.get(attribute(element, "style:num-format"), "none")
        shown = number_in(attribute(element, "text:display-levels"), 1)
        found[place - 1] = ListLevel(
            kind,
            _pattern(element, place, min(shown, place)) if kind != "none" else "",
            number_in(attribute(element, "text:start-value"), 1),
            synchronous=attribute(element, "style:num-letter-sync") == "true",
        )
    return {place: _without_blanks(level, found) for place, level in found.items()}


def _pattern(element: etree._Element, place: int, shown: int) -> str:
    numbers = ".".join(f"%{each}" for each in range(place - shown + 1, place + 1))
    before, behind = (
        attribute(element, f"style:num-{side}").replace("%", "")[:_LONGEST]
        for side in ("prefix", "suffix")
    )
    return f"{before}{numbers}{behind}"


def _without_blanks(level: ListLevel, levels: Mapping[int, ListLevel]) -> ListLevel:
    """The level without the places of others that show no number."""
    pattern = level.pattern
    for place, other in levels.items():
        if other.kind in (BULLET, "none"):
            pattern = pattern.replace(f"%{place + 1}.", "")
    return replace(level, pattern=pattern)

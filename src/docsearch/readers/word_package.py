"""The parts of a DOCX container, and what they say of styles and lists.

In: a vetted archive. Out: parsed parts, found by their relations rather than by their names; what
a style is called and rests on; the levels of each list. Elements are told by their local names,
which the Strict form of the format shares. A part that is missing or broken says nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from lxml import etree

from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import Archive
from docsearch.readers.list_numbers import MOST_LEVELS, ListCounter, ListLevel

_OFF = frozenset({"0", "false", "off", "none"})
_MOST_STEPS = 10
_LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph's or a run's style; `list_id` and `list_level` as far as it sets them."""

    name: str = ""
    based_on: str = ""
    list_id: str | None = None
    list_level: str | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class NumberedList:
    """The levels of one list, with the count that it may share with others."""

    counter: ListCounter
    levels: Mapping[int, ListLevel]
    level_of_style: Mapping[str, int]
    starts: dict[int, int] = field(default_factory=dict)
    """Numbers that levels begin with when they are first met in this list."""


class Package:
    """A document and its parts."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        named = [part for _, kind, part in self.relations("") if kind == "officeDocument"]
        self.main = named[0] if named else "word/document.xml"

    def relations(self, source: str) -> Iterator[tuple[str, str, str]]:
        """(id, kind, name) of the parts that one part names; none where that cannot be read."""
        folder, name = posixpath.split(source)
        root = self._parsed(posixpath.join(folder, "_rels", f"{name}.rels"))
        for each in root if root is not None else ():
            target = each.get("Target") if isinstance(each.tag, str) else None
            if target and each.get("TargetMode") != "External":
                found = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = (each.get("Type") or "").rpartition("/")[2]
                yield each.get("Id") or "", kind, found

    @cached_property
    def parts(self) -> list[tuple[str, str, str]]:
        """(id, kind, name) of the parts that the document itself names."""
        return list(self.relations(self.main))

    @cached_property
    def styles(self) -> Mapping[str, Style]:
        """Each style by its id."""
        root = self._named("styles", "word/styles.xml")
        if root is None:
            return MappingProxyType({})
        return {attribute(each, "styleId") or "": _style(each) for each in root if local(each)}

    @cached_property
    def lists(self) -> Mapping[str, NumberedList]:
        """Each list by its id."""
        root = self._named("numbering", "word/numbering.xml")
        if root is None:
            return MappingProxyType({})
        abstract = {attribute(e, "abstractNumId"): e for e in root if local(e) == "abstractNum"}
        instances = {attribute(e, "numId") or "": e for e in root if local(e) == "num"}
        counters: dict[str | None, ListCounter] = {}
        found = {}
        for key, instance in instances.items():
            kind = value_of(instance, "abstractNumId")
            for _ in range(_MOST_STEPS):
                shape = abstract.get(kind)
                linked = value_of(shape, "numStyleLink") if shape is not None else None
                other = self.styles.get(linked or "", Style()).list_id
                if other not in instances:
                    break
                kind = value_of(instances[other or ""], "abstractNumId")
            if shape is not None:
                found[key] = _list(shape, instance, counters.setdefault(kind, ListCounter()))
        return found

    def style_chain(self, key: str) -> Iterator[tuple[str, Style]]:
        """A style and those that it is based on, each with its id."""
        for _ in range(_MOST_STEPS):
            style = self.styles.get(key)
            if style is None:
                return
            yield key, style
            key = style.based_on

    def properties(self) -> dict[str, str]:
        """The document's own properties: title, keywords, created, modified."""
        named = [part for _, kind, part in self.relations("") if kind == "core-properties"]
        root = self._parsed(named[0] if named else "docProps/core.xml")
        return {local(each): each.text for each in root if each.text} if root is not None else {}

    def parse(self, name: str) -> etree._Element:
        """One part. Raises ReaderError or LxmlError where it is missing or broken."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True
        )
        return etree.fromstring(self.archive.read(name), parser)

    def _named(self, wanted: str, otherwise: str) -> etree._Element | None:
        named = [part for _, kind, part in self.parts if kind == wanted]
        return self._parsed(named[0] if named else otherwise)

    def _parsed(self, name: str) -> etree._Element | None:
        try:
            return self.parse(name)
        except (ReaderError, etree.LxmlError):
            return None


def local(element: etree._Element | None) -> str:
    """The element's name without its namespace; empty for what is no element."""
    tag = element.tag if element is not None else None
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    found = (value for key, value in element.items() if str(key).rpartition("}")[2] == name)
    return next(map(str, found), None)


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of the first name, in that the first of the second name, and so on."""
    for name in names:
        inner: etree._Element | tuple[()] = element if element is not None else ()
        element = next((each for each in inner if local(each) == name), None)
    return element


def value_of(element: etree._Element | None, *names: str) -> str | None:
    """The value that a child sets, found as `child` finds it."""
    found = child(element, *names)
    return attribute(found, "val") if found is not None else None


def switch(element: etree._Element | None, *names: str) -> bool | None:
    """Whether a child turns something on or off; None where there is none."""
    found = child(element, *names)
    return None if found is None else (attribute(found, "val") or "1") not in _OFF


def whole(text: str | None, otherwise: int) -> int:
    """A number of a few digits, or `otherwise`."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


def _style(element: etree._Element) -> Style:
    return Style(
        value_of(element, "name") or "",
        value_of(element, "basedOn") or "",
        value_of(element, "pPr", "numPr", "numId"),
        value_of(element, "pPr", "numPr", "ilvl"),
        switch(element, "rPr", "vanish"),
    )


def _list(shape: etree._Element, instance: etree._Element, counter: ListCounter) -> NumberedList:
    levels: dict[int, ListLevel] = {}
    of_style: dict[str, int] = {}
    found = NumberedList(counter, levels, of_style)
    for each in shape:
        if local(each) == "lvl":
            _add_level(each, levels, of_style)
    for override in instance:
        if local(override) == "lvlOverride":
            own = child(override, "lvl")
            if own is not None:
                _add_level(own, levels, of_style)
            if start := value_of(override, "startOverride"):
                found.starts[whole(attribute(override, "ilvl"), 0)] = whole(start, 1)
    return found


def _add_level(
    element: etree._Element, levels: dict[int, ListLevel], of_style: dict[str, int]
) -> None:
    place = whole(attribute(element, "ilvl"), 0)
    if place >= MOST_LEVELS:
        return
    kind = value_of(element, "numFmt") or "decimal"
    levels[place] = ListLevel(
        kind,
        (value_of(element, "lvlText") or "")[:_LONGEST_LABEL],
        whole(value_of(element, "start"), 0),
        value_of(element, "lvlRestart") != "0",
        bool(switch(element, "isLgl")),
    )
    if style := value_of(element, "pStyle"):
        of_style[style] = place

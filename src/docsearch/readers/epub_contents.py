"""The table of contents of a book as headings of pages that have none of their own.

In: the navigation document of EPUB 3 or the NCX of EPUB 2, and the trees of pages. Out: heading
elements in those trees, where the table of contents leads to. Knows no archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from docsearch.readers.formats import words
from docsearch.readers.markup import local_name

_HEADINGS = words("h1 h2 h3 h4 h5 h6")
_HOLDERS = words("body div section article main aside blockquote html")
_OPS_TYPE = "{http://www.idpf.org/2007/ops}type"
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a table of contents; `depth` counts from 1, an empty `anchor` is the page."""

    title: str
    page: str
    anchor: str
    depth: int


def entries_of(root: etree._Element, resolve: Callable[[str], str]) -> Iterator[Entry]:
    """The lines in order; `resolve` makes the name of a page of a link without its anchor."""
    found = _of_ncx(root) if local_name(root) == "ncx" else _of_navigation(root)
    for label, link, depth in found:
        title = " ".join(label.split())
        if title and link:
            page, _, anchor = link.partition("#")
            yield Entry(title, resolve(page), anchor, max(1, min(depth, _DEEPEST)))


def add_headings(root: etree._Element, entries: list[Entry]) -> None:
    """Put the titles of `entries` into a page that has no heading of its own.

    A paragraph that says the title already becomes the heading.
    """
    elements = list(root.iter(etree.Element))
    if any(local_name(each) in _HEADINGS for each in elements):
        return
    by_id = {str(each.get("id")): each for each in elements if each.get("id")}
    body = next((each for each in elements if local_name(each) == "body"), root)
    for entry in entries:
        target = _block_at(by_id.get(entry.anchor, body))
        if target is None:
            continue
        space = etree.QName(target).namespace
        tag = f"{{{space}}}h{entry.depth}" if space else f"h{entry.depth}"
        following = target.getnext() if not "".join(map(str, target.itertext())).strip() else None
        titled = [each for each in (target, following) if each is not None]
        said = next((each for each in titled if _says(each, entry.title)), None)
        if said is not None:
            said.tag = tag
        else:
            heading = target.makeelement(tag)
            heading.text = entry.title
            target.addprevious(heading)


def _block_at(element: etree._Element) -> etree._Element | None:
    """The paragraph that an element is in or begins with; None if it is all there is."""
    target: etree._Element | None = element
    if local_name(element) in _HOLDERS:
        target = _first_text(element)
    while target is not None:
        parent = target.getparent()
        if parent is None or local_name(parent) in _HOLDERS:
            return target if parent is not None else None
        target = parent
    return None


def _of_ncx(root: etree._Element) -> Iterator[tuple[str, str, int]]:
    for point in root.iter("{*}navPoint"):
        label = next(point.iterchildren("{*}navLabel"), None)
        content = next(point.iterchildren("{*}content"), None)
        if label is not None and content is not None:
            depth = 1 + sum(1 for _ in point.iterancestors("{*}navPoint"))
            yield "".join(map(str, label.itertext())), content.get("src") or "", depth


def _of_navigation(root: etree._Element) -> Iterator[tuple[str, str, int]]:
    for navigation in root.iter("{*}nav"):
        if "toc" not in (navigation.get(_OPS_TYPE) or navigation.get("epub:type") or "").split():
            continue
        for link in navigation.iter("{*}a"):
            depth = sum(1 for each in link.iterancestors("{*}ol"))
            yield "".join(map(str, link.itertext())), link.get("href") or "", depth


def _first_text(body: etree._Element) -> etree._Element | None:
    """The first element of the page that says or shows anything."""
    for each in body.iterdescendants(etree.Element):
        if (each.text or "").strip() or local_name(each) in ("img", "image"):
            return each
    return None


def _says(element: etree._Element, title: str) -> bool:
    """Whether it consists of the title alone."""
    said = ""
    for text in element.itertext():
        said += str(text)
        if len(said) > 2 * len(title) + 200:
            return False
    return " ".join(said.split()).casefold() == title.casefold()

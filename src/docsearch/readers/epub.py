"""EPUB: the pages of a book in the order they are read.

In: bytes, vetted as an archive. Out: the readable text of every page of the spine, with the
book's title, subjects and date. Titles of the table of contents stand over pages that have no
heading. A page that is missing or broken costs itself alone.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from lxml import etree

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import Archive, open_archive
from docsearch.readers.builder import NOWHERE, ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.epub_contents import Entry, add_headings, entries_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import EPUB, words
from docsearch.readers.html_page import parse_html
from docsearch.readers.markup import extract

_PAGES = words(
    "application/xhtml+xml text/html application/x-dtbook+xml text/x-oeb1-document image/svg+xml"
)
_PAGE_SUFFIXES = (".xhtml", ".html", ".htm", ".xml", ".svg")
_ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = words("rights.xml sinf.xml license.lcpl", "META-INF/")
_NCX = "application/x-dtbncx+xml"


class EpubReader:
    """Reads books without copy protection."""

    name = EPUB.name
    suffixes = EPUB.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        archive = open_archive(data)
        if _RIGHTS & archive.names or _is_encrypted(archive):
            raise ReaderError("encrypted EPUB: it has copy protection")
        builder = ExtractionBuilder()
        with reading(self.name, etree.LxmlError, ValueError):
            book = _Book(archive)
            contents = book.contents()
            for page in book.pages():
                try:
                    root = parse_html(archive.read(page), is_xml=True)
                    add_headings(root, contents.get(page, []))
                except (ReaderError, etree.LxmlError) as error:
                    builder.lost(f"page {page[:80]!r}: {error}")
                else:
                    extract(root, builder, NOWHERE)
            title = book.first("title")
            day = book.first("date")
            tags = tuple(element.text or "" for element in book.package.iter("{*}subject"))
        return builder.build(title=title, tags=tags, day=day_of(day))


class _Book:
    """The package file of a book and what it names."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._name = _package_name(archive)
        self.package = _parse(archive, self._name)
        self._items = {item.get("id"): item for item in self.package.iter("{*}item")}

    def pages(self) -> list[str]:
        """The archive's names of the pages, in reading order, also of those that are missing."""
        order = [self._items.get(each.get("idref")) for each in self.package.iter("{*}itemref")]
        listed = [item for item in order if item is not None] or list(self._items.values())
        links = [item.get("href") or "" for item in listed if _is_page(item)]
        pages = list(dict.fromkeys(self._resolved(self._name, link) for link in links if link))
        if not any(page in self._archive.names for page in pages):
            raise ReaderError("broken EPUB: it lists no pages")
        return pages

    def contents(self) -> dict[str, list[Entry]]:
        """The lines of the table of contents by the page that they lead to."""
        found: dict[str, list[Entry]] = {}
        for item in self._contents_items():
            name = self._resolved(self._name, item.get("href") or "")
            try:
                root = _parse(self._archive, name)
            except (ReaderError, etree.LxmlError):
                continue
            for entry in entries_of(root, partial(self._resolved, name)):
                found.setdefault(entry.page, []).append(entry)
            if found:
                break
        return found

    def first(self, name: str) -> str | None:
        """The first property of this name that says anything."""
        texts = (each.text or "" for each in self.package.iter(f"{{*}}{name}"))
        return next((text for text in texts if text.strip()), None)

    def _contents_items(self) -> Iterator[etree._Element]:
        """The navigation document first, then the NCX of older reading systems."""
        items = self._items.values()
        yield from (each for each in items if "nav" in (each.get("properties") or "").split())
        yield from (each for each in items if each.get("media-type") == _NCX)

    def _resolved(self, source: str, link: str) -> str:
        """The name of what a file links to; some books have links that are not encoded."""
        folder = posixpath.dirname(source)
        plain, decoded = (
            posixpath.normpath(posixpath.join(folder, each))
            for each in (link.partition("#")[0], unquote(link.partition("#")[0]))
        )
        return plain if plain in self._archive.names else decoded


def _is_page(item: etree._Element) -> bool:
    kind = (item.get("media-type") or "").strip().lower()
    named = (item.get("href") or "").partition("#")[0].lower().endswith(_PAGE_SUFFIXES)
    return kind in _PAGES or (named and not kind.startswith(("image/", "audio/", "video/")))


def _parse(archive: Archive, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    root = etree.fromstring(archive.read(name), parser)
    if root is None:
        raise ReaderError("broken EPUB: its table of files cannot be read")
    return root


def _is_encrypted(archive: Archive) -> bool:
    """Whether pages are encrypted; embedded fonts often are, and do not matter."""
    if _ENCRYPTION not in archive.names:
        return False
    targets = [e.get("URI") or "" for e in _parse(archive, _ENCRYPTION).iter("{*}CipherReference")]
    return any(target.lower().endswith(("html", "htm", "xml", "opf")) for target in targets)


def _package_name(archive: Archive) -> str:
    container = _parse(archive, "META-INF/container.xml")
    for rootfile in container.iter("{*}rootfile"):
        if path := rootfile.get("full-path"):
            return path
    raise ReaderError("broken EPUB: container.xml names no package")

"""EPUB: the pages of a book in the order they are read.

In: bytes, vetted as an archive. Out: the readable text of every page of the spine, with the
book's title, subjects and date. Follows container.xml to the package file; nothing else.
"""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from lxml import etree

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import Archive, open_archive
from docsearch.readers.builder import NOWHERE, ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import EPUB
from docsearch.readers.html_page import parse_html
from docsearch.readers.markup import extract

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", ""})
_ENCRYPTION = "META-INF/encryption.xml"


class EpubReader:
    """Reads books without copy protection."""

    name = EPUB.name
    suffixes = EPUB.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        archive = open_archive(data)
        if "META-INF/rights.xml" in archive.names or _is_encrypted(archive):
            raise ReaderError("encrypted EPUB: it has copy protection")
        builder = ExtractionBuilder()
        with reading(self.name, etree.LxmlError, ValueError):
            package_name = _package_name(archive)
            package = _parse(archive, package_name)
            for page in _spine(archive, package, posixpath.dirname(package_name)):
                extract(parse_html(archive.read(page), is_xml=True), builder, NOWHERE)
            title = _first(package, "title")
            day = _first(package, "date")
            tags = tuple(element.text or "" for element in package.iter("{*}subject"))
        return builder.build(title=title, tags=tags, day=day_of(day))


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


def _spine(archive: Archive, package: etree._Element, folder: str) -> list[str]:
    """The archive's names of the pages, in reading order; those that are missing are left out."""
    hrefs = {
        item.get("id"): item.get("href") or ""
        for item in package.iter("{*}item")
        if (item.get("media-type") or "") in _PAGES
    }
    order = [hrefs.get(reference.get("idref")) for reference in package.iter("{*}itemref")]
    paths = [
        posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
        for href in order
        if href
    ]
    pages = [path for path in dict.fromkeys(paths) if path in archive.names]
    if not pages:
        raise ReaderError("broken EPUB: it lists no pages")
    return pages


def _first(package: etree._Element, name: str) -> str | None:
    element = next(package.iter(f"{{*}}{name}"), None)
    return element.text if element is not None else None

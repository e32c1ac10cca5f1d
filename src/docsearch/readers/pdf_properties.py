"""What a PDF says of itself: title, author, subject, keywords, day; and the files attached to it.

In: an open document and its bytes. Out: values. The document's own fields come first, then its XMP
packet, which later versions of PDF prefer. The caller holds the lock: pdfium is not thread-safe.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from lxml import etree

from docsearch.readers.dates import day_of
from docsearch.readers.tags import split_tags

_MOST_FILES = 1_000
_MOST_PACKETS = 50
_LARGEST_PACKET = 1_000_000
_START, _END = b"<x:xmpmeta", b"</x:xmpmeta>"
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_PLACEHOLDERS = frozenset(("anonymous", "unspecified", "untitled"))
"""What programs write where they were given nothing."""
_FIELDS = {
    "Title": "//dc:title//rdf:li",
    "Author": "//dc:creator//rdf:li",
    "Subject": "//dc:description//rdf:li",
    "Keywords": "//dc:subject//rdf:li",
}


@dataclass(frozen=True, slots=True)
class Properties:
    """`attached` are names of files; all texts are as the file has them."""

    title: str | None
    author: str | None
    subject: str | None
    tags: tuple[str, ...]
    day: date | None
    attached: tuple[str, ...]


def properties(document: pdfium.PdfDocument, data: bytes) -> Properties:
    """The document's properties; what is damaged among them is left out."""
    fields = {
        name: text
        for name, text in document.get_metadata_dict(skip_empty=True).items()
        if text.strip(" \0()").casefold() not in ("", *_PLACEHOLDERS)
    }
    if not _FIELDS.keys() <= fields.keys():
        fields = _of_packet(data) | fields
    return Properties(
        fields.get("Title"),
        fields.get("Author"),
        fields.get("Subject"),
        split_tags(fields.get("Keywords", "")),
        day_of(fields.get("ModDate")) or day_of(fields.get("CreationDate")),
        tuple(_attached(document)),
    )


def _attached(document: pdfium.PdfDocument) -> Iterator[str]:
    for index in range(min(document.count_attachments(), _MOST_FILES)):
        with suppress(pdfium.PdfiumError, UnicodeDecodeError):
            yield document.get_attachment(index).get_name()


def _of_packet(data: bytes) -> dict[str, str]:
    """The fields of the document's XMP packet.

    Pictures in the file may have packets too: the document's own is the one that names its
    producer, as far as any does, and is written last.
    """
    best: tuple[bool, dict[str, str]] = False, {}
    for packet in _packets(data):
        with suppress(etree.XMLSyntaxError, ValueError):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(packet, parser)
            fields = dict(_named(root))
            of_document = bool(root.xpath("//pdf:* | //@pdf:*", namespaces=_SPACES))
            if fields and of_document >= best[0]:
                best = of_document, fields
    return best[1]


def _named(root: etree._Element) -> Iterator[tuple[str, str]]:
    for name, path in _FIELDS.items():
        found = root.xpath(path, namespaces=_SPACES)
        items = (
            [each for each in found if isinstance(each, etree._Element)]
            if isinstance(found, list)
            else []
        )
        texts = ["".join(map(str, item.itertext())).strip() for item in items]
        # Titles and descriptions are there in several languages, the default first.
        kept = texts[:1] if name in ("Title", "Subject") else texts
        if any(kept):
            yield name, ", ".join(filter(None, kept))


def _packets(data: bytes) -> Iterator[bytes]:
    at = 0
    for _ in range(_MOST_PACKETS):
        start = data.find(_START, at)
        end = data.find(_END, start) if start >= 0 else -1
        if end < 0:
            return
        at = end + len(_END)
        if at - start <= _LARGEST_PACKET:
            yield data[start:at]

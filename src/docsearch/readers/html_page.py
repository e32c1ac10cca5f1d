"""HTML and XHTML files.

In: bytes in any encoding. Out: the page's readable text, with title, keywords and date from its
head. Parses with lxml, without network, DTDs or entities of the page's own.
"""

from __future__ import annotations

import re
from html import escape
from html.entities import html5

import lxml.html
from lxml import etree

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import refuse_entities
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.decoding import decode
from docsearch.readers.failures import reading
from docsearch.readers.formats import HTML, words
from docsearch.readers.markup import extract, local_name
from docsearch.readers.tags import split_tags

_CHARSET = re.compile(
    rb"""<(?:meta\b|\?xml\b)[^>]*?\b(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_AS_IT_STANDS = re.compile(r"<!\[CDATA\[((?:[^<\]]|<(?!!\[CDATA\[)|\](?!\]>))*)\]\]>")
_NO_FRAMES = re.compile(r"</?noframes\b[^<>]*>", re.IGNORECASE)
"""The parser takes what is between for text, tags and all."""
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_CLOSED_AT_ONCE = re.compile(r"<(title|script|style|iframe|textarea)\b([^<>]*)/>", re.IGNORECASE)
"""What is whole in XML, and would swallow the rest of the page in HTML."""

_END_OF_PAGE = re.compile(r"</(?:body|html)\b[^<>]*>", re.IGNORECASE)
"""The parser drops what stands behind it; browsers show it."""

_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DATES = words(
    "date dc.date dcterms.date dcterms.created dcterms.modified article:published_time "
    "article:modified_time last-modified"
)


class HtmlReader:
    """Reads pages as a person would: without navigation, scripts and hidden parts."""

    name = HTML.name
    suffixes = HTML.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        with reading(self.name, etree.LxmlError, ValueError):
            root = parse_html(data, is_xml=name.lower().endswith((".xhtml", ".xht")))
            extract(root, builder)
            head = _head(root)
        return builder.build(
            title=head.get("title"),
            tags=split_tags(head.get("keywords", "")),
            day=next(filter(None, (day_of(head.get(key)) for key in sorted(_DATES))), None),
        )


def parse_html(data: bytes, *, is_xml: bool = False) -> etree._Element:
    """The tree of a page. `is_xml` tries XML first: there `<script/>` is closed.

    Raises ReaderError where there is no element at all, and LxmlError.
    """
    text = decode_html(data)
    if is_xml:
        try:
            return _parse_xml(text)
        except etree.XMLSyntaxError:
            text = _CLOSED_AT_ONCE.sub(r"<\1\2></\1>", text)
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    text = _END_OF_PAGE.sub(lambda end: "\n" * end[0].count("\n"), text)
    text = _AS_IT_STANDS.sub(lambda match: escape(match[1]), text)
    text = _NO_FRAMES.sub("<div>", text)
    try:
        return lxml.html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError as error:
        raise ReaderError("no text in it") from error


def decode_html(data: bytes, declared: str | None = None) -> str:
    """The page's text; what a message says of it counts before what it declares itself."""
    if declared is None and (found := _CHARSET.search(_COMMENT.sub(b"", data[:2048]))):
        # A page whose declaration can be read as ASCII is not in UTF-16, whatever it says.
        label = found[1].decode("ascii", "replace")
        declared = None if label.lower().startswith("utf-16") else label
    return decode(data, declared)


def _parse_xml(text: str) -> etree._Element:
    data = _ENTITY.sub(_as_character, text).encode()
    refuse_entities(data, "the page")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, parser)


def _as_character(match: re.Match[str]) -> str:
    """HTML's named characters, which XML does not know without a DTD."""
    name = match[1]
    return match[0] if name in _XML_ENTITIES else html5.get(f"{name};", match[0])


def _head(root: etree._Element) -> dict[str, str]:
    """The title and the named values of the page's head, names in lower case."""
    found: dict[str, str] = {}
    for element in root.iter():
        tag = local_name(element)
        if tag == "body":
            break
        if tag == "title":
            found.setdefault("title", element.text or "")
        elif tag == "meta":
            key = element.get("name") or element.get("property") or ""
            found.setdefault(key.lower(), element.get("content") or "")
    return found

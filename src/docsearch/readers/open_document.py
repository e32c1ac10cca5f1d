"""ODT, in the order of its body, then headers and footers; packed, or flat in one XML file.

In: bytes, vetted before they are parsed. Out: the text of the document, joined by
`open_document_walk`, with its title, keywords and day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from docsearch.domain.document import ExtractedText
from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import FAULTS, Archive, open_archive, refuse_entities
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import ODT, words
from docsearch.readers.formulas import formula_text
from docsearch.readers.open_document_styles import Styles, attribute, name_of
from docsearch.readers.open_document_walk import Walk

_MANIFEST = "META-INF/manifest.xml"
_MARGINS = tuple(
    f"style:{side}{page}" for side in ("header", "footer") for page in ("", "-left", "-first")
)
_FACTS = words("dc:title dc:date meta:creation-date")
_MALFORMED = (*FAULTS, etree.LxmlError, AttributeError, TypeError, AssertionError)


class OdtReader:
    """Reads OpenDocument texts."""

    name = ODT.name
    suffixes = ODT.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:
        """See `ports.Reader`."""
        builder = ExtractionBuilder()
        if data.startswith(b"PK"):
            archive = open_archive(data)
            if _MANIFEST in archive.names and b"encryption-data" in archive.read(_MANIFEST):
                raise ReaderError("encrypted ODT: it opens with a password only")
            with reading(self.name, *_MALFORMED):
                roots = [_parsed(archive.read("content.xml")), *_others(builder, archive)]
                facts = _add(builder, roots, _Objects(builder, archive).text)
        else:
            refuse_entities(data, name)
            with reading(self.name, *_MALFORMED):
                facts = _add(builder, [_parsed(data)], lambda _: "")
        title, tags, day = facts
        return builder.build(title=title, tags=tags, day=day_of(day))


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True
    )
    return etree.fromstring(data, parser)


def _others(builder: ExtractionBuilder, archive: Archive) -> Iterator[etree._Element]:
    """What stands beside the content; a broken part costs itself alone."""
    for name in ("styles.xml", "meta.xml"):
        if name in archive.names:
            try:
                yield _parsed(archive.read(name))
            except (ReaderError, etree.LxmlError):
                builder.lost(f"{name} cannot be read")


class _Objects:
    """Formulas, charts and sheets, each of which has a folder of its own."""

    def __init__(self, builder: ExtractionBuilder, archive: Archive) -> None:
        self._builder, self._archive = builder, archive
        self._seen: set[str] = set()

    def text(self, link: str) -> str:
        """The text of an object; none where it is shown again, which could be without end."""
        folder = link.removeprefix("./").rstrip("/")
        if folder in self._seen:
            return ""
        self._seen.add(folder)
        try:
            root = _parsed(self._archive.read(f"{folder}/content.xml"))
        except (ReaderError, etree.LxmlError):
            self._builder.lost(f"an embedded object, {folder[:80]!r}, which cannot be read")
            return ""
        if name_of(root).rpartition(":")[2] == "math":
            return formula_text(root)
        texts = (str(text).strip() for text in root.itertext())
        return " ".join(text for text in texts if text)


def _add(
    builder: ExtractionBuilder, roots: list[etree._Element], linked: Callable[[str], str]
) -> tuple[str | None, tuple[str, ...], str | None]:
    """Add the document's text; returns its title, keywords and day."""
    found: dict[str, list[etree._Element]] = {}
    for root in roots:
        for each in root.iter(etree.Element):
            found.setdefault(name_of(each), []).append(each)
    walk = Walk(builder, Styles(roots), linked)
    for body in found.get("office:text", [])[:1]:
        walk.run(body)
    builder.leave(0)
    seen = set()
    for name in _MARGINS:
        for margin in found.get(name, ()):
            text = "".join(map(str, margin.itertext())).strip()
            if text not in seen and attribute(margin, "style:display") != "false":
                seen.add(text)
                walk.run(margin)
    if walk.hidden_words:
        noun = "word" if walk.hidden_words == 1 else "words"
        builder.lost(f"{walk.hidden_words:,} {noun} formatted as hidden")
    first = {name: each[0].text for name, each in found.items() if name in _FACTS}
    tags = tuple(each.text or "" for each in found.get("meta:keyword", ()))
    return first.get("dc:title"), tags, first.get("dc:date") or first.get("meta:creation-date")

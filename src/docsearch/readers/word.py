"""DOCX, in the order of its body; then charts, headers, footers, and notes that nothing refers to.

In: bytes, vetted before they are parsed. Out: the text of the parts that a person reads, joined by
`word_walk`; documents that are held in parts of their own are read in place.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from docsearch.domain.document import ExtractedText, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.archive import FAULTS, Archive, open_archive
from docsearch.readers.builder import ExtractionBuilder
from docsearch.readers.dates import day_of
from docsearch.readers.failures import reading
from docsearch.readers.formats import DOCX
from docsearch.readers.tags import split_tags
from docsearch.readers.word_package import Package, attribute, local
from docsearch.readers.word_walk import Walk

_NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
_CAPTIONS = ("chart", "diagramData")
_DEEPEST = 3
"""Documents within documents that are read."""
_MALFORMED = (*FAULTS, etree.LxmlError, AttributeError, TypeError, AssertionError)


class DocxReader:
    """Reads Word documents of 2007 and later."""

    name = DOCX.name
    suffixes = DOCX.suffixes

    def read(self, data: bytes, name: str) -> ExtractedText:  # noqa: ARG002
        """See `ports.Reader`."""
        archive = open_archive(data)
        builder = ExtractionBuilder()
        with reading(self.name, *_MALFORMED):
            facts = _Document(builder, archive).read()
        tags = split_tags(facts.get("keywords", ""))
        day = facts.get("modified") or facts.get("created")
        return builder.build(title=facts.get("title"), tags=tags, day=day_of(day))


class _Document:
    """One document; `depth` counts those around it."""

    def __init__(self, builder: ExtractionBuilder, archive: Archive, depth: int = 0) -> None:
        self._builder = builder
        self._package = Package(archive)
        self._depth = depth
        self._notes: dict[tuple[str, str], etree._Element] = {}
        self._apart = {key: name for key, _, name in self._package.parts}

    def read(self) -> dict[str, str]:
        """Add its text; returns its properties."""
        body = self._package.parse(self._package.main)
        self._gather_notes()
        walk = Walk(self._builder, self._package, self._take_note, self._elsewhere)
        walk.run(body)
        self._builder.leave(0)
        for key in [*self._notes]:
            if (note := self._take_note(*key)) is not None:
                walk.run(note)
        self._add_captions()
        self._add_margins(walk)
        if walk.hidden_words:
            noun = "word" if walk.hidden_words == 1 else "words"
            self._builder.lost(f"{walk.hidden_words:,} {noun} formatted as hidden")
        return self._package.properties()

    def _gather_notes(self) -> None:
        for part, root in self._parts(*_NOTES):
            name = _NOTES[part]
            for at, note in enumerate(root):
                if local(note) == name:
                    key = attribute(note, "id") or f"unnamed {at}"
                    self._notes[f"{name}Reference", key] = note

    def _take_note(self, reference: str, key: str) -> etree._Element | None:
        """Each note once, so that one which refers to itself ends."""
        return self._notes.pop((reference, key), None)

    def _add_captions(self) -> None:
        for _, root in self._parts(*_CAPTIONS):
            found = (each.text or "" for each in root.iter() if local(each) in ("t", "v"))
            self._builder.add(" ".join(text for text in found if text.strip()))

    def _add_margins(self, walk: Walk) -> None:
        """Headers and footers: most documents have the same ones in several parts."""
        seen = set()
        for _, root in self._parts("header", "footer"):
            text = "".join(map(str, root.itertext())).strip()
            if text not in seen:
                seen.add(text)
                walk.run(root)

    def _parts(self, *kinds: str) -> Iterator[tuple[str, etree._Element]]:
        """The parts of these kinds, parsed; a broken one costs itself alone."""
        for wanted in kinds:
            for part in dict.fromkeys(
                name for _, kind, name in self._package.parts if kind == wanted
            ):
                try:
                    yield wanted, self._package.parse(part)
                except (ReaderError, etree.LxmlError):
                    self._builder.lost(f"{part} cannot be read")

    def _elsewhere(self, element: etree._Element) -> None:
        """Read a document that is a part in place, once; an embedded one is named as lost."""
        part = self._apart.pop(attribute(element, "id") or "", None)
        if part is None:
            return
        if local(element) != "altChunk":
            self._builder.lost(f"embedded file {part.rpartition('/')[2]}")
            return
        try:
            self._add_document(part)
        except (ReaderError, etree.LxmlError) as error:
            self._builder.lost(f"{part}: {error}")

    def _add_document(self, part: str) -> None:
        from docsearch.readers.registry import default_readers  # It knows this reader.

        data = self._package.archive.read(part)
        if data.startswith(b"PK"):
            if self._depth >= _DEEPEST:
                raise ReaderError("nested too deeply")
            _Document(self._builder, open_archive(data), self._depth + 1).read()
            return
        _, extracted = default_readers().read(data, part)
        for segment in extracted.segments:
            text = extracted.text[segment.start : segment.end]
            if segment.kind is SegmentKind.HEADING:
                self._builder.heading(text, max(1, len(segment.headings)))
            else:
                self._builder.add(text, segment.kind, keeps_lines=segment.keeps_lines)

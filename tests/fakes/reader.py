"""A reader without a library: UTF-8 text, a segment a line."""

from __future__ import annotations

from docsearch.domain.document import ExtractedText, Location, Segment, SegmentKind
from docsearch.domain.errors import ReaderError


class FakeReader:
    """A line that starts with "# " is a heading, any other a paragraph; "!" alone is broken."""

    name = "fake"
    suffixes = frozenset({".fake"})

    def read(self, data: bytes, name: str) -> ExtractedText:
        if data.strip() == b"!":
            raise ReaderError("broken fake")
        text = data.decode("utf-8-sig", "replace").replace("\0", "")
        segments = tuple(self._segments(text))
        if not segments:
            raise ReaderError("no text in it")
        return ExtractedText(text, segments)

    def _segments(self, text: str) -> list[Segment]:
        found: list[Segment] = []
        headings: tuple[str, ...] = ()
        offset = 0
        for number, line in enumerate(text.split("\n"), start=1):
            is_heading = line.startswith("# ") and bool(line[2:].strip())
            if is_heading:
                headings = (line[2:].strip(),)
            if line.strip():
                kind = SegmentKind.HEADING if is_heading else SegmentKind.PARAGRAPH
                end = offset + len(line.rstrip())
                found.append(Segment(offset, end, kind, headings, Location(line=number)))
            offset += len(line) + 1
        return found


class FakeReaderRegistry:
    """Stands for the registry: every file is read by `FakeReader`; `read_names` records which."""

    fingerprint = "fake-readers-1"

    def __init__(self) -> None:
        self.read_names: list[str] = []

    def read(self, data: bytes, name: str) -> tuple[str, ExtractedText]:
        self.read_names.append(name)
        return FakeReader.name, FakeReader().read(data, name)

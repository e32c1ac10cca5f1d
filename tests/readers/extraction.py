"""What every extraction must be, for the tests to assert."""

from __future__ import annotations

from docsearch.domain.document import ExtractedText, SegmentKind


def assert_whole(extracted: ExtractedText) -> None:
    """Segments are in order, apart, without loose white space, and cover all that can be read."""
    text = extracted.text
    text.encode("utf-8")
    assert "\0" not in text
    assert extracted.segments
    covered = 0
    for segment in extracted.segments:
        assert covered <= segment.start < segment.end <= len(text)
        assert not text[covered : segment.start].strip()
        assert not text[segment.start : segment.end].isspace()
        for heading in segment.headings:
            assert heading.strip()
            heading.encode("utf-8")
        covered = segment.end
    assert not text[covered:].strip()
    for word in (extracted.title or "", *extracted.tags):
        word.encode("utf-8")


def pieces(extracted: ExtractedText, kind: SegmentKind | None = None) -> list[str]:
    """The text of each segment, of one kind where it is given."""
    return [
        extracted.text[segment.start : segment.end]
        for segment in extracted.segments
        if kind is None or segment.kind is kind
    ]


def headings_of(extracted: ExtractedText, words: str) -> tuple[str, ...]:
    """The headings over the first segment that holds `words`."""
    return next(
        segment.headings
        for segment in extracted.segments
        if words in extracted.text[segment.start : segment.end]
    )


def line_of(extracted: ExtractedText, words: str) -> int | None:
    """The line of the first segment that holds `words`."""
    return next(
        segment.location.line
        for segment in extracted.segments
        if words in extracted.text[segment.start : segment.end]
    )

"""Blocks of lines become segments that keep what ExtractedText promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.lines import Block, Lines, raw_text
from tests.readers.extraction import assert_whole, pieces

TEXT = "one\ntwo\n\n  three\n\nfour\n"


def test_a_line_is_found_by_its_number_and_by_an_offset() -> None:
    lines = Lines(TEXT)

    assert len(lines) == 7
    assert lines[3] == "  three"
    assert lines.at(TEXT.index("three")) == 3
    assert lines.at(0) == 0


def test_lines_without_a_block_become_paragraphs_under_the_headings_in_force() -> None:
    extracted = raw_text(Lines(TEXT), [Block(0, 1, SegmentKind.HEADING, ("one",))])

    assert pieces(extracted) == ["one", "two", "  three", "four"]
    assert [segment.headings for segment in extracted.segments] == [("one",)] * 4
    assert [segment.location.line for segment in extracted.segments] == [1, 2, 4, 6]


def test_a_block_within_a_block_ends_the_outer_one() -> None:
    blocks = [Block(0, 6, SegmentKind.LIST_ITEM), Block(3, 4, SegmentKind.CODE)]

    extracted = raw_text(Lines(TEXT), blocks)

    kinds = [segment.kind for segment in extracted.segments]
    assert pieces(extracted) == ["one\ntwo", "  three", "four"]
    assert kinds == [SegmentKind.LIST_ITEM, SegmentKind.CODE, SegmentKind.PARAGRAPH]


def test_what_stands_before_the_first_line_is_left_out() -> None:
    assert pieces(raw_text(Lines(TEXT), (), first_line=3)) == ["  three", "four"]


def test_nothing_but_white_space_is_refused() -> None:
    with pytest.raises(ReaderError, match="no text in it"):
        raw_text(Lines(" \n\t\n\u2003"), ())


@given(
    st.text(alphabet="ab \n\t\u2028\x0c\x1c", min_size=1, max_size=60).filter(str.strip),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), max_size=6),
)
def test_any_blocks_give_segments_that_cover_the_text(
    text: str, spans: list[tuple[int, int]]
) -> None:
    lines = Lines(text)
    inside = sorted((min(a, len(lines)), min(a + n, len(lines))) for a, n in spans)

    assert_whole(raw_text(lines, [Block(start, end) for start, end in inside]))

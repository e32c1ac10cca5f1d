"""Pieces put together keep what ExtractedText promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import Location, SegmentKind
from docsearch.domain.errors import ReaderError
from docsearch.readers.builder import ExtractionBuilder, row_text
from tests.readers.extraction import assert_whole, pieces


def test_a_deeper_heading_stays_until_one_of_its_level_or_above() -> None:
    builder = ExtractionBuilder()
    builder.heading("Book", 1)
    builder.heading("Part", 3)
    builder.add("text", location=Location(page=2))
    builder.heading("Next", 2)

    paths = [segment.headings for segment in builder.build().segments]

    assert paths == [("Book",), ("Book", "Part"), ("Book", "Part"), ("Book", "Next")]


def test_rows_and_items_stand_close_and_paragraphs_apart() -> None:
    builder = ExtractionBuilder()
    builder.add("intro")
    builder.add("a | b", SegmentKind.TABLE)
    builder.add("1 | 2", SegmentKind.TABLE)

    assert builder.build().text == "intro\n\na | b\n1 | 2"


def test_code_keeps_its_indentation() -> None:
    builder = ExtractionBuilder()
    builder.add("\n    if x:\n        y\n\n", SegmentKind.CODE)

    assert builder.build().text == "    if x:\n        y"


def test_a_row_of_empty_cells_is_no_row() -> None:
    assert row_text(["", " \n"]) == ""
    assert row_text(["a\nb", ""]) == "a b | "


def test_nothing_is_refused_with_the_given_reason() -> None:
    with pytest.raises(ReaderError, match="only pictures"):
        ExtractionBuilder().build(when_empty="only pictures")


def test_losses_are_told_beside_the_text() -> None:
    builder = ExtractionBuilder()
    builder.lost("page 1 cannot be read")
    builder.add("text")

    assert builder.build().losses == ("page 1 cannot be read",)


@given(st.lists(st.tuples(st.text(), st.sampled_from(SegmentKind)), min_size=1))
def test_any_pieces_give_a_whole_text(given_pieces: list[tuple[str, SegmentKind]]) -> None:
    builder = ExtractionBuilder()
    builder.heading("first", 1)
    for text, kind in given_pieces:
        builder.add(text, kind)

    extracted = builder.build(title="a\ud800\0", tags=("x\0", "", "x"))

    assert_whole(extracted)
    assert extracted.title == "a\ufffd"
    assert extracted.tags == ("x",)
    assert pieces(extracted)[0] == "first"

"""Where the parts of a chunk stand, whatever the document and however it was cut."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import Chunk, ExtractedText, Location, Place, Segment, SegmentKind
from docsearch.ingest.chunk import chunk_document
from docsearch.ingest.places import with_places
from tests.fakes.token_counter import FakeTokenCounter
from tests.ingest.documents import documents

PARAGRAPH = SegmentKind.PARAGRAPH
BUDGETS = st.sampled_from([(16, 0), (16, 4), (64, 8), (512, 32)])


def chunks_of(extracted: ExtractedText, budget: tuple[int, int]) -> tuple[Chunk, ...]:
    return chunk_document(extracted, FakeTokenCounter(), *budget)


@given(documents(), BUDGETS)
def test_every_character_has_the_line_and_headings_it_has_in_the_file(
    extracted: ExtractedText, budget: tuple[int, int]
) -> None:
    for chunk in chunks_of(extracted, budget):
        for segment in extracted.segments:
            for at in range(max(segment.start, chunk.start), min(segment.end, chunk.end)):
                place = chunk.place_at(at - chunk.start)
                assert place.location.line == extracted.text.count("\n", 0, at) + 1
                assert place.headings == segment.headings


@given(documents(), BUDGETS)
def test_places_start_with_the_chunk_and_lie_within_it(
    extracted: ExtractedText, budget: tuple[int, int]
) -> None:
    for chunk in chunks_of(extracted, budget):
        offsets = [each.offset for each in chunk.places]
        assert offsets[0] == 0
        assert offsets == sorted(set(offsets))
        assert offsets[-1] < len(chunk.text)


def document(*segments: tuple[str, Location], keeps_lines: bool = False) -> ExtractedText:
    text, made = "", []
    for body, location in segments:
        start, text = len(text), text + body
        made.append(Segment(start, len(text), PARAGRAPH, (), location, keeps_lines))
        text += "\n\n"
    return ExtractedText(text, tuple(made))


def one_chunk(extracted: ExtractedText) -> Chunk:
    text = extracted.text.rstrip()
    return with_places([Chunk(0, 0, len(text), text, 9)], extracted)[0]


def test_a_chunk_over_several_pages_knows_where_each_begins() -> None:
    slides = document(("Moles", Location(page=4)), ("Voles", Location(page=5)))
    places = one_chunk(slides).places
    assert places == (Place(0, (), Location(page=4)), Place(7, (), Location(page=5)))


def test_lines_are_not_counted_in_a_text_that_is_not_the_file_s_own() -> None:
    page = document(("one\ntwo\nthree", Location(line=40)))
    assert one_chunk(page).place_at(8).location == Location(line=40)


def test_what_the_place_before_tells_is_not_kept_again() -> None:
    notes = document(
        *(("a note", Location(line=1 + 2 * number)) for number in range(50)), keeps_lines=True
    )
    chunk = one_chunk(notes)
    assert len(chunk.places) == 1
    assert chunk.place_at(len(chunk.text) - 1).location == Location(line=99)


def test_a_chunk_whose_places_are_not_known_stands_where_its_first_piece_does() -> None:
    chunk = Chunk(0, 0, 9, "one\ntwo\n3", 9, ("Boats",), Location(line=7))
    assert chunk.place_at(8) == Place(0, ("Boats",), Location(line=7))


def test_a_segment_cut_into_many_chunks_is_counted_on_from_chunk_to_chunk() -> None:
    body = "\n".join(f"word{number}" for number in range(400))
    extracted = document((body, Location(line=11)), keeps_lines=True)
    for chunk in chunks_of(extracted, (64, 8)):
        first = extracted.text.count("\n", 0, chunk.start) + 11
        assert chunk.place_at(0).location.line == first
    assert replace(chunk, places=()).place_at(0).location == chunk.location

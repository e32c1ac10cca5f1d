"""What is stored of a chunk comes back as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import Chunk, Location, Place
from docsearch.storage.rows import Row, chunk_row, stored_chunk

NUMBERS = st.none() | st.integers(1, 10**6)
LOCATIONS = st.builds(Location, NUMBERS, NUMBERS, NUMBERS)
HEADINGS = st.lists(st.text(max_size=5), max_size=3).map(tuple)


@st.composite
def places(draw: st.DrawFn) -> tuple[Place, ...]:
    offsets = draw(st.lists(st.integers(0, 10_000), unique=True, max_size=5).map(sorted))
    return tuple(
        Place(offset, draw(HEADINGS), draw(LOCATIONS), draw(st.booleans())) for offset in offsets
    )


def read_back(chunk: Chunk, **changes: object) -> Chunk:
    row: Row = {
        name: value.decode() if isinstance(value, bytes) and name != "text" else value
        for name, value in chunk_row(chunk).items()
        if name != "content_hash"
    }
    return stored_chunk(
        {**row, "id": 1, "path": "a.md", "title": None, "modified_ns": "0", **changes}
    ).chunk


@given(places())
def test_places_come_back(held: tuple[Place, ...]) -> None:
    chunk = Chunk(0, 0, 3, "Tea", 3, ("Diary",), Location(line=2), held)
    assert read_back(chunk) == chunk


def test_a_chunk_of_an_earlier_docsearch_has_none() -> None:
    chunk = Chunk(0, 0, 3, "Tea", 3, ("Diary",), Location(line=2), (Place(0),))
    assert read_back(chunk, places=None).places == ()

"""Which place of a passage speaks to a query, by words alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import Chunk, Location, Place, StoredChunk
from docsearch.search.matter import offset_that_matters, speaking_to
from docsearch.search.query_syntax import parse


def chunk(text: str, *places: Place) -> Chunk:
    return Chunk(0, 0, len(text), text, 9, (), Location(line=1), places)


def told(query: str, text: str, *places: Place) -> str | None:
    """The line of the text that the place is on."""
    passage = StoredChunk(1, "a.md", chunk(text, *places), None, 0)
    matter = speaking_to(parse(query), [passage])[0].matter
    return None if matter is None else text[matter:].split("\n", maxsplit=1)[0]


def test_it_is_the_sentence_with_most_of_the_words() -> None:
    text = "Moles dig. A mole dug up the lawn of the vicar. The vicar laughed."
    assert told("the vicar's lawn", text) == text[11:]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    text = "Tea at one.\nTea at two.\nTea at three.\nScones at four."
    assert told("tea or scones", text) == "Scones at four."


def test_the_first_of_equals_counts() -> None:
    assert told("tea", "Rain.\nTea at one.\nTea at two.") == "Tea at one."


def test_each_item_of_a_list_is_a_sentence_of_its_own() -> None:
    assert told("paint", "- mow the lawn\n- paint the shed\n- sleep") == "- paint the shed"


def test_a_sentence_that_is_wrapped_starts_where_it_starts() -> None:
    text = "Tea.\nIn the evening of that day the postman came\nwith a parcel of figs."
    assert told("figs", text) == "In the evening of that day the postman came"


def test_a_line_of_a_log_is_a_sentence_of_its_own() -> None:
    text = "2026-01-01 10:00:00 INFO the valve was opened again\n2026-01-01 10:01:00 WARN leak"
    assert told("leak", text) == "2026-01-01 10:01:00 WARN leak"


def test_words_of_the_heading_in_force_decide_between_equals() -> None:
    text = "Swam in the lake.\nSwam in the sea."
    monday, friday = Place(0, ("Diary", "Monday")), Place(18, ("Diary", "Friday"))
    assert told("swam friday", text, monday, friday) == "Swam in the sea."


def test_nothing_matters_more_where_no_word_stands() -> None:
    assert told("zebra", "Moles dig.\nVoles too.") is None
    assert told("path:a.md", "Moles dig.\nVoles too.") is None


def test_only_what_starts_in_the_span_is_looked_at() -> None:
    text = "Tea at one.\nTea at two.\nTea at three."
    assert offset_that_matters(("tea",), chunk(text), within=(12, 24)) == 12
    assert offset_that_matters(("rain",), chunk(text), within=(12, 24)) is None


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=5), max_size=4))
def test_it_is_within_the_passage_and_at_a_start_of_something(text: str, words: list[str]) -> None:
    lowered = tuple(word.lower() for word in words)
    matter = offset_that_matters(lowered, chunk(text))
    assert matter is None or 0 <= matter < len(text)


def test_the_place_of_a_passage_is_that_of_what_matters() -> None:
    text = "First.\n\nPlums are ripe."
    places = (Place(0, ("One",), Location(line=3)), Place(8, ("Two",), Location(line=90)))
    passage = StoredChunk(1, "box.mbox", chunk(text, *places), None, 0)
    spoken = speaking_to(parse("plums"), [passage])[0]
    assert (spoken.place.headings, spoken.place.location) == (("Two",), Location(line=90))
    assert passage.place.location == Location(line=1)

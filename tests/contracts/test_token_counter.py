"""What chunking relies on, of every token counter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docsearch.models.registry import ModelRegistry
from docsearch.ports import TokenCounter, Vocabulary
from tests.fakes.token_counter import FakeTokenCounter

COUNTERS: list[TokenCounter] = [
    FakeTokenCounter(),
    ModelRegistry(Path("no data directory"), offline=True).token_counter(),
]

# Bytes of a name or a document that are not UTF-8 arrive as lone surrogates.
TEXTS = st.one_of(st.text(), st.text(st.characters(categories=["L", "N", "Z", "Cs", "So"])))


@pytest.fixture(params=COUNTERS, ids=lambda counter: type(counter).__name__)
def counter(request: pytest.FixtureRequest) -> TokenCounter:
    found: TokenCounter = request.param
    return found


@pytest.mark.parametrize("counter", COUNTERS, ids=lambda counter: type(counter).__name__)
@settings(deadline=None)
@example(text="금")
@given(text=TEXTS)
def test_spans_are_pieces_of_the_text_in_order(counter: TokenCounter, text: str) -> None:
    last = (0, 0)
    for start, end in counter.token_spans(text):
        assert start < end <= len(text)
        # A character that is taken apart, as a Hangul syllable is, gives several tokens.
        assert last[1] <= start or last == (start, end)
        assert text[start:end].strip()
        last = (start, end)


def test_every_word_is_in_a_span(counter: TokenCounter) -> None:
    text = "Bread, baked at 230 degrees;\nthen cooled for an hour."

    covered = {index for start, end in counter.token_spans(text) for index in range(start, end)}

    assert covered == {index for index, letter in enumerate(text) if not letter.isspace()}


def test_empty_texts_have_no_tokens(counter: TokenCounter) -> None:
    assert list(counter.token_spans("")) == []
    assert list(counter.token_spans(" \n\t ")) == []


def test_counting_is_the_same_each_time(counter: TokenCounter) -> None:
    text = "the same words, twice"
    assert list(counter.token_spans(text)) == list(counter.token_spans(text))


def test_a_long_text_is_counted_to_its_end(counter: TokenCounter) -> None:
    text = "word " * 5000
    spans = counter.token_spans(text)
    assert len(spans) == 5000
    assert tuple(spans[-1]) == (24_995, 24_999)


def test_special_tokens_are_not_in_the_spans(counter: TokenCounter) -> None:
    assert counter.special_tokens >= 0
    assert len(counter.token_spans("word")) == 1


def test_it_tells_the_words_that_it_does_not_know(counter: TokenCounter) -> None:
    found = counter.vocabulary("bread หลังคา 🚂 bread, 1984")

    assert set(found.known) >= {"bread", "1984"}
    assert not set(found.known) & set(found.unknown)
    assert counter.vocabulary("bread, baked").unknown == ()
    assert counter.vocabulary("...") == counter.vocabulary("") == Vocabulary()

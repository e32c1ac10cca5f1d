from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.search.sentences import best_sentence, sentence_spans
from tests.readers.test_linear import calls

PASSAGE = (
    "The pump hums.  It stops at noon!\n\n- Dr. Ray knows why\n\n---\n\n- nobody else \udcff\n"
)


def shared_words(words: str, texts: Sequence[str]) -> list[float]:
    return [float(sum(word in text.lower() for word in words.split())) for text in texts]


def never(words: str, texts: Sequence[str]) -> list[float]:
    raise AssertionError("nothing to choose from")


def test_sentences_carry_no_white_space_and_rules_are_none() -> None:
    assert [PASSAGE[start:end] for start, end in sentence_spans(PASSAGE)] == [
        "The pump hums.",
        "It stops at noon!",
        "- Dr. Ray knows why",
        "- nobody else \udcff",
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("1. **Pay.** We do. 2. Late.", ["1. **Pay.**", "We do.", "2. Late."]),
        ("_Why?_ Nobody knew.", ["_Why?_", "Nobody knew."]),
        ("a) One thing. b) Another.", ["a) One thing.", "b) Another."]),
        ("It was plan B. It failed.", ["It was plan B.", "It failed."]),
        ("- iv.\n\nAlone.", ["- iv.", "Alone."]),
        ("12.", ["12."]),
    ],
)
def test_numbers_and_closing_marks_stay_with_their_sentence(
    text: str, sentences: list[str]
) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_the_best_scored_sentence_is_found() -> None:
    start, end = best_sentence("who knows", PASSAGE, shared_words)
    assert PASSAGE[start:end] == "- Dr. Ray knows why"


def test_of_equal_sentences_the_first_is_taken() -> None:
    start, end = best_sentence("nothing shared", PASSAGE, shared_words)
    assert PASSAGE[start:end] == "The pump hums."


def test_one_sentence_or_none_needs_no_model() -> None:
    assert best_sentence("x", "  Only this.  ", never) == (2, 12)
    assert best_sentence("x", "--- \n ***", never) == (0, 9)
    assert best_sentence("x", "", never) == (0, 0)


@given(st.text(st.one_of(st.sampled_from(" \n.!?。"), st.characters()), max_size=80))
def test_sentences_are_in_order_trimmed_and_hold_every_letter(passage: str) -> None:
    spans = sentence_spans(passage)
    assert spans == sorted(spans)
    outside, at = "", 0
    for start, end in spans:
        assert start >= at
        assert passage[start:end] == passage[start:end].strip() != ""
        outside, at = outside + passage[at:start], end
    assert not any(map(str.isalnum, outside + passage[at:]))


@pytest.mark.parametrize("piece", ["a. ", "1. ", "a.) ", "\n", "- ", "a", "A. B. ", "(a) "])
def test_twice_the_passage_takes_twice_the_steps(piece: str) -> None:
    once, twice = (
        calls(lambda count=count: sentence_spans(piece * count))  # type: ignore[misc]
        for count in (500, 1000)
    )
    assert twice <= 2.6 * once

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.explanation import Span
from docsearch.explain.pieces import without, words

texts = st.text(st.characters() | st.sampled_from(" \n\t-'_ab"), max_size=60)


def pieces_of(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't use state-of-the-art tools.", ["Don't", "use", "state-of-the-art", "tools"]),
        ("- max_seq_length = 256 -- `__init__`", ["max_seq_length", "256", "init"]),
        ("cafe\u0301s — naïve", ["cafe\u0301s", "naïve"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("\x1b[0m \ud800 👍 ...", ["0m"]),
        ("", []),
    ],
)
def test_words_keep_the_marks_inside_them_and_leave_those_around(
    text: str, expected: list[str]
) -> None:
    assert pieces_of(text) == expected


@given(texts)
def test_words_are_disjoint_in_order_and_hold_every_letter(text: str) -> None:
    spans = words(text)
    covered = [at for start, end in spans for at in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(start < end for start, end in spans)
    assert {at for at, each in enumerate(text) if each.isalnum()} <= set(covered)


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("the big dog", ["big"], "the dog"),
        ("the big dog", ["the", "dog"], "big"),
        ("a b c d", ["b", "c"], "a d"),
        ("one\ntwo\nthree", ["two"], "one\nthree"),
        ("one two\nthree", ["two"], "one\nthree"),
        ("(see below).", ["below"], "(see )."),
        ("  alone  ", ["alone"], ""),
        ("", [], ""),
    ],
)
def test_a_piece_leaves_no_hole(text: str, gone: list[str], left: str) -> None:
    spans = [(text.index(each), text.index(each) + len(each)) for each in gone]
    assert without(text, spans) == left
    assert without(text, reversed(spans)) == left


def test_nothing_taken_out_leaves_the_text_as_it_is() -> None:
    assert without("  two  spaces ", []) == "  two  spaces "


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, [pair for pair in zip(cuts[::2], cuts[1::2], strict=False) if draw(st.booleans())]


@given(texts_with_spans())
def test_everything_but_the_spans_and_white_space_is_left(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    gone = {at for start, end in spans for at in range(start, end)}
    kept = "".join(each for at, each in enumerate(text) if at not in gone)
    assert "".join(without(text, spans).split()) == "".join(kept.split())


@given(texts)
def test_no_word_is_left_without_its_words(text: str) -> None:
    assert words(without(text, words(text))) == []

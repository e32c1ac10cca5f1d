"""A heat is read off signs, brackets and weights, whether or not there are colours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.explanation import Attribution, Effect
from docsearch.presentation.heat import Heat, Scale, heat_lines, split_line, voices_line
from docsearch.presentation.marked_text import CLOSE, OPEN, Mark, marked_rows
from docsearch.presentation.pieces import Line, Role, text_of, width_of
from docsearch.tui.widgets.palette import _without_colour
from tests.tui import inspections, samples

HIT = samples.reranked(12).hits[0]
TEXT = HIT.passage.chunk.text
WORDS = inspections.by_word(HIT)


def drawn(heat: Heat, attribution: Attribution, noise: float = 0.0, cells: int = 78) -> list[Line]:
    return list(heat_lines(TEXT, attribution, Scale.of(attribution, heat, noise), cells))


def line_with(lines: list[Line], text: str) -> Line:
    return next(line for line in lines if text in text_of(line))


def role_of(line: Line, text: str) -> Role:
    return next(piece.role for piece in line if text in piece.text)


def test_strong_words_stand_out_by_how_strong_they_are() -> None:
    line = line_with(drawn(Heat.WORDS, WORDS), "Rest 30 minutes")
    assert role_of(line, "Rest") is Role.AFTER_STRONG
    assert role_of(line, "rise") is Role.AFTER_WEAK
    assert role_of(line, "tin") is Role.TEXT
    assert role_of(line_with(drawn(Heat.WORDS, WORDS), "Rye"), "Rye") is Role.AFTER_MIDDLE


def test_words_against_it_are_in_brackets() -> None:
    line = line_with(drawn(Heat.WORDS, WORDS), f"{OPEN}forgotten{CLOSE}")
    assert role_of(line, "forgotten") is Role.AGAINST
    assert text_of(line).startswith(" -0.90")


def test_the_margin_tells_the_strongest_effect_of_its_row() -> None:
    lines = drawn(Heat.WORDS, WORDS)
    assert text_of(line_with(lines, "Rest 30")).startswith(" +2.10")
    assert text_of(line_with(lines, "wheat flour")).startswith("  ")


def test_effects_within_the_noise_are_not_marked() -> None:
    lines = drawn(Heat.WORDS, WORDS, noise=1.0)
    assert role_of(line_with(lines, "Rest 30"), "Rest") is Role.AFTER_STRONG
    assert OPEN not in "".join(map(text_of, lines))


def test_a_sentence_has_its_weight_where_it_begins() -> None:
    lines = [text_of(line) for line in drawn(Heat.SENTENCES, inspections.by_sentence(HIT))]
    assert any(line.startswith(" +4.20  Rest 30 minutes") for line in lines)
    assert any(line.startswith(" -0.70  ") for line in lines)


def test_without_colours_every_level_has_a_look_of_its_own() -> None:
    palette = _without_colour()
    levels = (Role.AFTER_STRONG, Role.AFTER_MIDDLE, Role.TEXT)
    assert len({str(palette.style(role)) for role in levels}) == len(levels)


def test_the_strongest_words_are_named_with_their_weights() -> None:
    line = text_of(voices_line(TEXT, WORDS, Scale.of(WORDS, Heat.WORDS), 100))
    assert line.startswith("for Rest +2.10  30 +1.40  minutes +0.90")
    assert line.endswith(f"against {OPEN}forgotten{CLOSE} -0.90")


@pytest.mark.parametrize("cells", [0, 10, 20, 40, 80])
def test_naming_words_never_takes_more_than_there_is(cells: int) -> None:
    assert width_of(voices_line(TEXT, WORDS, Scale.of(WORDS, Heat.WORDS), cells)) <= cells


def test_the_parts_of_a_cosine_are_seen_to_sum_up() -> None:
    split = replace(WORDS, score=0.526, rest=0.014)
    assert text_of(split_line(split)) == "0.526 = words +0.512, special tokens +0.014"


def test_nothing_measured_is_the_bare_passage() -> None:
    nothing = Attribution(samples.MODEL, 1.0, (), 9)
    for heat in Heat:
        lines = drawn(heat, nothing)
        assert "Rest 30 minutes" in " ".join(text_of(line) for line in lines)
        assert {piece.role for line in lines for piece in line} <= {Role.TEXT, Role.MUTED}


texts = st.text(st.sampled_from("ab .\n-\t\x1b\u202e語é"), max_size=200)


@st.composite
def attributed(draw: st.DrawFn) -> tuple[str, Attribution]:
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    effects = tuple(Effect(span, draw(st.floats(-9, 9))) for span in spans)
    return text, Attribution("m", 1.0, effects, len(effects))


@given(attributed(), st.sampled_from(Heat), st.integers(12, 60))
def test_no_text_is_lost_widened_or_obeyed(
    sample: tuple[str, Attribution], heat: Heat, cells: int
) -> None:
    text, attribution = sample
    lines = heat_lines(text, attribution, Scale.of(attribution, heat), cells)
    bodies = "".join("".join(piece.text for piece in line[1:]) for line in lines)
    assert all(width_of(line) <= cells for line in lines)
    assert "\x1b" not in bodies
    assert "\u202e" not in bodies
    for letter in "ab語":
        assert bodies.count(letter) == text.count(letter)


def test_of_marks_that_overlap_the_first_is_shown() -> None:
    marks = [Mark((0, 4), Role.AGAINST, bracketed=True), Mark((2, 6), Role.AFTER_STRONG)]
    (row,) = marked_rows("abcdefgh", marks, 40)
    assert text_of(row.line) == f"{OPEN}abcd{CLOSE}efgh"
    assert row.marks == (0,)

"""What looks the same is the same in its normal form, and the way back leads to its letters."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.normal_form import mapped, normal, unit

ALIKE = st.text(
    st.one_of(
        st.sampled_from("aäa\u0308ßﬁŁøé½²①™İıＡ１‘’—-“ \n"),
        st.sampled_from("אָבּ\u05b8كِأ\u0640٣หลัำ屋学한\u1112\u1161がｶﾞ\u00ad\u200b\u200d\ufe0f👩🏽क़"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Hoch\u00adspan\u200bnung\ufeff", "hochspannung"),
        ("ﬁnal oﬃce", "final office"),
        ("ＡＢＣ１２３\u3000ｄ", "abc123 d"),
        ("STRASSE Straße", "strasse strasse"),
        ("ISPARTA ısparta İzmir", "isparta isparta izmir"),
        ("don’t, donʼt, don′t", "don't, don't, don't"),
        ("state‑of‐the–art − x", "state-of-the-art - x"),
        ("„so“ «so» ”so”", '"so" "so" "so"'),
        ("Müller Mu\u0308ller Łódź Ærø", "muller muller lodz aero"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("שָׁלוֹם", "שלום"),
        ("الكِتَابُ أحمد إلى آخر كتـــاب", "الكتاب احمد الي اخر كتاب"),
        ("٣ ३ ３", "3 3 3"),
        ("H₂O, x², 1½, ½", "h2o, x2, 1 1/2,  1/2"),
        ("Foo™ and ①first", "foo  and  1 first"),
        ("がガ", "がガ"),
        ("👩🏽\u200d💻", "👩💻"),
        ("a ≠ b", "a =\u0338 b"),
    ],
)
def test_what_looks_the_same_is_the_same(text: str, form: str) -> None:
    assert normal(text) == unicodedata.normalize("NFD", form)


@given(st.one_of(ALIKE, st.text()))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.one_of(ALIKE, st.text()), st.sampled_from(["NFC", "NFD"]))
def test_how_letters_are_encoded_does_not_matter(text: str, form: Literal["NFC", "NFD"]) -> None:
    assert normal(unicodedata.normalize(form, text)) == normal(text)


@given(st.one_of(ALIKE, st.text()), st.data())
def test_a_span_of_the_normal_form_leads_to_letters_that_hold_it(
    text: str, data: st.DataObject
) -> None:
    way = mapped(text)
    start = data.draw(st.integers(0, len(way.normal)))
    end = data.draw(st.integers(start, len(way.normal)))
    first, last = way.span(start, end)
    assert 0 <= first <= last <= len(text)
    # Marks of one letter may change places, so their order is not compared.
    assert not set(way.normal[start:end]) - set(normal(text[first:last]))


def test_marks_are_a_part_of_the_letter_they_are_on() -> None:
    text = "Der Mu\u0308ller\u0301, ja"
    way = mapped(text)
    at = way.normal.index("muller")
    assert text[slice(*way.span(at, at + 6))] == "Mu\u0308ller\u0301"


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("后50条", ["后", "条"]),
        ("น้ำมัน", ["น้ํ", "า", "มั", "น"]),
        ("ភាសា", ["ភា", "សា"]),
        ("학교 ab", ["학", "교"]),
        ("हिन्दी", []),
    ],
)
def test_a_script_without_spaces_is_cut_into_its_characters(text: str, units: list[str]) -> None:
    assert unit().findall(normal(text)) == [unicodedata.normalize("NFD", each) for each in units]


@pytest.mark.parametrize(
    ("ring_first", "as_one"),
    [
        ("\u0e19\u0e4d\u0e49\u0e32", "\u0e19\u0e49\u0e33"),
        ("\u0e99\u0ecd\u0ec9\u0eb2", "\u0e99\u0ec9\u0eb3"),
    ],
)
def test_the_am_of_thai_and_lao_is_the_same_in_two_characters(ring_first: str, as_one: str) -> None:
    assert normal(ring_first) == normal(as_one)

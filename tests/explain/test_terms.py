from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.explain.phrases import longest_phrase
from docsearch.explain.terms import stem, terms, within


@pytest.mark.parametrize(
    "forms",
    [
        "disk Disk disks disk's DISK’S",
        "cache caches cached caching",
        "retry retries retried retrying",
        "stop stops stopped stopping",
        "box boxes boxed boxing",
        "class classes",
        "expire expires expired expiring",
        "play plays played playing",
        "need needs",
        "fall falls falling",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rest", "restart"),
        ("string", "str"),
        ("speed", "spe"),
        ("bus", "bu"),
        ("pg-a2", "pg-a"),
        ("raid5", "raid"),
        ("analysis", "analys"),
    ],
)
def test_other_words_are_not_taken_for_the_same(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_words_of_other_languages_stay_as_they_are_but_for_case() -> None:
    assert stem("Spätzle") == "spatzle"
    assert stem("東京") == "東京"


@given(st.text())
def test_words_are_found_in_any_text_and_have_a_stem(text: str) -> None:
    found = terms(text)
    assert [text[slice(*term.span)].casefold() for term in found] == [term.word for term in found]
    assert all(term.stem for term in found)


def test_a_word_lies_within_a_span_that_holds_a_part_of_it() -> None:
    found = terms("the disk is full")
    assert [term.word for term in within(found, (5, 10))] == ["disk", "is"]


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("what if the disk is full", "When the Disk\n is full, stop.", "the disk is full"),
        ("disk full", "disk: full", "disk"),
        ("disk: full", "Disk: full!", "disk: full"),
        ("disk: full", "disk full", "disk: full"),
        ("red disk, red pump", "a red pump", "red pump"),
        ("a b a b c", "a b c", "a b c"),
        ("soup", "disk", ""),
        ("", "disk", ""),
    ],
)
def test_the_longest_phrase(asked: str, text: str, expected: str) -> None:
    assert asked[slice(*longest_phrase(asked, text))] == expected


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=12))
def test_no_longer_phrase_is_shared(asked: list[str], text: list[str]) -> None:
    start, end = longest_phrase(" ".join(asked), " ".join(text))
    length = (end - start + 1) // 2
    runs = {
        tuple(asked[at : at + size])
        for size in range(1, len(asked) + 1)
        for at in range(len(asked) + 1 - size)
    }
    shared = [
        run for run in runs if any(list(run) == text[at : at + len(run)] for at in range(len(text)))
    ]
    assert length == max((len(run) for run in shared), default=0)

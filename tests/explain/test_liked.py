"""Which strong words two rerankers share: told on the scale of each, never across the two."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.document import Chunk, Location, StoredChunk
from docsearch.domain.explanation import (
    Attribution,
    Effect,
    Inspection,
    Liked,
    Measure,
    Standing,
)
from docsearch.domain.ranking import RankedHit
from docsearch.explain.liked import liked
from docsearch.explain.pieces import words

TEXT = "The disk is full: delete old logs, the Disk fills"
HIT = RankedHit(
    StoredChunk(1, "a.md", Chunk(0, 0, len(TEXT), TEXT, 9, (), Location(1)), None, 0), 1, 0.5
)


def seen(noise: float = 0.0, **effects: float) -> Inspection:
    """A reranker to which each word that is named does this, and every other one nothing."""
    found = [Effect(span, effects.get(TEXT[slice(*span)], 0.0)) for span in words(TEXT)]
    weighed = Attribution("m", 1.0, tuple(found), len(found))
    return Inspection(HIT, "m", words=weighed, standing=Standing(None, None, noise))


def test_strong_words_are_shared_or_liked_by_one_alone() -> None:
    found = liked(seen(full=5.0, disk=4.0, old=-3.0), seen(disk=0.02, logs=0.01, old=0.004))
    assert found == Liked(both=("disk",), first=("full",), second=("logs", "old"))


def test_a_word_that_one_likes_only_a_little_is_shared() -> None:
    found = liked(seen(full=5.0, disk=4.0), seen(disk=1.0, full=0.1))
    assert found == Liked(both=("disk", "full"), first=(), second=())


def test_a_word_in_two_places_counts_by_its_best() -> None:
    found = liked(seen(Disk=2.0, disk=-1.0), seen(disk=0.3))
    assert found == Liked(both=("disk",), first=(), second=())


def test_what_only_arithmetic_makes_of_a_word_is_not_liking_it() -> None:
    found = liked(seen(full=5.0), seen(noise=0.5, full=0.4, disk=1.0))
    assert found == Liked(both=(), first=("full",), second=("disk",))


def test_a_word_that_one_has_not_weighed_is_not_named() -> None:
    whole = seen(full=5.0, disk=4.0)
    assert whole.words is not None
    part = replace(whole, words=replace(whole.words, effects=whole.words.effects[:2]))
    assert liked(whole, part) == Liked(both=("disk",), first=(), second=())


def test_nothing_is_said_before_the_words_of_both_are_weighed() -> None:
    whole = seen(full=1.0)
    assert liked(whole, replace(whole, words=None)) is None
    assert liked(replace(whole, doing=Measure.WORDS, standing=None), whole) is None
    assert liked(whole, replace(whole, standing=None)) is not None


effects = st.fixed_dictionaries(
    dict.fromkeys(("disk", "full", "old", "logs"), st.floats(-9, 9, allow_subnormal=False))
)


@given(effects, effects, st.sampled_from([0.125, 8.0, 1024.0]))
def test_the_units_of_a_score_change_nothing_and_neither_does_who_comes_first(
    here: dict[str, float], there: dict[str, float], unit: float
) -> None:
    found = liked(seen(**here), seen(**there))
    assert found is not None
    in_other_units = {word: effect * unit for word, effect in there.items()}
    assert liked(seen(**here), seen(**in_other_units)) == found
    turned = liked(seen(**there), seen(**here))
    assert turned == Liked(found.both, found.second, found.first)

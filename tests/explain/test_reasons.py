from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.explanation import Attribution, Effect, Inspection, Reading, Standing
from docsearch.domain.fusion import Fusion, Voices
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import SearchResult
from docsearch.explain.reasons import reasons
from tests.explain.results import reranked

UNLIKE = "Soup of leeks."


def inspected(result: SearchResult, number: int = 1) -> Inspection:
    return Inspection(result.hits[number - 1], result.reranker)


def said(words: str, *texts: str, number: int = 1) -> tuple[str, ...]:
    """The reasons of one of these passages, which are in the order of both stages."""
    result = reranked([float(-at) for at in range(len(texts))], words, texts)
    return reasons(result, inspected(result, number))


def with_headings(words: str, text: str, *headings: str) -> tuple[str, ...]:
    result = reranked([1.0], words, [text])
    (hit,) = result.hits
    chunk = replace(hit.passage.chunk, headings=headings)
    hit = replace(hit, passage=replace(hit.passage, chunk=chunk))
    result = replace(result, hits=(hit,))
    return reasons(result, inspected(result))


def occluded(text: str, effects: dict[str, float], score: float = 0.0) -> Attribution:
    """The effects of pieces of `text`, each found where it stands first."""
    spans = [(text.index(piece), text.index(piece) + len(piece)) for piece in effects]
    measured = [Effect(span, effect) for span, effect in zip(spans, effects.values(), strict=True)]
    return Attribution("fake-cross-encoder", score, tuple(measured), len(measured))


def test_an_exact_phrase_and_a_part_of_one() -> None:
    assert "holds the exact phrase “Disk full”" in said(
        "Disk full", "When the disk\nfull light is on"
    )
    assert "holds “out of memory” word for word" in said(
        "java out of memory", "It is out of memory."
    )


@pytest.mark.parametrize("text", ["full of disk", "disk; full", "a disk", "Is it the pump?"])
def test_words_that_do_not_stand_together_are_no_phrase(text: str) -> None:
    assert not any(
        "phrase" in each or "word for word" in each for each in said("is it disk full", text)
    )


def test_coverage_counts_words_by_stem_and_names_what_is_missing() -> None:
    assert said("expire cached disks", "A disk cache whose entries expired") == (
        "covers 3 of 3 query words",
    )
    assert said("python cache expiry", "python caches") == (
        "covers 2 of 3 query words, all but “expiry”",
    )
    assert said("how does a pump work", "no such thing") == (
        "does not hold any of the 2 query words",
    )


def test_coverage_is_set_against_the_first_of_the_other_list() -> None:
    result = reranked([1.0, 2.0], "raid disk pump", [UNLIKE, "The raid disk, the pump."])
    first, second = (reasons(result, inspected(result, number)) for number in (1, 2))
    assert "covers 3 of 3 query words; the first before reranking covers 0" in first
    assert second == ("does not hold any of the 3 query words",)
    result = reranked([1.0, 2.0], "raid disk pump", ["The pump.", UNLIKE])
    pump = reasons(result, inspected(result, 2))
    assert pump == (
        "covers 1 of 3 query words, all but “raid” and “disk”; the first after reranking covers 0",
    )


def test_one_word_is_held_or_not() -> None:
    assert said("the disk", "disks") == ("holds “disk”",)
    assert said("the disk", "pumps") == ("does not hold “disk”",)


def test_a_query_of_common_words_is_taken_at_its_word() -> None:
    assert said("what is it", "What is it?") == (
        "holds the exact phrase “what is it”",
        "covers 3 of 3 query words",
    )
    assert said("how to", UNLIKE) == ("does not hold any of the 2 query words",)


@pytest.mark.parametrize("words", ["", "   ", "?!"])
def test_a_query_without_words_has_nothing_to_cover(words: str) -> None:
    assert said(words, UNLIKE) == ()


def test_identical_and_nearly_identical_passages() -> None:
    text = "Check the array first, then pull the disk that the light marks, and wait a minute."
    nearly = text.replace("a minute", "an hour")
    assert "the same text as number 2" in said("soup", text, text)
    twin = said("soup", UNLIKE, text, nearly, number=2)
    assert "nearly the same text as number 3: they share 73% of their four-word runs" in twin
    assert not any("same text" in each for each in said("soup", text, UNLIKE))


def test_words_that_only_the_heading_holds() -> None:
    text = "## Rebuild the RAID\n\nPull the disk, wait for the light."
    assert "“raid” and “rebuild” stand only in its heading" in with_headings(
        "raid disk rebuild", text, "Operations", "Rebuild the RAID"
    )
    # No model has read a heading that stands above the passage.
    assert with_headings("rebuild", "Pull the disk.", "Rebuild the RAID") == (
        "does not hold “rebuild”",
    )
    assert with_headings("raid", "# RAID\n\nThe RAID.", "RAID") == ("holds “raid”",)


def test_the_place_without_the_best_sentence() -> None:
    text = "The disk is full. Go home."
    result = reranked([5.0, 3.0, 1.0], "disk", [text, UNLIKE, "Bread."])
    by_sentence = occluded(text, {"The disk is full.": 3.5, "Go home.": -0.5}, 5.0)
    inspection = replace(inspected(result), sentences=by_sentence)
    sentence = (
        "without its best sentence it scores +1.50 instead of +5.00, and is number 2 instead of 1"
    )
    assert sentence in reasons(result, inspection)
    fused = replace(result, fusion=Fusion(first_stage=0.5))
    assert f"{sentence} by the reranker alone" in reasons(fused, inspection)


@pytest.mark.parametrize(
    "effects",
    [{"The disk is full.": 1.5, "Go home.": 0.0}, {"The disk is full.": -3.0}, {}],
)
def test_a_sentence_that_moves_it_nowhere_is_not_told(effects: dict[str, float]) -> None:
    text = "The disk is full. Go home."
    result = reranked([5.0, 3.0], "disk", [text, UNLIKE])
    inspection = replace(inspected(result), sentences=occluded(text, effects, 5.0))
    assert reasons(result, inspection) == reasons(result, inspected(result))


def test_a_passage_of_one_sentence_is_not_taken_without_it() -> None:
    result = reranked([5.0, 3.0], "disk", ["The disk is full.", UNLIKE])
    alone = occluded("The disk is full.", {"The disk is full.": 9.0}, 5.0)
    assert reasons(result, replace(inspected(result), sentences=alone)) == ("holds “disk”",)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The pump is not installed.", "“not” stands just before “installed” in its best sentence"),
        ("It isn’t yet installed.", "“isn’t” stands just before “installed” in its best sentence"),
        ("It is installed, not sold.", None),
        ("Do not ask when it was installed.", None),
    ],
)
def test_a_negation_before_a_word_of_the_query(sentence: str, told: str | None) -> None:
    text = f"It is not install. {sentence}"
    result = reranked([5.0], "install", [text])
    inspection = replace(inspected(result), sentences=occluded(text, {sentence: 4.0}, 5.0))
    negations = [each for each in reasons(result, inspection) if "just before" in each]
    assert negations == ([told] if told else [])


def test_a_query_that_negates_itself_is_met_and_not_contradicted_by_a_negation() -> None:
    text = "The pump is not installed."
    result = reranked([5.0], "not installed", [text])
    inspection = replace(inspected(result), sentences=occluded(text, {text: 4.0}, 5.0))
    assert not any("just before" in each for each in reasons(result, inspection))


def test_an_answer_beyond_the_first_window() -> None:
    result = reranked([5.0], "disk", ["disk"])
    reading = Reading(1, 700, 512, (512, 300), (-2.1, 5.0))
    assert reasons(result, replace(inspected(result), reading=reading)) == (
        "holds “disk”",
        "its best part lies beyond the first window: window 2 of 2 scores +5.00, the first -2.10",
    )
    first = replace(reading, window_scores=(5.0, -2.1))
    assert reasons(result, replace(inspected(result), reading=first)) == ("holds “disk”",)


def test_most_of_the_score_from_words_that_were_not_asked_for() -> None:
    text = "Full Volume on this disk"
    result = reranked([5.0], "disks", [text])
    effects = {"disk": 1.0, "Volume": 2.0, "Full": 1.0, "on": -3.0, "this": 0.0}
    inspection = replace(inspected(result), words=occluded(text, effects))
    assert reasons(result, inspection) == (
        "holds “disks”",
        "75% of what its words add comes from words that the query does not hold, such as "
        "“Volume” and “Full”",
    )
    asked = occluded(text, {"disk": 3.0, "Volume": 2.0})
    assert reasons(result, replace(inspected(result), words=asked)) == ("holds “disks”",)
    noise = replace(inspection, standing=Standing(None, None, 1.0))
    (_, told) = reasons(result, noise)
    assert told.startswith("100% of what its words add")
    assert told.endswith("such as “Volume”")
    all_noise = replace(inspection, standing=Standing(None, None, 2.0))
    assert reasons(result, all_noise) == ("holds “disks”",)
    against = occluded(text, {"disk": -1.0, "Volume": 0.0})
    assert reasons(result, replace(inspected(result), words=against)) == ("holds “disks”",)


def fused(
    voices: Sequence[Voices], source: CandidateSource = CandidateSource.DENSE
) -> SearchResult:
    """A result whose hits, in the first stage's order, have these voices."""
    result = reranked(
        [voice.reranker for voice in voices], "", [f"{at}" for at in range(len(voices))]
    )
    voiced = [replace(hit, voices=voice) for hit, voice in zip(result.before, voices, strict=True)]
    voiced.sort(key=lambda hit: -hit.voices.total if hit.voices else 0.0)
    hits = tuple(replace(hit, after_rank=rank) for rank, hit in enumerate(voiced, start=1))
    return replace(result, hits=hits, source=source, fusion=Fusion(recency=1.0, first_stage=1.0))


def test_a_voice_that_moves_it_is_named_with_both_places() -> None:
    result = fused([Voices(1.0, 0.2, 0.0), Voices(0.5, 0.0, 0.9)])
    assert reasons(result, inspected(result, 1)) == (
        "the age of its file lifts it from number 2 to number 1",
    )
    assert reasons(result, inspected(result, 2)) == (
        "the age of its file lowers it from number 1 to number 2",
    )
    result = fused([Voices(0.0, 0.9, 0.0), Voices(0.5, 0.0, 0.0)], CandidateSource.BM25)
    assert reasons(result, inspected(result, 1)) == (
        "BM25's share lifts it from number 2 to number 1",
    )


def test_a_voice_that_changes_nothing_is_not_told() -> None:
    result = fused([Voices(1.0, 0.2, 0.5), Voices(0.5, 0.0, 0.4)])
    assert reasons(result, inspected(result)) == ()


def test_of_words_weighed_in_part_no_more_is_said() -> None:
    text = "The disk of Volume"
    result = reranked([1.0], "disk", [text])
    weighed = replace(occluded(text, {"disk": 1.0, "Volume": 2.0}), pieces=4)
    (_, told) = reasons(result, replace(inspected(result), words=weighed))
    assert told.startswith("67% of what the 2 words weighed add")


def test_words_that_no_space_tells_apart_are_not_counted() -> None:
    text = "恢复需要四小时。"
    result = reranked([1.0], "恢复需要多久", [text])
    words = occluded(text, {"恢复需要四小时": 1.0})
    assert reasons(result, replace(inspected(result), words=words)) == ()


def test_five_reasons_at_most_the_weightiest_first() -> None:
    text = "# Disk full\n\nThe disk is not full here. Volume."
    result = fused([Voices(3.0, 0.0, 0.0), Voices(1.0, 0.0, 4.0)])
    query = replace(result.query, words="disk full")
    hits = [
        replace(hit, passage=replace(hit.passage, chunk=replace(hit.passage.chunk, text=text)))
        for hit in result.hits
    ]
    result = replace(result, query=query, hits=tuple(hits))
    inspection = replace(
        inspected(result),
        sentences=occluded(text, {"The disk is not full here.": 2.0, "Volume.": 1.0}, 3.0),
        words=occluded(text, {"Volume": 2.0}),
        reading=Reading(2, 9, 512, (12, 9), (1.0, 3.0)),
    )
    found = reasons(result, inspection)
    assert len(found) == 5
    assert found[0] == "the age of its file lifts it from number 2 to number 1"
    assert found[1] == "holds the exact phrase “disk full”"
    assert found[2] == "the same text as number 2"


def test_without_a_reranker_only_the_text_speaks() -> None:
    result = reranked([None, None], "disk pump", ["The disk.", UNLIKE])
    assert reasons(result, inspected(result)) == ("covers 1 of 2 query words, all but “pump”",)


any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@given(any_text, any_text, any_text)
def test_any_text_gives_reasons_that_are_safe_to_show(words: str, one: str, other: str) -> None:
    result = reranked([1.0, 2.0], words, [one, f"{one}{other}{words}"])
    for number in (1, 2):
        text = result.hits[number - 1].passage.chunk.text
        effects = {text[:20]: 3.0, text[20:]: 1.0} if len(set(text)) > 20 else {text: 1.0}
        measured = occluded(text, effects, 2.0)
        inspection = replace(inspected(result, number), sentences=measured, words=measured)
        for reason in reasons(result, inspection):
            reason.encode()
            assert not any(ord(each) < 32 for each in reason)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docsearch.evaluation.overlap import LEAST_OVERLAP, best_match, overlap
from tests.evaluation.passages import passage

TEXT = "When the disk is full, delete old logs first, then look for core dumps and old kernels."
words = st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=1, max_size=60, unique=True)


@given(st.text(max_size=200), st.text(max_size=200))
def test_overlap_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    share = overlap(one, other)
    assert 0.0 <= share <= 1.0
    assert share == overlap(other, one)


@given(words)
def test_a_text_is_wholly_in_itself_however_it_is_laid_out(each: list[str]) -> None:
    assert overlap(" ".join(each), "\n\n".join(each).upper()) == 1.0


@given(words.filter(lambda each: len(each) > 3), st.data())
def test_a_passage_cut_in_two_goes_to_the_larger_part(each: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(each)))
    parts = [" ".join(each[:at]), " ".join(each[at:])]
    found = best_match(" ".join(each), "a.md", [passage(part) for part in parts])
    assert found is not None
    assert len(found.passage.chunk.text.split()) == max(at, len(each) - at)


@given(words, words)
def test_what_shares_no_word_is_no_match(each: list[str], others: list[str]) -> None:
    strange = " ".join(word.upper() + "9" for word in others)
    assert best_match(" ".join(each), "a.md", [passage(strange)]) is None


@given(st.lists(st.text("ab ", max_size=30), max_size=6), st.text("ab ", min_size=1, max_size=30))
def test_a_match_is_one_of_the_passages_and_overlaps_enough(texts: list[str], text: str) -> None:
    passages = [passage(each, chunk_id=at) for at, each in enumerate(texts)]
    found = best_match(text, "a.md", passages)
    if found is not None:
        assert found.passage in passages
        assert found.overlap == overlap(text, found.passage.chunk.text) >= LEAST_OVERLAP


def test_the_same_file_goes_before_another_that_shares_more() -> None:
    same = passage(TEXT.replace("core dumps", "large files"), "a.md", 1)
    copy = passage(TEXT, "copy.md", 2)
    found = best_match(TEXT, "a.md", [copy, same])
    assert found is not None
    assert found.passage is same
    elsewhere = best_match(TEXT, "gone.md", [same, copy])
    assert elsewhere is not None
    assert elsewhere.passage is copy


def test_the_same_words_in_another_order_are_another_passage() -> None:
    shuffled = " ".join(sorted(TEXT.split()))
    assert best_match(TEXT, "a.md", [passage(shuffled)]) is None


def test_a_heading_alone_is_not_the_passage_under_it() -> None:
    whole = "Full disk " + " ".join(f"word{at}" for at in range(50))
    assert best_match(whole, "a.md", [passage("Full disk")]) is None
    assert best_match("Full disk", "a.md", [passage(whole)]) is not None

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from docsearch.domain.explanation import Noise
from docsearch.domain.fusion import Fusion, Voices
from docsearch.domain.ranking import RerankScore, SearchResult
from docsearch.explain.noise import noise
from tests.explain.hits import result
from tests.fakes.reranker import FakeReranker


class Given(FakeReranker):
    """Scores by text, and by how much half precision moves each."""

    def __init__(self, scores: dict[str, float], moved: dict[str, float]) -> None:
        super().__init__()
        self._scores, self._moved = scores, moved

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        return [RerankScore(self._scores[text], 0.5) for text in passages]

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        return [self._scores[text] + self._moved.get(text, 0.0) for text in passages]


SCORES = {"far": 9.0, "near": 5.02, "nearer": 5.0, "last": 1.0}
BEFORE = ["nearer", "near", "last", "far"]
SHAKEN = Given(SCORES, {"near": 0.05})


def measured(found: SearchResult, reranker: Given = SHAKEN) -> Noise:
    return noise(found, reranker)


def test_a_move_is_noise_where_what_stands_at_its_old_place_scores_the_same() -> None:
    # far 4 -> 1, near stays 2, nearer 1 -> 3, last 3 -> 4.
    found = result("q", BEFORE, SHAKEN)
    assert measured(found).jitter == pytest.approx(0.05)
    assert measured(found).moves == frozenset()

    # near 2 -> 1 and nearer 1 -> 2: each at the other's old place, by less than the jitter.
    swapped = result("q", ["nearer", "near", "last"], SHAKEN)
    assert measured(swapped).moves == {1, 2}
    still = Given(SCORES, {"near": 0.01})
    assert measured(swapped, still).moves == frozenset()


def test_with_other_voices_the_jitter_counts_as_the_rerankers_voice_weighs_it() -> None:
    swapped = result("q", ["nearer", "near", "last"], SHAKEN)

    def voiced(first_stage: float) -> SearchResult:
        hits = tuple(
            replace(hit, voices=Voices(0.1 * hit.rerank.raw, first_stage * place, 0.0))
            for place, hit in enumerate(swapped.hits)
            if hit.rerank
        )
        return replace(swapped, hits=hits, fusion=Fusion(first_stage=0.5))

    assert measured(voiced(0.0)).moves == {1, 2}
    assert measured(voiced(-0.2)).moves == frozenset()


def test_copies_of_one_text_and_an_empty_list_have_no_jitter() -> None:
    copies = result("q", ["near", "near"], SHAKEN)
    assert measured(copies).jitter == 0.0
    empty = replace(copies, hits=())
    assert measured(empty) == Noise(0.0, frozenset())

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from docsearch.domain.document import Chunk, StoredChunk
from docsearch.domain.fusion import Blend, Fusion, Voices
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import Candidate, RankedHit, RerankScore, SearchResult
from docsearch.search.order import order, reordered

DAY = 86_400
NOW = 1_700_000_000.0
ALONE = Fusion()
FIRST_ALONE = Fusion(reranker=0.0, first_stage=1.0)
RANKS_OF_BOTH = Fusion(first_stage=1.0, blend=Blend.RANKS)

raws = st.floats(-12, 12).map(lambda each: round(each, 3))
weights = st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0])
fusions = st.builds(
    Fusion,
    reranker=weights,
    first_stage=weights,
    recency=weights,
    blend=st.sampled_from(Blend),
    k=st.integers(1, 100),
    half_life_days=st.floats(0.5, 400),
)


@st.composite
def scored_candidates(
    draw: st.DrawFn, least: int = 0
) -> tuple[list[Candidate], dict[int, RerankScore]]:
    """Candidates best first, each of some age in days, with every one of them scored."""
    facts = draw(st.lists(st.tuples(raws, raws, st.integers(0, 999)), min_size=least, max_size=12))
    firsts = sorted((first for first, _, _ in facts), reverse=True)
    found = candidates(firsts, [age for _, _, age in facts])
    return found, scores(raw for _, raw, _ in facts)


def candidates(firsts: Sequence[float], ages: Sequence[float] = ()) -> list[Candidate]:
    """One for each score of the first stage, as old as `ages` say in days, else all as old."""
    ages = ages or [0.0] * len(firsts)
    return [
        Candidate(passage(rank, age), rank, first)
        for rank, (first, age) in enumerate(zip(firsts, ages, strict=True), start=1)
    ]


def passage(number: int, age: float) -> StoredChunk:
    text = str(number)
    chunk = Chunk(0, 0, len(text), text, 3)
    return StoredChunk(number, f"{number}.md", chunk, None, int((NOW - age * DAY) * 1e9))


def scores(raw: Iterable[float]) -> dict[int, RerankScore]:
    return {at: RerankScore(each, 0.5) for at, each in enumerate(raw)}


def ids(hits: Sequence[RankedHit]) -> list[int]:
    return [hit.passage.chunk_id for hit in hits]


def voices_of(hits: Sequence[RankedHit]) -> dict[int, Voices]:
    return {hit.passage.chunk_id: hit.voices for hit in hits if hit.voices is not None}


def gave(hits: Sequence[RankedHit]) -> list[tuple[float, float, float]]:
    """What the voices gave, by chunk, in the order of the fields of `Voices`."""
    by_chunk = sorted(voices_of(hits).items())
    return [(each.reranker, each.first_stage, each.recency) for _, each in by_chunk]


@given(st.dictionaries(st.integers(0, 19), raws, max_size=20), fusions)
def test_every_candidate_is_there_once_the_scored_ones_first(
    raw: dict[int, float], fusion: Fusion
) -> None:
    found = {position: RerankScore(each, 0.5) for position, each in raw.items()}
    hits = order(candidates([1 / rank for rank in range(1, 21)]), found, fusion, NOW)
    assert sorted(hit.before_rank for hit in hits) == list(range(1, 21))
    reranked, waiting = hits[: len(raw)], hits[len(raw) :]
    assert [hit.after_rank for hit in reranked] == list(range(1, len(raw) + 1))
    assert all((hit.movement, hit.rerank, hit.voices) == (None, None, None) for hit in waiting)
    assert [hit.before_rank for hit in waiting] == sorted(hit.before_rank for hit in waiting)
    if len(raw) == 20:
        assert sum(hit.movement or 0 for hit in hits) == 0


@given(scored_candidates())
def test_a_reranker_alone_ranks_by_its_raw_score_and_has_no_voices(
    scored: tuple[list[Candidate], dict[int, RerankScore]],
) -> None:
    hits = order(*scored, ALONE, NOW)
    keys = [(-hit.rerank.raw, hit.before_rank) for hit in hits if hit.rerank]
    assert keys == sorted(keys)
    assert voices_of(hits) == {}


@pytest.mark.parametrize("fusion", [ALONE, RANKS_OF_BOTH, Fusion(first_stage=0.5, recency=1.0)])
def test_equals_keep_the_first_order(fusion: Fusion) -> None:
    found = {index: RerankScore(1.0, 0.7) for index in (2, 0, 1)}
    hits = order(candidates([0.5, 0.5, 0.5]), found, fusion, NOW)
    assert [hit.before_rank for hit in hits] == [1, 2, 3]
    assert [hit.movement for hit in hits] == [0, 0, 0]


def test_by_scores_a_voice_gives_its_weight_times_its_z_score() -> None:
    # Raw scores 4, 1, 1 have mean 2 and deviation sqrt(2); 0.9, 0.6, 0.3 are one step apart.
    hits = order(candidates([0.9, 0.6, 0.3]), scores([1, 4, 1]), Fusion(first_stage=0.5), NOW)
    assert ids(hits) == [2, 1, 3]
    step = 0.5 * 1.5**0.5
    wanted = [(-(0.5**0.5), step, 0.0), (2**0.5, 0.0, 0.0), (-(0.5**0.5), -step, 0.0)]
    assert [pytest.approx(each) for each in wanted] == gave(hits)


def test_the_first_stage_settles_what_the_reranker_finds_nearly_equal() -> None:
    found, raw = candidates([0.9, 0.5, 0.1]), scores([1.0, 1.2, -9.0])
    assert ids(order(found, raw, ALONE, NOW)) == [2, 1, 3]
    assert ids(order(found, raw, Fusion(first_stage=0.5), NOW)) == [1, 2, 3]


def test_by_ranks_a_voice_gives_its_weight_over_k_and_rank() -> None:
    fusion = replace(RANKS_OF_BOTH, first_stage=2.0, k=10)
    hits = order(candidates([0.9, 0.6, 0.3]), scores([1, 4, 1]), fusion, NOW)
    assert ids(hits) == [1, 2, 3]
    # The two that the reranker cannot tell apart share the better rank.
    wanted = [(1 / 12, 2 / 11, 0.0), (1 / 11, 2 / 12, 0.0), (1 / 12, 2 / 13, 0.0)]
    assert [pytest.approx(each) for each in wanted] == gave(hits)


@pytest.mark.parametrize("blend", Blend)
def test_recency_brings_up_what_was_written_last(blend: Blend) -> None:
    found = candidates([0.9, 0.6, 0.3], [400.0, 30.0, 0.0])
    raw = scores([2.0, 1.9, 1.8])
    assert ids(order(found, raw, Fusion(recency=9.0, blend=blend), NOW)) == [3, 2, 1]


def test_the_half_life_says_from_what_age_on_files_are_alike() -> None:
    found, raw = candidates([0.9, 0.5, 0.1], [700.0, 350.0, 0.0]), scores([1.0, 0.0, 0.0])

    def apart(half_life: float) -> float:
        fusion = Fusion(recency=1.0, half_life_days=half_life)
        recency = {
            at: each.recency for at, each in voices_of(order(found, raw, fusion, NOW)).items()
        }
        return recency[2] - recency[1]

    assert apart(1.0) == pytest.approx(0.0, abs=1e-6)
    assert apart(350.0) > 0.5


def test_voices_are_compared_among_the_scored_only() -> None:
    found = candidates([0.9, 0.6, 0.3, 0.2])
    part = {at: RerankScore(raw, 0.5) for at, raw in ((0, 1.0), (3, 2.0))}
    hits = order(found, part, Fusion(first_stage=0.5), NOW)
    assert ids(hits) == [4, 1, 2, 3]
    assert [pytest.approx(each) for each in ((-1.0, 0.5, 0.0), (1.0, -0.5, 0.0))] == gave(hits)


@given(scored_candidates(), fusions)
def test_hits_stand_by_the_sum_of_what_the_voices_gave(
    scored: tuple[list[Candidate], dict[int, RerankScore]], fusion: Fusion
) -> None:
    assume(not fusion.is_alone)
    hits = order(*scored, fusion, NOW)
    keys = [(-hit.voices.total, hit.before_rank) for hit in hits if hit.voices]
    assert len(keys) == len(hits)
    assert keys == sorted(keys)


@given(scored_candidates(), fusions, st.randoms(use_true_random=False))
def test_what_a_voice_gives_does_not_depend_on_the_place_among_the_candidates(
    scored: tuple[list[Candidate], dict[int, RerankScore]], fusion: Fusion, random: Random
) -> None:
    found, raw = scored
    places = list(range(len(found)))
    random.shuffle(places)
    shuffled = order(
        [found[at] for at in places], scores(raw[at].raw for at in places), fusion, NOW
    )
    assert voices_of(shuffled) == voices_of(order(found, raw, fusion, NOW))


@given(scored_candidates(), st.sampled_from(Blend))
def test_other_voices_at_nothing_are_no_voices(
    scored: tuple[list[Candidate], dict[int, RerankScore]], blend: Blend
) -> None:
    assert order(*scored, Fusion(blend=blend, k=7), NOW) == order(*scored, ALONE, NOW)
    first = order(*scored, replace(FIRST_ALONE, blend=blend), NOW)
    assert [hit.before_rank for hit in first] == list(range(1, len(first) + 1))


@given(scored_candidates(least=2), st.data())
def test_by_ranks_a_better_score_never_costs_a_place(
    scored: tuple[list[Candidate], dict[int, RerankScore]], data: st.DataObject
) -> None:
    found, raw = scored
    fusion = data.draw(fusions.map(lambda each: replace(each, blend=Blend.RANKS)))
    at = data.draw(st.integers(0, len(found) - 1))
    better = raw | {at: RerankScore(raw[at].raw + data.draw(st.floats(0, 20)), 0.5)}
    assert _rank(order(found, better, fusion, NOW), at) <= _rank(order(found, raw, fusion, NOW), at)


@given(scored_candidates(), fusions)
def test_what_no_voice_likes_less_does_not_stand_below(
    scored: tuple[list[Candidate], dict[int, RerankScore]], fusion: Fusion
) -> None:
    found, raw = scored
    hits = order(found, raw, fusion, NOW)
    written = [each.passage.modified_ns for each in found]
    for one, two in combinations(range(len(found)), 2):
        if raw[one].raw >= raw[two].raw and written[one] >= written[two]:
            assert _rank(hits, one) < _rank(hits, two)


def _rank(hits: Sequence[RankedHit], at: int) -> int:
    return ids(hits).index(at + 1) + 1


@given(st.dictionaries(st.integers(0, 7), raws), fusions, fusions)
def test_reordering_is_what_the_search_would_have_shown(
    raw: dict[int, float], one: Fusion, other: Fusion
) -> None:
    found = candidates([1 / rank for rank in range(1, 9)], [float(age) for age in range(8)])
    part = {at: RerankScore(each, 0.5) for at, each in raw.items()}
    query = Query("disk", "disk")
    searched, wanted = (
        SearchResult(
            query,
            CandidateSource.DENSE,
            "some-reranker",
            order(found, part, fusion, NOW),
            notice="kept",
            fusion=fusion,
        )
        for fusion in (one, other)
    )
    assert reordered(searched, other, NOW) == wanted

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest

from docsearch.bench.rerank import (
    Baseline,
    Contestant,
    FirstStage,
    RerankPlan,
    Words,
    bench_rerank,
)
from docsearch.bench.rerank_parts import tokenizer_file
from docsearch.domain.benchmark import Figure, Step
from docsearch.models.descriptions import BOXED
from docsearch.models.registry import ModelRegistry
from docsearch.ports import ScoreCache
from tests.fakes.reranker import FakeReranker
from tests.fakes.scores import MemoryScoreCache

THEIRS = ("theirs", "predict")
OURS = ("ours", "fp32")
PLAN = RerankPlan((3, 5), (32, 64), 3)


class Measuring:
    """A benchmark of fakes, which note in `log` who was asked for how many passages."""

    def __init__(self, plan: RerankPlan = PLAN) -> None:
        self.log: list[tuple[str, int]] = []
        self.pairs: list[tuple[str, str]] = []
        rerankers = {name: FakeReranker(name) for name in ("ours", "other")}
        for reranker in rerankers.values():
            reranker.window_words = 1000
        self.rerankers = rerankers
        registry = ModelRegistry(Path("nowhere"))
        self.found = list(
            bench_rerank(
                [
                    Contestant((name, "fp32"), each, keeps_passages=name == "other")
                    for name, each in rerankers.items()
                ],
                Baseline(THEIRS, self._predict),
                FirstStage(7, lambda words: self.log.append(("dense", len(words.split())))),
                Words(tokenizer_file(registry), 1),
                self._new_cache,
                plan,
            )
        )

    @property
    def figures(self) -> dict[tuple[str, ...], Figure]:
        return {each.name: each for each in self.found if isinstance(each, Figure)}

    @property
    def steps(self) -> list[Step]:
        return [each for each in self.found if isinstance(each, Step)]

    def _predict(self, query: str, passages: Sequence[str]) -> None:
        self.log.append(("theirs", len(passages)))
        self.pairs += [(query, passage) for passage in passages]

    def _new_cache(self) -> ScoreCache:
        self.log.append(("cache", 0))
        return MemoryScoreCache()


@pytest.fixture(scope="module")
def measuring() -> Measuring:
    return Measuring()


def test_each_number_of_pairs_and_tokens_has_its_figures(measuring: Measuring) -> None:
    points = {"p50", "p95", "p99"}
    for pairs in ("3 pairs", "5 pairs"):
        for tokens in ("32 tokens", "64 tokens"):
            where = (pairs, tokens)
            assert {(*where, *THEIRS, point) for point in points} <= set(measuring.figures)
            for name in (OURS, ("other", "fp32")):
                for cache in ("cold cache", "warm cache"):
                    told = {(*where, *name, cache, point) for point in (*points, "times as fast")}
                    assert told <= set(measuring.figures)
    assert ("dense retrieval", "7 vectors", "p50") in measuring.figures


def test_a_ratio_is_that_of_the_medians_it_names(measuring: Measuring) -> None:
    named = {" · ".join(name): figure for name, figure in measuring.figures.items()}
    cold = ("3 pairs", "32 tokens", *OURS, "cold cache")
    ratio = measuring.figures[*cold, "times as fast"]
    assert ratio.baseline == "3 pairs · 32 tokens · theirs · predict · p50"
    ours = measuring.figures[*cold, "p50"]
    assert ratio.value == pytest.approx(named[ratio.baseline].value / ours.value)


def test_a_warm_cache_leaves_nothing_to_score() -> None:
    measuring = Measuring(RerankPlan((3,), (32,), 2))
    scored = [len(batch) for batch in measuring.rerankers["ours"].scored]
    assert scored == [4, 3, 3], "a warm-up, then once in each round: with the cold cache"


def test_one_that_keeps_passages_is_asked_another_query_over_them() -> None:
    measuring = Measuring(RerankPlan((3,), (32,), 2))
    scored = [len(batch) for batch in measuring.rerankers["other"].scored]
    assert scored == [4, 3, 3, 3, 3], "a warm-up, then two queries in each round"
    where = ("3 pairs", "32 tokens")
    assert (*where, "other", "fp32", "another query", "times as fast") in measuring.figures
    assert (*where, *OURS, "another query", "p50") not in measuring.figures


def test_rounds_begin_with_another_one_each_time() -> None:
    measuring = Measuring(RerankPlan((3,), (32,), 3))
    names = " ".join(step.what.split(" · ")[2] for step in measuring.steps)
    assert names == "theirs ours other ours other theirs other theirs ours"


def test_steps_count_up_to_their_total(measuring: Measuring) -> None:
    assert [step.done for step in measuring.steps] == list(range(measuring.steps[0].total))


def test_no_round_asks_what_another_one_asked(measuring: Measuring) -> None:
    queries = [query for query, _ in groupby(measuring.pairs, key=lambda pair: pair[0])]
    assert len(queries) == len(set(queries)) == 2 * 2 * 3 + 2


def test_pairs_have_exactly_the_tokens_that_are_told() -> None:
    from tokenizers import Tokenizer

    measuring = Measuring(RerankPlan((2,), (128, 512), 1))
    folder = ModelRegistry(Path("nowhere")).state(BOXED.name).folder
    assert folder is not None
    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer.no_truncation()
    lengths = [len(tokenizer.encode(*pair).ids) for pair in measuring.pairs]
    assert lengths == [128] * 6 + [512] * 6

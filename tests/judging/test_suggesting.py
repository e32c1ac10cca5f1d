"""Settings proposed after an evaluation of the sample collection, with fake models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from docsearch.domain.errors import EvaluationError
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings
from docsearch.engine.engine import Engine
from docsearch.judging.measured import Measured, joined
from docsearch.judging.suggesting import in_words
from tests.engine.running import running
from tests.judging.test_evaluator import SAMPLE

SETTINGS = Settings(reranker="at-hand", candidates=30)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running(SAMPLE, tmp_path_factory.mktemp("data"), settings=SETTINGS) as (engine, _):
        engine.wait_until_ready()
        yield engine


def measured(engine: Engine, *sources: CandidateSource) -> Measured:
    *_, last = engine.evaluator.measure(engine.evaluator.judged(), sources, ["at-hand"])
    assert isinstance(last, Measured)
    return last


def test_what_is_proposed_differs_from_the_settings_in_force_and_can_be_put_in_their_place(
    sample: Engine,
) -> None:
    proposed = sample.evaluator.suggest(measured(sample, *CandidateSource))
    assert (proposed.queries, proposed.tried > 50) == (60, True)
    assert set(proposed.settings) == set(proposed.present)
    assert proposed.settings
    better = proposed.instead_of(SETTINGS)
    for name, value in proposed.settings.items():
        assert getattr(better, name) == value
        assert proposed.present[name] == getattr(SETTINGS, name) != value
    assert str(better.source) in in_words(better, sample.evaluator.own_weight)


def test_fewer_candidates_of_both_sources_are_what_a_search_for_so_many_finds(
    sample: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fewer = replace(SETTINGS, candidates=10)
    with running(SAMPLE, tmp_path_factory.mktemp("data"), settings=fewer) as (engine, _):
        engine.wait_until_ready()
        real = measured(engine, CandidateSource.HYBRID).answers[CandidateSource.HYBRID, "at-hand"]
    answers = measured(sample, *CandidateSource).answers
    hybrid, dense, bm25 = (
        answers[source, "at-hand"]
        for source in (CandidateSource.HYBRID, CandidateSource.DENSE, CandidateSource.BM25)
    )
    differ = 0
    for query, found in real.items():
        made = joined(hybrid[query], dense[query], bm25[query], 10)
        assert made.documents == found.documents
        assert made.first == found.first
        assert made.raw == found.raw
        assert made.written == found.written
        differ += made.documents != hybrid[query].of_first(10).documents
        assert joined(hybrid[query], dense[query], bm25[query], 30) == hybrid[query]
    assert differ


def test_fewer_candidates_of_both_sources_are_tried_where_each_was_measured(
    sample: Engine,
) -> None:
    whole = measured(sample, *CandidateSource)
    alone = {key: own for key, own in whole.answers.items() if key[0] is not CandidateSource.BM25}
    tried = [
        sample.evaluator.suggest(replace(whole, answers=answers)).tried
        for answers in (whole.answers, alone)
    ]
    of_a_source = (tried[0] - 3) // 3
    assert tried[0] == 3 * (of_a_source + 1)
    # BM25 is out, and of both sources there is one depth in place of three.
    assert tried[1] == 3 + of_a_source + of_a_source // 3 - 1


def test_settings_that_were_not_measured_cannot_be_held_against_anything(sample: Engine) -> None:
    with pytest.raises(EvaluationError, match="source dense and reranker at-hand, too"):
        sample.evaluator.suggest(measured(sample, CandidateSource.BM25))


def test_too_few_queries_propose_nothing(sample: Engine) -> None:
    judged = sample.evaluator.judged()
    some = list(judged.grades)[:5]
    few = replace(judged, grades={query: judged.grades[query] for query in some})
    *_, last = sample.evaluator.measure(few, [CandidateSource.DENSE], ["at-hand"])
    assert isinstance(last, Measured)
    with pytest.raises(EvaluationError, match="5 judged queries are too few"):
        sample.evaluator.suggest(last)

"""Each way to run a model is timed beside the reference, and compared where it would be used."""

from __future__ import annotations

from contextlib import closing

import pytest

from docsearch.domain.errors import ModelError
from docsearch.domain.runtime import REFERENCE, RuntimeChoice
from docsearch.domain.tuning import Tuning, TuningProgress
from docsearch.tuning.tuner import Effort, Tuner
from tests.fakes.tunable import (
    BFLOAT16,
    EMBEDDER,
    FLOAT32,
    INT8,
    RERANKER,
    SAMPLE,
    WORDS,
    FakeTunable,
    Way,
)

SLOW = Way(1.0)


def tuned(
    ways: dict[RuntimeChoice, Way], name: str = RERANKER, effort: Effort | None = None
) -> tuple[Tuning, list[TuningProgress], FakeTunable]:
    models = FakeTunable(ways)
    told = list(Tuner(models, SAMPLE, effort, models.clock).tune(name))
    tuning = told[-1].tuning
    assert tuning is not None
    return tuning, told, models


@pytest.mark.parametrize("name", [RERANKER, EMBEDDER])
def test_the_fastest_that_agrees_is_found(name: str) -> None:
    tuning, _, _ = tuned({REFERENCE: SLOW, FLOAT32: Way(0.5), INT8: Way(0.125)}, name)
    assert tuning.model == name
    assert tuning.kept.choice == INT8
    assert tuning.kept.times_as_fast == pytest.approx(8)
    assert [each.choice for each in tuning.trials] == [REFERENCE, FLOAT32, INT8]


def test_what_a_model_has_kept_of_a_text_is_no_part_of_its_speed() -> None:
    seconds = {REFERENCE: 1.0, FLOAT32: 0.5, BFLOAT16: 0.25, INT8: 0.125}
    tuning, _, _ = tuned({choice: Way(each, keeps=True) for choice, each in seconds.items()})
    assert [each.times_as_fast for each in tuning.trials] == pytest.approx([1, 2, 4, 8])
    assert tuning.kept.choice == INT8


def test_a_slower_one_is_not_compared() -> None:
    tuning, _, models = tuned({REFERENCE: SLOW, FLOAT32: Way(0.5), INT8: Way(0.125)})
    assert tuning.trials[1].agreement is None
    assert tuning.why_not(tuning.trials[1]) == "slower than openvino int8"
    assert models.loaded == [REFERENCE, FLOAT32, INT8, INT8]


def test_one_that_turns_the_order_gives_way_to_the_next() -> None:
    tuning, _, _ = tuned({REFERENCE: SLOW, FLOAT32: Way(0.5), INT8: Way(0.125, turned=True)})
    assert tuning.kept.choice == FLOAT32
    assert tuning.kept.agreement is not None
    assert tuning.kept.agreement.overlap == pytest.approx(1.0)
    assert "overlap" in str(tuning.why_not(tuning.trials[2]))


def test_one_whose_vectors_are_off_is_refused() -> None:
    tuning, _, _ = tuned({REFERENCE: SLOW, INT8: Way(0.125, off=0.03)}, EMBEDDER)
    assert tuning.kept.choice == REFERENCE
    assert "cosine" in str(tuning.why_not(tuning.trials[1]))


def test_one_that_embeds_queries_otherwise_is_refused_for_the_order() -> None:
    ways = {REFERENCE: SLOW, FLOAT32: Way(0.5), INT8: Way(0.125, turned=True)}
    tuning, _, _ = tuned(ways, EMBEDDER)
    assert tuning.kept.choice == FLOAT32
    assert tuning.kept.agreement is not None
    assert tuning.kept.agreement.overlap == pytest.approx(1.0)
    assert tuning.kept.agreement.least_cosine == pytest.approx(1.0)
    assert "overlap" in str(tuning.why_not(tuning.trials[2]))


def test_where_nothing_is_faster_the_sample_is_not_read() -> None:
    tuning, _, models = tuned({REFERENCE: SLOW, FLOAT32: Way(2.0)}, effort=Effort(rounds=2))
    assert tuning.kept.choice == REFERENCE
    assert models.reads == 1 + 2 * 2


def test_a_way_that_cannot_be_loaded_or_fails_half_way_is_told_of() -> None:
    ways = {
        REFERENCE: SLOW,
        BFLOAT16: Way(0.25, fault="no bfloat16 here"),
        FLOAT32: Way(0.5),
        INT8: Way(0.125, breaks=25),
    }
    tuning, _, _ = tuned(ways)
    assert tuning.kept.choice == FLOAT32
    assert [each.problem for each in tuning.trials] == [
        None,
        "no bfloat16 here",
        None,
        "the runtime failed",
    ]


def test_a_reference_that_cannot_be_run_is_an_error() -> None:
    with pytest.raises(ModelError, match="no torch"):
        tuned({REFERENCE: Way(1.0, fault="no torch"), INT8: Way(0.1)})


def test_a_model_with_one_way_is_not_even_loaded() -> None:
    tuning, _, models = tuned({REFERENCE: SLOW})
    assert tuning.kept.choice == REFERENCE
    assert models.loaded == []


def test_a_slow_machine_reads_less_of_the_sample() -> None:
    ways = {REFERENCE: Way(10.0), INT8: Way(1.0)}
    _, told, _ = tuned(ways, effort=Effort(rounds=1, most_seconds=350.0, least_tasks=1))
    compared = [each for each in told if each.doing == "comparing openvino int8"]
    assert [each.total for each in compared] == [2, 2]
    _, told, _ = tuned(ways, effort=Effort(rounds=1, most_seconds=0.0, least_tasks=4))
    assert sum(each.doing.startswith("comparing") for each in told) == 4


def test_progress_counts_up_to_its_total() -> None:
    _, told, _ = tuned({REFERENCE: SLOW, INT8: Way(0.125)})
    reading = [each for each in told if each.doing == "reading the sample with torch float32"]
    assert [each.done for each in reading] == list(range(len(WORDS)))
    assert all(each.done < each.total for each in told[:-1])


def test_nothing_is_read_once_it_is_left() -> None:
    models = FakeTunable({REFERENCE: SLOW, INT8: Way(0.125)})
    with closing(Tuner(models, SAMPLE, None, models.clock).tune(RERANKER)) as steps:
        while "timing" not in next(steps).doing:
            pass
    reads = models.reads
    assert reads == 1
    assert list(steps) == []
    assert models.reads == reads

"""The models of the settings are tuned once, and what can be deleted is made again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from docsearch.domain.model import ModelFile
from docsearch.domain.runtime import REFERENCE
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import TuningProgress
from docsearch.serving.tunings import Tunings
from docsearch.tuning.models_in_use import in_use, is_due, tune
from docsearch.tuning.tuner import Tuner
from tests.fakes.tunable import (
    ABSENT,
    EMBEDDER,
    FLOAT32,
    INT8,
    RERANKER,
    SAMPLE,
    SERVICE,
    FakeTunable,
    Way,
)


@pytest.fixture
def models() -> FakeTunable:
    return FakeTunable({REFERENCE: Way(1.0), INT8: Way(0.1)})


@pytest.fixture
def tunings(tmp_path: Path) -> Tunings:
    return Tunings(tmp_path / "tuning.json", lambda name: (ModelFile(name, 1, "ab"),))


def run(
    models: FakeTunable, tunings: Tunings, *names: str, force: bool = False
) -> list[TuningProgress]:
    tuner = Tuner(models, SAMPLE, None, models.clock)
    return list(tune(names, tuner, models, tunings, force=force))


def test_each_is_measured_and_kept(models: FakeTunable, tunings: Tunings) -> None:
    assert is_due(RERANKER, models, tunings)
    told = run(models, tunings, EMBEDDER, RERANKER)
    assert [each.model for each in told if each.tuning] == [EMBEDDER, RERANKER]
    assert tunings.choice(EMBEDDER) == tunings.choice(RERANKER) == INT8
    assert not is_due(RERANKER, models, tunings)


def test_only_what_the_kept_choice_needs_stays_on_disk(tunings: Tunings) -> None:
    models = FakeTunable({REFERENCE: Way(1.0), FLOAT32: Way(0.5), INT8: Way(0.1)})
    run(models, tunings, RERANKER)
    assert models.exported == [INT8]


def test_what_is_known_is_told_without_measuring(models: FakeTunable, tunings: Tunings) -> None:
    run(models, tunings, RERANKER)
    reads = models.reads
    (told,) = run(models, tunings, RERANKER)
    assert told.tuning == tunings.of(RERANKER)
    assert models.reads == reads
    run(models, tunings, RERANKER, force=True)
    assert models.reads > reads


def test_an_export_that_is_gone_is_made_again(models: FakeTunable, tunings: Tunings) -> None:
    run(models, tunings, RERANKER)
    reads = models.reads
    models.exported.clear()
    assert is_due(RERANKER, models, tunings)
    assert run(models, tunings, RERANKER)[-1].tuning == tunings.of(RERANKER)
    assert models.exported == [INT8]
    assert models.reads == reads


def test_what_is_cancelled_is_due_and_what_was_done_is_not(
    models: FakeTunable, tunings: Tunings
) -> None:
    tuner = Tuner(models, SAMPLE, None, models.clock)
    with closing(tune((EMBEDDER, RERANKER), tuner, models, tunings)) as steps:
        while next(steps).model != RERANKER:
            pass
    assert not is_due(EMBEDDER, models, tunings)
    assert is_due(RERANKER, models, tunings)


@pytest.mark.parametrize(
    ("reranker", "names"),
    [
        (RERANKER, (EMBEDDER, RERANKER)),
        ("none", (EMBEDDER,)),
        (SERVICE, (EMBEDDER,)),
        (ABSENT, (EMBEDDER,)),
        ("unknown", (EMBEDDER,)),
    ],
)
def test_models_that_run_here_are_in_use(
    models: FakeTunable, reranker: str, names: tuple[str, ...]
) -> None:
    assert in_use(Settings(reranker=reranker), models) == names

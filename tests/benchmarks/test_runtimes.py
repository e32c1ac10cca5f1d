from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.driven import environment_with
from benchmarks.runtimes import runtimes
from docsearch.domain.errors import ModelError
from docsearch.domain.runtime import REFERENCE, Precision
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import Agreement, Trial, Tuning
from docsearch.models.descriptions import BOXED, EMBEDDER
from docsearch.models.openvino.network import precisions
from docsearch.serving.tuned_models import model_registry, tunings
from tests.fakes.tunable import INT8

BOTH = EMBEDDER.name, BOXED.name

needs_openvino = pytest.mark.skipif(Precision.INT8 not in precisions(), reason="needs OpenVINO")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "own"))


def keep_int8(settings: Settings) -> None:
    registry = model_registry(settings)
    trials = Trial(REFERENCE), Trial(INT8, 1.0, 8.0, Agreement(1.0, 0.0))
    tunings(settings, registry).keep(Tuning(BOXED.name, trials))


def test_models_that_are_not_tuned_run_on_the_reference(settings: Settings) -> None:
    assert runtimes(settings, *BOTH) == {
        "bi-encoder runs on": "torch float32",
        "cross-encoder runs on": "torch float32",
    }


@needs_openvino
def test_a_tuned_model_runs_as_it_was_tuned_once_it_is_exported(settings: Settings) -> None:
    keep_int8(settings)
    assert runtimes(settings, BOXED.name) == {"cross-encoder runs on": "torch float32"}
    model_registry(settings).export(BOXED.name, INT8, lambda *_: None)
    assert runtimes(settings, BOXED.name) == {"cross-encoder runs on": "openvino int8"}


@needs_openvino
@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_the_driven_command_runs_models_as_the_user_does_and_leaves_the_exports_alone(
    settings: Settings, tmp_path: Path
) -> None:
    keep_int8(settings)
    registry = model_registry(settings)
    registry.export(BOXED.name, INT8, lambda *_: None)
    driven = Settings(
        data_dir=environment_with(tmp_path / "driven", settings)["DOCSEARCH_DATA_DIR"]
    )
    assert runtimes(driven, BOXED.name) == runtimes(settings, BOXED.name)
    model_registry(driven).discard_exports(BOXED.name, REFERENCE)
    assert not model_registry(driven).is_exported(BOXED.name, INT8)
    assert registry.is_exported(BOXED.name, INT8)


def test_a_service_runs_elsewhere(settings: Settings) -> None:
    assert runtimes(settings, "cohere-rerank-v3.5") == {}


def test_a_name_that_means_nothing_is_an_error(settings: Settings) -> None:
    with pytest.raises(ModelError):
        runtimes(settings, "no-such-model")

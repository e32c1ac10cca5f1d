"""Each model is run as was kept for it, and whoever asks is told how it really is run."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError
from docsearch.domain.runtime import REFERENCE, Precision
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import Agreement, Trial, Tuning
from docsearch.models.descriptions import BOXED
from docsearch.models.openvino.network import precisions
from docsearch.serving.tuned_models import TunedModels, model_registry, tunings
from tests.fakes.tunable import INT8

pytestmark = pytest.mark.skipif(Precision.INT8 not in precisions(), reason="needs OpenVINO")


@pytest.fixture
def models(tmp_path: Path) -> TunedModels:
    """The model in the box was found best in int8, and is not exported."""
    settings = Settings(data_dir=str(tmp_path))
    registry = model_registry(settings)
    kept = tunings(settings, registry)
    kept.keep(Tuning(BOXED.name, (Trial(REFERENCE), Trial(INT8, 1.0, 8.0, Agreement(1.0, 0.0)))))
    return TunedModels(registry, kept)


def test_what_was_kept_is_what_runs(models: TunedModels, tmp_path: Path) -> None:
    model_registry(Settings(data_dir=str(tmp_path))).export(BOXED.name, INT8, lambda *_: None)
    before = models.load_reranker(BOXED.name).fingerprint
    assert models.runs_on(BOXED.name) == INT8
    (tmp_path / "tuning.json").unlink()
    assert models.runs_on(BOXED.name) == REFERENCE
    assert models.load_reranker(BOXED.name).fingerprint != before


def test_what_cannot_run_so_runs_as_the_reference_and_that_is_said(
    models: TunedModels, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        models.load_reranker(BOXED.name)
    assert "runs on torch" in caplog.text
    assert models.runs_on(BOXED.name) == REFERENCE


def test_a_name_that_means_nothing_is_an_error(models: TunedModels) -> None:
    with pytest.raises(ModelError):
        models.load_reranker("no-such-model")

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.driven import environment_with
from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import Agreement, Trial, Tuning
from docsearch.models.descriptions import EMBEDDER
from docsearch.models.openvino.network import precisions
from docsearch.serving.tuned_models import model_registry, tunings


@pytest.mark.skipif(Precision.INT8 not in precisions(), reason="needs OpenVINO")
def test_what_is_driven_runs_models_as_the_user_has_tuned_them(tmp_path: Path) -> None:
    int8 = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)
    theirs = Settings(data_dir=str(tmp_path / "theirs"), offline=True)
    near = Agreement(1.0, 0.0, 0.995)
    tuning = Tuning(EMBEDDER.name, (Trial(REFERENCE, 8.0, 1.0), Trial(int8, 1.0, 8.0, near)))
    tunings(theirs, model_registry(theirs)).keep(tuning)
    model_registry(theirs).export(EMBEDDER.name, int8, lambda _done, _total: None)

    environment = environment_with(tmp_path / "driven", theirs)

    driven = Settings(data_dir=environment["DOCSEARCH_DATA_DIR"])
    assert driven.data_dir == str(tmp_path / "driven")
    registry = model_registry(driven)
    assert tunings(driven, registry).choice(EMBEDDER.name) == int8
    assert registry.is_exported(EMBEDDER.name, int8)

"""`docsearch tune`: what is measured is shown and kept; a tuned model runs without torch."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import Agreement, Trial, Tuning
from docsearch.models.descriptions import BOXED, EMBEDDER
from docsearch.models.openvino.network import precisions
from docsearch.serving.paths import tunings_lock
from docsearch.serving.tuned_models import model_registry, tunings
from tests.cli.command import Home

INT8 = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)
NEAR = {
    EMBEDDER.name: Agreement(least_cosine=0.995),
    BOXED.name: Agreement(overlap=0.9931, ndcg_change=-0.0012),
}

IMPORTED = """
import atexit, sys

def tell():
    heavy = {"torch", "transformers", "sentence_transformers"} & set(sys.modules)
    print("imported:", *sorted(heavy), "openvino" in sys.modules, file=sys.stderr)

atexit.register(tell)
"""

needs_int8 = pytest.mark.skipif(Precision.INT8 not in precisions(), reason="needs OpenVINO")


def tune(data: Path, name: str) -> Tuning:
    """Keep that a model is best run in int8."""
    settings = Settings(data_dir=str(data))
    tuning = Tuning(name, (Trial(REFERENCE, 4.0, 1.0), Trial(INT8, 0.8, 5.0, NEAR[name])))
    tunings(settings, model_registry(settings)).keep(tuning)
    return tuning


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory in which both models are tuned, and not exported yet."""
    for name in NEAR:
        tune(tmp_path / "data", name)
    return tmp_path / "data"


def export(data: Path) -> None:
    registry = model_registry(Settings(data_dir=str(data)))
    for name in NEAR:
        registry.export(name, INT8, lambda _done, _total: None)


@needs_int8
def test_what_was_measured_is_shown_again_and_its_export_made(home: Home, data: Path) -> None:
    ended = home.call("tune", "--data-dir", str(data))

    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == EMBEDDER.name
    mini = lines[lines.index(BOXED.name) :]
    assert " ".join(mini[2].split()) == "torch float32 4.00 1.00 slower than openvino int8"
    assert " ".join(mini[3].split()) == (
        "openvino int8 0.80 5.00 overlap 0.9931, NDCG@10 -0.0012 kept"
    )
    assert "making openvino int8" in ended.err
    assert home.call("tune", "--data-dir", str(data)).err == ""


def test_two_do_not_tune_at_a_time(home: Home, data: Path) -> None:
    with FileLock(tunings_lock(Settings(data_dir=str(data)))):
        ended = home.call("tune", "--data-dir", str(data))
    assert ended.code == 6
    assert "Another docsearch is tuning here" in ended.err


@needs_int8
def test_the_same_as_data(home: Home, data: Path) -> None:
    (tuned,) = json.loads(home.call("tune", BOXED.name, "--json", "--data-dir", str(data)).out)

    assert (tuned["model"], tuned["kept"]) == (BOXED.name, "openvino int8")
    reference, int8 = tuned["choices"]
    assert reference["why_not"] == "slower than openvino int8"
    assert int8["why_not"] is None
    assert (int8["overlap"], int8["times_as_fast"]) == (0.9931, 5.0)


@needs_int8
def test_the_model_list_and_the_doctor_tell_what_runs_each_model(home: Home, data: Path) -> None:
    told = "openvino int8, 5.0 × as fast, overlap 0.9931, NDCG@10 -0.0012"
    listed = home.call("models", "list", "--data-dir", str(data)).out.splitlines()
    assert told in next(line for line in listed if line.startswith(BOXED.name))
    assert "openvino" not in next(line for line in listed if line.startswith("stsb"))
    as_data = json.loads(home.call("models", "list", "--json", "--data-dir", str(data)).out)
    by_name = {each["name"]: each["tuning"] for each in as_data}
    assert by_name[BOXED.name]["kept"] == "openvino int8"
    assert by_name["stsb-roberta-large"] is None

    def runs_on() -> dict[str, str]:
        models = json.loads(home.call("doctor", "--json", "--data-dir", str(data)).out)["models"]
        return {name: facts.get("runs on") for name, facts in models.items()}

    assert "what openvino int8 needs is gone" in runs_on()[BOXED.name]
    export(data)
    assert runs_on()[BOXED.name] == told
    assert runs_on()[EMBEDDER.name] == "openvino int8, 5.0 × as fast, cosine at least 0.9950"
    (data / "tuning.json").unlink()
    assert runs_on()[BOXED.name] == "torch float32, not tuned yet; run: docsearch tune"


def test_what_is_not_to_be_tuned_is_an_error(home: Home) -> None:
    ended = home.call("tune", "cohere-rerank-v3.5")
    assert ended.code == 2
    assert "service" in ended.err
    assert home.call("tune", "no-such-model").code == 6
    assert home.call("tune", "ms-marco-MiniLM-L6-v2").code == 6


@needs_int8
def test_a_tuned_model_is_run_without_torch(home: Home, data: Path, tmp_path: Path) -> None:
    """The whole command in a process of its own: it indexes, embeds, and reranks."""
    export(data)
    folder, watched = tmp_path / "notes", tmp_path / "site"
    folder.mkdir()
    (folder / "bread.md").write_text("# Bread\n\nThe oven is hot when the flour browns.\n")
    (folder / "hull.md").write_text("# Hull\n\nThe hull is painted blue in spring.\n")
    watched.mkdir()
    (watched / "sitecustomize.py").write_text(IMPORTED)

    path = os.pathsep.join([str(watched), os.environ.get("PYTHONPATH", "")])
    ended = home.run(
        *("query", str(folder), "when is the oven hot", "--json", "--data-dir", str(data)),
        PYTHONPATH=path,
    )

    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["hits"][0]["path"] == "bread.md"
    assert "imported: True" in ended.err
    assert "runs on torch" not in ended.err


@needs_int8
def test_without_its_export_torch_does_the_work_and_the_command_is_named(
    home: Home, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "note.md").write_text("The oven is hot when the flour browns.")
    ended = home.call("query", str(tmp_path), "oven", "--data-dir", str(data), "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["hits"][0]["path"] == "note.md"
    assert "docsearch-mini-v1 runs on torch" in ended.err
    assert "docsearch tune" in ended.err

"""Exported models say what the reference says, and stand back for it where they cannot."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from docsearch.domain.errors import ModelError, ModelMissingError
from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.models.descriptions import BOXED, EMBEDDER
from docsearch.models.openvino.network import OpenVinoNetwork, precisions
from docsearch.models.registry import ModelRegistry
from docsearch.ports import Embedder, Reranker
from tests.models.exporting import BFLOAT16, FLOAT32, INT8, exported, unseen
from tests.standins.tiny_models import write_cross_encoder, write_language_model

QUERY = "restore the backup"
PASSAGES = ["the backup", "", "bread " * 1200 + "backup", "caf\udce9 👍 \x1b[0m", "restore " * 30]
CHUNKS = ["bread from the oven", "a ticket for the train " * 60, "restore the nightly backup", "?"]

needs_half = pytest.mark.skipif(
    Precision.BFLOAT16 not in precisions(), reason="the processor has no bfloat16"
)


def complain(notice: str) -> None:
    raise AssertionError(notice)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModelRegistry:
    return ModelRegistry(tmp_path_factory.mktemp("data"), offline=True)


@pytest.fixture(scope="module")
def boxed(models: ModelRegistry) -> list[float]:
    return raws(models.load_reranker(BOXED.name))


def raws(reranker: Reranker) -> list[float]:
    return [each.raw for each in reranker.score(QUERY, PASSAGES)]


@pytest.mark.parametrize("labels", [1, 2])
def test_a_bert_cross_encoder_scores_as_on_torch(
    models: ModelRegistry, tmp_path: Path, labels: int
) -> None:
    name = str(write_cross_encoder(tmp_path / "tiny", labels=labels))
    exported(models, name, FLOAT32)

    ours, theirs = models.load_reranker(name, FLOAT32, complain), models.load_reranker(name)

    assert raws(ours) == pytest.approx(raws(theirs), abs=1e-3)
    assert ours.plan(QUERY, PASSAGES) == theirs.plan(QUERY, PASSAGES)
    assert [each.unit for each in ours.score(QUERY, PASSAGES)] == pytest.approx(
        [each.unit for each in theirs.score(QUERY, PASSAGES)], abs=1e-3
    )


@pytest.mark.parametrize(
    ("choice", "off"),
    [(FLOAT32, 0.001), pytest.param(BFLOAT16, 0.1, marks=needs_half), (INT8, 0.5)],
    ids=str,
)
def test_the_network_in_the_box_scores_as_on_torch(
    models: ModelRegistry, boxed: list[float], choice: RuntimeChoice, off: float
) -> None:
    """Its scores of these passages lie 20 apart."""
    exported(models, BOXED.name, choice)

    ours = models.load_reranker(BOXED.name, choice, complain)

    assert raws(ours) == pytest.approx(boxed, abs=off)
    assert ours.rough_scores(QUERY, PASSAGES) == pytest.approx(boxed, abs=0.5)


@pytest.mark.parametrize(
    ("choice", "least"),
    [(FLOAT32, 0.99999), pytest.param(BFLOAT16, 0.9995, marks=needs_half), (INT8, 0.99)],
    ids=str,
)
def test_vectors_are_those_of_the_reference(
    models: ModelRegistry, embedder: Embedder, choice: RuntimeChoice, least: float
) -> None:
    exported(models, EMBEDDER.name, choice)

    ours = models.load_embedder(choice, complain)

    cosines = (ours.embed_passages(CHUNKS) * embedder.embed_passages(CHUNKS)).sum(axis=1)
    assert cosines.min() >= least
    assert ours.fingerprint == embedder.fingerprint
    assert ours.dimension == embedder.dimension


def test_words_have_the_effects_they_have_on_torch(
    models: ModelRegistry, embedder: Embedder
) -> None:
    exported(models, EMBEDDER.name, FLOAT32)

    ours = models.load_embedder(FLOAT32, complain).split("fresh bread", CHUNKS[0])

    theirs = embedder.split("fresh bread", CHUNKS[0])
    assert [each.span for each in ours.effects] == [each.span for each in theirs.effects]
    assert [each.effect for each in ours.effects] == pytest.approx(
        [each.effect for each in theirs.effects], abs=1e-4
    )


def test_texts_of_many_batches_keep_their_order(models: ModelRegistry) -> None:
    exported(models, EMBEDDER.name, INT8)
    ours = models.load_embedder(INT8, complain)
    texts = [f"{number} " + "bread " * (number * 37 % 400) for number in range(60)]

    together = ours.embed_passages(texts)

    alone = np.concatenate([ours.embed_passages([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.99


def test_scores_of_one_choice_are_never_served_for_another(models: ModelRegistry) -> None:
    exported(models, BOXED.name, FLOAT32, INT8)

    fingerprints = {
        models.load_reranker(BOXED.name, choice, complain).fingerprint
        for choice in (REFERENCE, FLOAT32, INT8)
    }

    assert len(fingerprints) == 3


def test_the_choices_begin_with_the_reference(models: ModelRegistry, tmp_path: Path) -> None:
    language_model = write_language_model(tmp_path / "language")

    for name in (BOXED.name, EMBEDDER.name):
        assert models.choices(name)[0] == REFERENCE
        assert {FLOAT32, INT8} <= set(models.choices(name))
    assert not {FLOAT32, INT8} & set(models.choices(str(language_model)))
    assert models.choices("cohere-rerank-v3.5") == ()


def test_each_choice_can_be_kept_as_text() -> None:
    for choice in (REFERENCE, FLOAT32, BFLOAT16, INT8):
        assert RuntimeChoice.parse(str(choice)) == choice
    for text in ("", "torch", "openvino int9", "abacus int8"):
        with pytest.raises(ValueError, match="not a valid"):
            RuntimeChoice.parse(text)


@pytest.mark.skipif(Precision.BFLOAT16 not in precisions(), reason="needs bfloat16")
@pytest.mark.parametrize("name", [BOXED.name, EMBEDDER.name])
def test_torch_runs_in_half_precision_too(models: ModelRegistry, name: str) -> None:
    choice = RuntimeChoice(Runtime.TORCH, Precision.BFLOAT16)

    assert choice in models.choices(name)
    assert models.is_exported(name, choice)
    if name == EMBEDDER.name:
        vectors = models.load_embedder(choice).embed_passages(CHUNKS)
        expected = models.load_embedder().embed_passages(CHUNKS)
        assert 0.999 < (vectors * expected).sum(axis=1).min() < 1 - 1e-7
    else:
        half, whole = models.load_reranker(name, choice), models.load_reranker(name)
        assert raws(half) == pytest.approx(whole.rough_scores(QUERY, PASSAGES), abs=0.05)
        assert half.fingerprint != whole.fingerprint


def test_without_an_export_torch_does_the_work_and_it_is_said(
    tmp_path: Path, boxed: list[float]
) -> None:
    fresh, said = ModelRegistry(tmp_path, offline=True), list[str]()

    assert not fresh.is_exported(BOXED.name, INT8)
    reranker = fresh.load_reranker(BOXED.name, INT8, said.append)

    assert raws(reranker) == boxed
    (notice,) = said
    assert "docsearch-mini-v1 runs on torch" in notice
    assert "no whole export" in notice
    assert "docsearch tune" in notice


def test_a_torn_export_is_not_used_and_can_be_made_again(tmp_path: Path) -> None:
    models, said = ModelRegistry(tmp_path, offline=True), list[str]()
    exported(models, EMBEDDER.name, INT8)
    (weights,) = tmp_path.rglob("network.bin")
    weights.write_bytes(weights.read_bytes()[:-1])

    assert not models.is_exported(EMBEDDER.name, INT8)
    assert models.load_embedder(INT8, said.append).embed_query("bread").shape == (1, 384)
    assert len(said) == 1
    exported(models, EMBEDDER.name, INT8)
    models.load_embedder(INT8, complain)


def test_a_precision_that_the_machine_lacks_falls_back(
    models: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "docsearch.models.openvino.exported.precisions", lambda: (Precision.FLOAT32, Precision.INT8)
    )
    said: list[str] = []

    models.load_reranker(BOXED.name, BFLOAT16, said.append)

    assert "does not compute in bfloat16" in said[0]


def test_exports_that_are_not_needed_go_and_can_be_made_again(
    tmp_path: Path, tiny_model: Path
) -> None:
    models, name = ModelRegistry(tmp_path, offline=True), str(tiny_model)
    exported(models, name, FLOAT32, INT8)

    models.discard_exports(name, BFLOAT16)
    assert (models.is_exported(name, FLOAT32), models.is_exported(name, INT8)) == (True, False)
    models.discard_exports(name, REFERENCE)
    assert not models.is_exported(name, FLOAT32)
    exported(models, name, INT8)
    assert models.is_exported(name, INT8)


def test_an_export_tells_its_progress(tmp_path: Path, tiny_model: Path) -> None:
    told: list[tuple[int, int]] = []

    ModelRegistry(tmp_path, offline=True).export(
        str(tiny_model), INT8, lambda done, total: told.append((done, total))
    )

    done, totals = [each for each, _ in told], {total for _, total in told}
    assert done == list(range(len(told)))
    assert totals == {done[-1]}


def test_a_network_of_another_kind_is_not_exported(
    models: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(tiny_model, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"hidden_act": "relu"}))

    assert not {FLOAT32, INT8} & set(models.choices(str(other)))
    with pytest.raises(ModelError, match="not of a kind that can be exported"):
        models.export(str(other), FLOAT32, unseen)


def test_weights_of_another_shape_are_an_error(
    models: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(tiny_model, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))

    with pytest.raises(ModelError, match="No graph can be made"):
        models.export(str(other), FLOAT32, unseen)


def test_a_model_that_is_not_there_is_an_error_whatever_the_choice(models: ModelRegistry) -> None:
    with pytest.raises(ModelMissingError, match="docsearch models pull"):
        models.load_reranker("ms-marco-MiniLM-L6-v2", INT8, complain)


def test_a_graph_that_is_none_is_an_error_that_names_it(tmp_path: Path) -> None:
    graph = tmp_path / "network.xml"
    graph.write_text("<net")

    with pytest.raises(ModelError, match=r"network\.xml"):
        OpenVinoNetwork(graph, Precision.FLOAT32)


MEMORY = """
import json, sys
from pathlib import Path

from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.models.registry import ModelRegistry

def resident():
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1e3

registry, name = ModelRegistry(Path(sys.argv[1]), offline=True), sys.argv[2]
reranker = registry.load_reranker(name, RuntimeChoice(Runtime.OPENVINO, Precision.INT8))
taken = []
for length in range(481, 1, -1):
    reranker.score("the bread", ["bread " * length])
    taken.append(resident())
print(json.dumps(taken))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read memory from")
def test_memory_does_not_grow_with_every_new_length(tmp_path: Path, tiny_model: Path) -> None:
    exported(ModelRegistry(tmp_path, offline=True), str(tiny_model), INT8)

    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path), str(tiny_model)],
        capture_output=True,
        check=True,
    )

    taken = json.loads(done.stdout)
    print(taken[::40])
    added = taken[-1] - taken[240]  # by half of the lengths; 250 MB if nothing is dropped
    assert added < 50

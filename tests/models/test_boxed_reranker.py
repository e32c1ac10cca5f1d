"""The cross-encoder that comes with docsearch: whole, sensible, and refused when it was touched."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from docsearch.domain.errors import ModelCorruptError, ModelError
from docsearch.domain.settings import Settings
from docsearch.models.descriptions import BOXED
from docsearch.models.registry import ModelRegistry
from docsearch.models.segment.cross_encoder import MANIFEST_FILE, WEIGHTS_FILE, sha256_of
from docsearch.models.segment.reranker import BoxedReranker
from docsearch.models.store import ModelStore, StoredModel
from docsearch.ports import Reranker

ANSWERED = {
    "how do I free space on a full disk": "When the disk is full, delete old logs first.",
    "who painted the hull": "The hull was painted blue by Ada before the season.",
    "insects that swarmed": "The colony of bees left the hive on a warm afternoon.",
    "backup schedule": "The nightly backup starts at two and restores are tested weekly.",
    "is the train ticket refundable": "Tickets are paid back in full until the day of travel.",
}


@pytest.fixture(scope="module")
def boxed(tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    data_dir = tmp_path_factory.mktemp("data")
    return ModelRegistry(data_dir, offline=True).load_reranker(Settings().reranker)


@pytest.fixture
def copied(tmp_path: Path) -> StoredModel:
    """The model in a folder that may be written to, as its description and the store have it."""
    stored = ModelStore(tmp_path / "none").verified(BOXED)
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in stored.folder.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    return StoredModel(folder, stored.revision, stored.files)


def test_it_is_what_reranks_by_default(boxed: Reranker) -> None:
    assert boxed.name == BOXED.name == "docsearch-mini-v1"


def test_the_passage_that_answers_comes_first(boxed: Reranker) -> None:
    passages = list(ANSWERED.values())
    for query, answer in ANSWERED.items():
        scores = [each.raw for each in boxed.score(query, passages)]
        assert passages[scores.index(max(scores))] == answer


def test_a_probability_rises_with_relevance(boxed: Reranker) -> None:
    right, wrong = boxed.score("full disk", ["The disk is full.", "Bread needs a hot oven."])
    assert 0.0 < wrong.unit < right.unit < 1.0


def test_a_long_passage_is_read_in_windows_and_found_where_it_answers(boxed: Reranker) -> None:
    filler, answer = "Bread needs a hot oven and patience. ", "A full disk is freed of old logs."
    (early,) = boxed.score("free a full disk", [answer + filler * 200])
    (late,) = boxed.score("free a full disk", [filler * 200 + answer])
    (without,) = boxed.score("free a full disk", [filler * 200])
    assert early.windows == late.windows >= 3
    assert (early.best_window, late.best_window) == (0, late.windows - 1)
    assert min(early.raw, late.raw) > without.raw


def test_half_precision_moves_a_score_but_little(boxed: Reranker) -> None:
    query, *_ = ANSWERED
    passages = list(ANSWERED.values())

    scores = [each.raw for each in boxed.score(query, passages)]
    rough = boxed.rough_scores(query, passages)

    assert rough != scores
    assert rough == pytest.approx(scores, abs=0.2)
    assert [each.raw for each in boxed.score(query, passages)] == scores


def test_a_network_without_a_number_is_an_error_that_names_it(copied: StoredModel) -> None:
    _spoil(copied.folder)
    broken = BoxedReranker(BOXED, copied)

    for score in (broken.score, broken.rough_scores):
        with pytest.raises(ModelError, match=f"{BOXED.name} gave a score that is not a finite"):
            score("full disk", ["The disk is full."])
    with pytest.raises(ModelError, match=f"{BOXED.name} gave a score that is not a finite"):
        broken.read("full disk", "The disk is full.")


def _spoil(folder: Path) -> None:
    """Put no number in the place of each weight, and seal the folder anew."""
    weights = load_file(folder / WEIGHTS_FILE)
    save_file(
        {name: np.full_like(each, np.nan) for name, each in weights.items()}, folder / WEIGHTS_FILE
    )
    manifest = json.loads((folder / MANIFEST_FILE).read_bytes())
    manifest["sha256"][WEIGHTS_FILE] = sha256_of(folder / WEIGHTS_FILE)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_changed_byte_is_refused_and_the_file_named(copied: StoredModel, name: str) -> None:
    with (copied.folder / name).open("r+b") as file:
        file.seek(-5, 2)
        byte = file.read(1)
        file.seek(-5, 2)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelCorruptError, match=name):
        BoxedReranker(BOXED, copied)


def test_a_file_that_is_gone_is_named(copied: StoredModel) -> None:
    (copied.folder / "manifest.json").unlink()
    with pytest.raises(ModelCorruptError, match=r"manifest\.json"):
        BoxedReranker(BOXED, copied)


def test_what_is_described_is_what_the_manifest_names(copied: StoredModel) -> None:
    named = json.loads((copied.folder / "manifest.json").read_bytes())["sha256"]
    assert {file.name: file.sha256 for file in BOXED.files}.items() <= named.items()
    assert named.keys() - {file.name for file in BOXED.files} == {"README.md"}

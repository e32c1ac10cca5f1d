"""The runtime module: what it computes, and what it refuses."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from docsearch.models.segment.cross_encoder import (
    Calibration,
    CorruptModelError,
    SegmentCrossEncoder,
    TextTooLongError,
)
from docsearch.models.segment.network import SegmentNetwork, pad
from training.export import export

PAIRS = [
    ("lift drag", "wing lift drag"),
    ("lift drag", "court"),
    ("blood", "heart blood cell blood heart blood cell"),
]


@pytest.fixture
def model(network: SegmentNetwork, tokenizer: Tokenizer) -> SegmentCrossEncoder:
    return SegmentCrossEncoder(network, tokenizer, Calibration(slope=2.0, offset=-1.0))


@pytest.fixture
def folder(network: SegmentNetwork, tokenizer: Tokenizer, tmp_path: Path) -> Path:
    tokenizer.save(str(tmp_path / "given.json"))
    export(network, tmp_path / "given.json", Calibration(), "a card", tmp_path / "model")
    return tmp_path / "model"


def test_a_pair_scores_the_same_alone_and_in_company(model: SegmentCrossEncoder) -> None:
    together = model.score(PAIRS)
    assert together == pytest.approx([model.score([pair])[0] for pair in PAIRS], abs=1e-5)


def test_passages_that_several_queries_share_score_as_if_they_did_not(
    model: SegmentCrossEncoder,
) -> None:
    passages = [passage for _, passage in PAIRS]
    pairs = [(query, passage) for query in ("lift", "drag court", "") for passage in passages]
    alone = [model.score([pair])[0] for pair in pairs]
    assert model.score(pairs) == pytest.approx(alone, abs=1e-5)


def test_the_same_pairs_score_exactly_the_same_again(model: SegmentCrossEncoder) -> None:
    assert model.score(PAIRS) == model.score(PAIRS)


def test_no_pairs_no_scores(model: SegmentCrossEncoder) -> None:
    assert model.score([]) == []


def test_an_empty_text_scores_the_same_alone_and_in_company(model: SegmentCrossEncoder) -> None:
    pairs = [("", "wing"), ("wing", ""), ("", ""), ("wing lift", "wing lift drag")]
    alone = [model.score([pair])[0] for pair in pairs]
    assert model.score(pairs) == pytest.approx(alone, abs=1e-5)
    assert all(abs(logit) < 100 for logit in alone)


def test_a_passage_fills_the_window_to_the_last_token(model: SegmentCrossEncoder) -> None:
    full = "wing " * (model.window - model.token_count(""))
    assert model.token_count(full) == model.window
    assert len(model.score([("lift", full)])) == 1
    with pytest.raises(TextTooLongError, match="513"):
        model.score([("lift", full + " drag")])


def test_the_lower_layers_of_a_text_do_not_see_its_company(network: SegmentNetwork) -> None:
    alone = network.read_apart(pad([[2, 4, 3]]))
    padded = network.read_apart(pad([[2, 4, 3], [2, 5, 6, 7, 3]]))
    assert torch.allclose(alone[0], padded[0, :3], atol=1e-6)


def test_the_upper_layers_see_both_texts(network: SegmentNetwork) -> None:
    network.exact_match.rarity.zero_()
    network.openness.data.zero_()
    queries, passages = pad([[2, 4, 3]]), pad([[2, 5, 6, 3]])
    query_hidden, passage_hidden = network.read_apart(queries), network.read_apart(passages)
    torch.nn.init.normal_(network.head.weight)
    network.scales.data.zero_()
    before = network.compare(queries, passages, query_hidden, passage_hidden)
    after = network.compare(queries, passages, query_hidden, passage_hidden + torch.randn(16))
    assert not torch.allclose(before, after)


def test_exact_matches_saturate_and_long_passages_count_less(network: SegmentNetwork) -> None:
    @torch.no_grad()
    def match(passage: list[int]) -> float:
        query, words = torch.tensor([[4, 5]]), torch.tensor([[True, True]])
        ids = torch.tensor([passage])
        return float(network.exact_match(query, words, ids, torch.ones_like(ids).bool()))

    once, twice, thrice = match([4, 8, 8, 8]), match([4, 4, 8, 8]), match([4, 4, 4, 8])
    assert 0 < once < twice < thrice < 0.5
    assert twice - once > thrice - twice
    assert match([4] + [8] * 50) < once
    assert match([8, 8]) == 0


@torch.no_grad()
def test_late_interaction_prefers_the_passage_with_the_same_states(network: SegmentNetwork) -> None:
    query = torch.eye(16)[None, :2]
    yes = torch.ones(1, 2, dtype=torch.bool)
    same = network.interaction(query, yes, query, yes)
    other = network.interaction(query, yes, torch.eye(16)[None, 2:4], yes)
    assert float(same) > float(other)


def test_a_folder_loads_and_scores_like_the_network_it_came_from(
    folder: Path, model: SegmentCrossEncoder
) -> None:
    loaded = SegmentCrossEncoder.load(folder)
    assert loaded.score(PAIRS) == pytest.approx(model.score(PAIRS), abs=0.1)
    coarse = SegmentCrossEncoder.load(folder, torch.bfloat16)
    assert coarse.score(PAIRS) == pytest.approx(model.score(PAIRS), abs=0.5)


def test_a_changed_file_is_refused(folder: Path) -> None:
    with (folder / "config.json").open("a") as stream:
        stream.write(" ")
    with pytest.raises(CorruptModelError, match=r"config\.json is not the file"):
        SegmentCrossEncoder.load(folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(CorruptModelError, match=r"model\.safetensors is missing"):
        SegmentCrossEncoder.load(folder)


def test_a_folder_without_manifest_is_refused(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(CorruptModelError, match=r"manifest\.json cannot be read"):
        SegmentCrossEncoder.load(folder)


def test_a_manifest_that_names_too_little_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"sha256": {}}')
    with pytest.raises(CorruptModelError, match=r"does not name config\.json"):
        SegmentCrossEncoder.load(folder)


def test_probability_follows_the_calibration(model: SegmentCrossEncoder) -> None:
    assert model.probability(0.5) == pytest.approx(0.5)
    assert model.probability(-1e6) == 0.0
    assert model.probability(1e6) == 1.0


def test_padding_marks_real_tokens() -> None:
    batch = pad([[2, 3], [2, 4, 3]])
    assert batch.ids.tolist() == [[2, 3, 0], [2, 4, 3]]
    assert batch.mask.tolist() == [[True, True, False], [True, True, True]]

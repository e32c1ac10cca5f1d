"""The untrained network computes what the bi-encoder computes."""

from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from docsearch.models.segment.network import pad
from training.start import network_from_bi_encoder

ROWS = [[2, 4, 5, 3], [2, 6, 3]]


@pytest.fixture
def bert(tmp_path: Path) -> BertModel:
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=16,
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    model = BertModel(shape, add_pooling_layer=False)
    model.train(False)
    model.save_pretrained(tmp_path)
    return model


@torch.no_grad()
def test_texts_read_apart_have_the_bi_encoders_states(bert: BertModel, tmp_path: Path) -> None:
    network = network_from_bi_encoder(tmp_path, layers_together=1).eval()
    batch = pad(ROWS)
    theirs = bert(
        batch.ids, attention_mask=batch.mask.long(), output_hidden_states=True
    ).hidden_states[2]
    ours = network.read_apart(batch)
    assert torch.allclose(ours[batch.mask], theirs[batch.mask], atol=1e-5)


@torch.no_grad()
def test_with_closed_segments_the_cosine_is_the_bi_encoders(
    bert: BertModel, tmp_path: Path
) -> None:
    network = network_from_bi_encoder(tmp_path, layers_together=1).eval()
    network.openness.fill_(-1e9)
    network.scales.copy_(torch.tensor([0.0, 1.0, 0.0]))
    queries, passages = pad(ROWS[:1]), pad(ROWS[1:])
    means = [bert(torch.tensor([row])).last_hidden_state.mean(1) for row in (ROWS[0], ROWS[1])]
    ours = network.compare(
        queries, passages, network.read_apart(queries), network.read_apart(passages)
    )
    assert torch.allclose(ours, torch.cosine_similarity(*means), atol=1e-5)


def test_a_model_of_another_shape_is_refused(bert: BertModel, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(tmp_path / "model.safetensors")
    save_file({**weights, "extra": torch.zeros(1)}, tmp_path / "model.safetensors")
    network_from_bi_encoder(tmp_path, layers_together=1)
    del weights["embeddings.LayerNorm.bias"]
    save_file(weights, tmp_path / "model.safetensors")
    with pytest.raises(KeyError, match=r"embeddings\.LayerNorm\.bias"):
        network_from_bi_encoder(tmp_path, layers_together=1)

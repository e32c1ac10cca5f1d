"""The cross-encoder adapter over a tiny real model."""

from __future__ import annotations

import json
import math
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsearch.domain.errors import ModelError
from docsearch.models.registry import ModelRegistry
from docsearch.ports import Reranker
from tests.standins.tiny_models import LETTERS, WORDS, rewrite_config, write_cross_encoder

SENTENCES = st.lists(st.sampled_from([*WORDS, *LETTERS, "zebra", "1999", "?"]), max_size=120)


def reference_logit(folder: Path, query: str, passage: str) -> float:
    """What transformers itself gives for a pair that fits in the window."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.inference_mode():
        inputs = tokenizer(query, passage, return_tensors="pt")
        return float(model(**inputs).logits[0, 0])


def test_scores_are_those_of_the_model_itself(tiny: Reranker, tiny_model: Path) -> None:
    passages = ["bread and the oven", "x", "the train to restore a backup of the ticket " * 8]

    scores = tiny.score("restore the backup", passages)

    for passage, score in zip(passages, scores, strict=True):
        raw = reference_logit(tiny_model, "restore the backup", passage)
        assert score.raw == pytest.approx(raw, abs=1e-4)
        assert score.unit == pytest.approx(1 / (1 + math.exp(-raw)), abs=1e-5)
        assert (score.windows, score.best_window) == (1, 0)


def test_company_in_a_batch_does_not_change_a_score(tiny: Reranker) -> None:
    passages = [f"{'bread ' * count}oven" for count in (1, 300, 40, 5, 170, 2)]

    together = [score.raw for score in tiny.score("the oven", passages)]
    alone = [tiny.score("the oven", [passage])[0].raw for passage in passages]

    assert together == pytest.approx(alone, abs=1e-4)


def test_more_windows_than_fit_in_a_batch(tiny: Reranker) -> None:
    passages = [f"{'train ' * 450}{letter}" for letter in LETTERS]

    scores = tiny.score("ticket", passages)

    assert scores[20].raw == pytest.approx(tiny.score("ticket", passages[20:21])[0].raw, abs=1e-4)


def test_a_long_passage_keeps_its_best_window(tiny: Reranker) -> None:
    query, passage = "restore", " ".join([*["bread"] * 600, *["backup"] * 600])

    (plan,), (score,) = tiny.plan(query, [passage]), tiny.score(query, [passage])

    # Of a window of 512, the query takes 1 token and the special ones 3; 64 are read twice.
    room = 512 - 3 - 1
    pieces = [passage.split()[start : start + room] for start in range(0, 1200, room - 64)]
    pieces = pieces[: len(plan.token_counts)]
    raws = [each.raw for each in tiny.score(query, [" ".join(piece) for piece in pieces])]
    assert plan.token_counts == tuple(len(piece) + 4 for piece in pieces)
    assert score.windows == len(pieces) == 3
    assert score.raw == pytest.approx(max(raws), abs=1e-4)
    assert score.best_window == raws.index(max(raws))


def test_the_end_of_a_long_passage_counts(tiny: Reranker) -> None:
    start = "bread " * 900

    with_end, without = tiny.score("a ticket", [f"{start}ticket to the train", start])

    assert with_end.windows == 2
    assert with_end.raw != without.raw


@settings(deadline=None, max_examples=60)
@given(query=SENTENCES, passage=SENTENCES)
def test_windows_hold_every_token_and_fit(
    small: Reranker, query: list[str], passage: list[str]
) -> None:
    (plan,) = small.plan(" ".join(query), [" ".join(passage)])

    counts = plan.token_counts
    (whole,) = small.plan("", [" ".join(passage)])
    asked = small.plan(" ".join(query), [""])[0].token_counts[0] - 3
    read = sum(count - 3 - asked for count in counts)
    # 32 tokens: at most 16 for the query; of the rest a third is read twice.
    assert asked <= 16
    assert all(count <= 32 for count in counts)
    assert all(count == 32 for count in counts[:-1])
    overlap = (32 - 16 - 3) // 3
    tokens = sum(whole.token_counts) - (3 + overlap) * len(whole.token_counts) + overlap
    assert read - overlap * (len(counts) - 1) == tokens


def test_a_query_in_a_script_without_spaces_is_cut_after_as_many_characters(tiny: Reranker) -> None:
    assert tiny.characters_read("字" * 256) == 256
    assert tiny.characters_read("字" * 600) == 256
    assert tiny.characters_read("bread " * 256) == len("bread " * 256)


def test_a_query_longer_than_its_share_is_cut_in_plan_and_score(tiny: Reranker) -> None:
    long, longer = "bread " * 256, "bread " * 5000
    passage = "oven " * 200

    assert tiny.plan(longer, [passage]) == tiny.plan(long, [passage])
    assert tiny.score(longer, [passage]) == tiny.score(long, [passage])
    assert tiny.plan(longer, [passage])[0].token_counts == (256 + 3 + 200,)


def test_a_reading_counts_the_texts_without_the_special_tokens(tiny: Reranker) -> None:
    reading = tiny.read("the bread", "oven " * 700)

    assert (reading.query_tokens, reading.passage_tokens, reading.window) == (2, 700, 512)
    assert reading.window_tokens == (512, 2 + 3 + 700 - (512 - 5) + 64)
    assert tiny.read("bread " * 900, "oven").query_tokens == 256


def test_two_labels_give_the_margin(registry: ModelRegistry, tmp_path: Path) -> None:
    import torch

    two = registry.load_reranker(str(write_cross_encoder(tmp_path / "two", labels=2)))

    (score,) = two.score("bread", ["oven"])

    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "two")
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "two")
    with torch.inference_mode():
        logits = model(**tokenizer("bread", "oven", return_tensors="pt")).logits[0]
    assert score.raw == pytest.approx(float(logits[1] - logits[0]), abs=1e-4)
    assert score.unit == pytest.approx(float(torch.softmax(logits, 0)[1]), abs=1e-5)
    assert two.read("bread", "oven").window_scores == pytest.approx((score.raw,), abs=1e-4)
    assert two.rough_scores("bread", ["oven"]) == pytest.approx([score.raw], abs=0.2)


def test_three_labels_are_refused(registry: ModelRegistry, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gives 3 numbers for a pair"):
        registry.load_reranker(str(write_cross_encoder(tmp_path / "three", labels=3)))


@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_names_the_model(
    registry: ModelRegistry, tiny_model: Path, tmp_path: Path, poison: float
) -> None:
    from safetensors.torch import load_file, save_file

    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    weights = load_file(broken / "model.safetensors")
    weights["classifier.bias"].fill_(poison)
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})

    reranker = registry.load_reranker(str(broken))
    for ask in (reranker.score, reranker.rough_scores):
        with pytest.raises(ModelError, match="broken gave a score that is not a finite number"):
            ask("bread", ["oven"])
    with pytest.raises(ModelError, match="broken gave a score that is not a finite number"):
        reranker.read("bread", "oven")


def test_a_bi_encoder_is_not_taken_for_a_reranker(
    registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    # transformers would give it a random classification head, and a score for every pair.
    headless = tmp_path / "headless"
    shutil.copytree(tiny_model, headless)
    rewrite_config(headless, architectures=["BertModel"])

    with pytest.raises(ModelError, match="not a cross-encoder: it is BertModel"):
        registry.load_reranker(str(headless))
    with pytest.raises(ModelError, match="is a bi-encoder, not a reranker"):
        registry.load_reranker("all-MiniLM-L6-v2")


def test_a_model_with_code_of_its_own_is_not_run(
    registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    coded = tmp_path / "coded"
    shutil.copytree(tiny_model, coded)
    witness = tmp_path / "the code was run"
    (coded / "code.py").write_text(f"open({str(witness)!r}, 'w')")
    rewrite_config(
        coded, model_type="mine", auto_map={"AutoConfig": "code.C", "AutoModel": "code.M"}
    )

    with pytest.raises(ModelError, match="Cannot load"):
        registry.load_reranker(str(coded))
    assert not witness.exists()


def test_classes_named_in_the_folder_are_not_imported(
    tiny: Reranker, registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    # sentence-transformers writes such a list of classes, and imports whatever it names.
    listed = tmp_path / "listed"
    shutil.copytree(tiny_model, listed)
    module = {"idx": 0, "name": "0", "path": "", "type": "antigravity.fly"}
    (listed / "modules.json").write_text(json.dumps([module]))

    reranker = registry.load_reranker(str(listed))

    assert "antigravity" not in sys.modules
    assert reranker.score("bread", ["oven"]) == tiny.score("bread", ["oven"])


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_broken_file_is_an_error_with_the_models_name(
    registry: ModelRegistry, tiny_model: Path, tmp_path: Path, name: str
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    (broken / name).write_bytes(b"{ not what it was")

    with pytest.raises(ModelError, match="broken"):
        registry.load_reranker(str(broken))


def test_the_fingerprint_follows_the_weights(
    tiny: Reranker, registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    same = registry.load_reranker(str(shutil.copytree(tiny_model, tmp_path / "same")))
    other = registry.load_reranker(str(write_cross_encoder(tmp_path / "other", seed=8)))

    assert same.fingerprint == tiny.fingerprint
    assert other.fingerprint != tiny.fingerprint


def test_a_roberta_is_not_asked_for_more_positions_than_it_has(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    # Its first position comes after that of the padding: a table of 34 is a window of 33.
    from transformers import RobertaConfig, RobertaForSequenceClassification

    folder = write_cross_encoder(tmp_path / "roberta", window=34)
    vocabulary = json.loads((folder / "config.json").read_text())["vocab_size"]
    config = RobertaConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=34,
        pad_token_id=0,
        type_vocab_size=2,
        id2label={0: "relevance"},
    )
    RobertaForSequenceClassification(config).save_pretrained(folder)
    reranker = registry.load_reranker(str(folder))

    (plan,) = reranker.plan("bread", ["oven " * 100])
    (score,) = reranker.score("bread", ["oven " * 100])

    assert max(plan.token_counts) == 33
    assert score.windows == len(plan.token_counts)


def test_an_older_model_with_a_plain_vocabulary_is_read_alike(
    tiny: Reranker, registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    # ms-marco-electra-base comes with a vocab.txt and no tokenizer.json.
    older = tmp_path / "older"
    shutil.copytree(tiny_model, older)
    vocabulary = json.loads((older / "tokenizer.json").read_text())["model"]["vocab"]
    (older / "tokenizer.json").unlink()
    (older / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.get)) + "\n")
    settings = {"do_lower_case": True, "model_max_length": 512}
    (older / "tokenizer_config.json").write_text(json.dumps(settings))
    passages = ["The oven, a train", "bread " * 700]

    reranker = registry.load_reranker(str(older))

    assert reranker.plan("backup", passages) == tiny.plan("backup", passages)
    assert reranker.score("backup", passages) == tiny.score("backup", passages)

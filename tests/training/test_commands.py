"""The whole recipe, command by command, on a tiny random encoder and made-up texts."""

import gzip
import itertools
import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from docsearch.models.segment.cross_encoder import SegmentCrossEncoder
from training import encoders, pairs
from training.__main__ import main
from training.encoders import Encoder, EncoderDescription

WORDS = ("wing", "lift", "drag", "cell", "blood", "heart", "tax", "court", "law", "tree", "leaf")
TEXTS = [" ".join(words) for words in itertools.combinations(WORDS, 2)]


@pytest.fixture
def tiny(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny encoder under the names of all encoders, questions, and one judged set."""
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=16,
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(shape, add_pooling_layer=False).save_pretrained(tmp_path / "encoder")
    tokenizer.save(str(tmp_path / "encoder" / "tokenizer.json"))
    described = {
        name: EncoderDescription(name, tmp_path / "encoder", teaches, "law " if teaches else "")
        for name, teaches in (
            ("all-MiniLM-L6-v2", False),
            ("bge-small-en-v1.5", True),
            ("snowflake-arctic-embed-s", True),
        )
    }
    monkeypatch.setattr(encoders, "known_encoders", lambda models: described)
    monkeypatch.setattr(pairs, "QUESTIONS_PER_SOURCE", {"made_up": 20})
    rows = [
        {"query": text.split()[0], "positive": text, "negatives": TEXTS[-2:]} for text in TEXTS[:30]
    ]
    (tmp_path / "train").mkdir()
    with gzip.open(tmp_path / "train" / "made_up.jsonl.gz", "wt") as stream:
        stream.write("\n".join(map(json.dumps, rows)))
    judged = tmp_path / "eval" / "toy"
    judged.mkdir(parents=True)
    passages = [json.dumps({"_id": text, "text": text}) for text in TEXTS]
    (judged / "corpus.jsonl").write_text("\n".join(passages))
    (judged / "queries.jsonl").write_text('{"_id": "1", "text": "wing"}')
    (judged / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\twing lift\t1\n")
    (tmp_path / "card.md").write_text("a card")
    return tmp_path


def test_the_recipe_from_questions_to_a_calibrated_model(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mined, run, model = tiny / "mined", tiny / "run", tiny / "model"
    judging = [
        *("--sets", str(tiny / "eval"), "--model", str(model)),
        *("--first-stage", str(tiny / "first"), "--out", str(tiny / "second")),
    ]
    main(["mine", "--data", str(tiny / "train"), "--mined", str(mined)])
    main(["teach", "--mined", str(mined), "--teacher", "bge-small-en-v1.5"])
    main(
        [
            *("train", "--mined", str(mined), "--out", str(run), "--steps", "2"),
            *("--questions", "4", "--candidates", "4", "--frozen-layers", "1"),
        ]
    )
    snapshot = str(run / "step-000002.safetensors")
    card = str(tiny / "card.md")
    main(["export", "--snapshots", snapshot, snapshot, "--card", card, "--out", str(model)])
    main(["evaluate", *judging])
    assert "| toy | 1 |" in capsys.readouterr().out
    before = SegmentCrossEncoder.load(model).probability(0.0)
    main(["agree", *judging, "--other", str(tiny / "second")])
    assert "largest difference 0.0000" in capsys.readouterr().out
    main(["calibrate", *judging, "--plot", str(tiny / "plot.svg")])
    assert (tiny / "plot.svg").read_text().startswith("<svg")
    assert "expected error" in capsys.readouterr().out
    assert SegmentCrossEncoder.load(model).probability(0.0) != before


def test_states_of_a_query_leave_its_prefix_out(tiny: Path) -> None:
    teacher = Encoder(encoders.known_encoders(tiny)["bge-small-en-v1.5"], max_tokens=8)
    (states,) = teacher.query_states(["wing lift"])
    assert states.shape == (4, 16)
    (whole,) = teacher.token_states(["law wing lift"])
    assert torch.equal(states, torch.cat([whole[:1], whole[2:]]))


def test_texts_as_long_as_the_encoder_reads_are_not_read_whole(tiny: Path) -> None:
    encoder = Encoder(encoders.known_encoders(tiny)["all-MiniLM-L6-v2"], max_tokens=5)
    assert encoder.reads_whole(["wing lift", "wing lift drag", "wing " * 9]) == [True, False, False]

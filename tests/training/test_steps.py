"""Mining, teaching, batching, training: each on a handful of questions."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from docsearch.models.segment.network import SegmentNetwork
from training import pairs
from training.batches import BatchStream
from training.losses import listwise_distillation, listwise_labels
from training.mine import Mined, load_mined, nearest_passages, save_mined
from training.pairs import Question, join_passages, read_questions
from training.rarity import count_into, rarities
from training.student import list_logits
from training.teach import Opinion, ensemble, likely_answers, standardised
from training.train import Schedule, average_snapshots, train

PASSAGES = ["wing lift", "drag", "cell blood", "heart", "tax court", "law", "tree leaf", "root"]
TEXTS = ["lift", "blood", "court", "leaf"]


@pytest.fixture
def mined() -> Mined:
    questions = [
        Question("made up", text, PASSAGES[2 * row], (PASSAGES[2 * row + 1],))
        for row, text in enumerate(TEXTS)
    ]
    rows = [[2 * row, 2 * row + 1] for row in range(4)]
    candidates = [row + [place for place in range(8) if place not in row] for row in rows]
    return Mined(PASSAGES, questions, np.array(candidates), np.ones(4, dtype=np.int64))


@pytest.fixture
def stream(mined: Mined, tokenizer: Tokenizer) -> BatchStream:
    opinion = np.zeros((4, 8), dtype=np.float32)
    opinion[:, 0] = 2.0
    unsure = np.zeros((4, 8), dtype=bool)
    return BatchStream(
        mined, opinion, unsure, tokenizer, questions=2, candidates=4, max_tokens=16, seed=3
    )


def test_questions_are_drawn_alike_with_the_same_seed(tmp_path: Path) -> None:
    lines = [json.dumps({"query": f"q{row}", "positive": f"p{row}"}) for row in range(20)]
    with gzip.open(tmp_path / "made_up.jsonl.gz", "wt") as stream:
        stream.write("\n".join(lines))
    first = read_questions(tmp_path, {"made_up": 5}, seed=1)
    assert len(first) == 5
    assert first == read_questions(tmp_path, {"made_up": 5}, seed=1)
    assert first != read_questions(tmp_path, {"made_up": 5}, seed=2)


def test_a_joined_passage_holds_the_answer_and_the_rest_is_joined_too() -> None:
    question = Question("made_up", "q", "p", ("a", "b", "c", "d", "e", "f"))
    joined = join_passages(question, 3, random.Random(1))
    assert sorted(joined.positive.split("\n\n")) == ["a", "b", "p"]
    assert joined.negatives == ("c\n\nd\n\ne",)
    places = {
        join_passages(question, 3, random.Random(seed)).positive.split("\n\n").index("p")
        for seed in range(20)
    }
    assert places == {0, 1, 2}


def test_questions_with_joined_passages_come_after_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        json.dumps({"query": f"q{row}", "positive": f"p{row}", "negatives": ["a", "b"]})
        for row in range(20)
    ]
    with gzip.open(tmp_path / "made_up.jsonl.gz", "wt") as stream:
        stream.write("\n".join(lines))
    monkeypatch.setattr(pairs, "JOINED_PER_SOURCE", {"made_up": 2})
    read = read_questions(tmp_path, {"made_up": 5}, seed=1)
    assert ["\n\n" in question.positive for question in read] == [False] * 5 + [True] * 2
    assert len({question.text for question in read}) == 7


def test_nearest_passages_come_best_first() -> None:
    passages = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float16)
    assert nearest_passages(passages[:1], passages).tolist() == [[0, 1, 2]]


def test_mined_rows_survive_the_disk(mined: Mined, tmp_path: Path) -> None:
    save_mined(mined, tmp_path)
    kept = load_mined(tmp_path)
    assert (kept.passages, kept.questions) == (mined.passages, mined.questions)
    assert (kept.candidates == mined.candidates).all()
    assert (kept.distractors == mined.distractors).all()


def test_a_teachers_scale_does_not_matter() -> None:
    one = np.array([[3.0, 2.0, 1.0, 0.5]], dtype=np.float32)
    other = np.array([[0.1, 0.4, 0.2, 0.3]], dtype=np.float32)
    plain = ensemble([Opinion(one, one), Opinion(other, other)])
    scaled = ensemble([Opinion(one, 7 * one), Opinion(100 * other, other)])
    assert plain == pytest.approx(scaled, abs=1e-3)
    assert standardised(one).std() == pytest.approx(1, abs=1e-4)


def test_only_mined_candidates_can_be_likely_answers(mined: Mined) -> None:
    opinion = np.zeros((4, 8), dtype=np.float32)
    opinion[:, 5:] = -1.0
    likely = likely_answers(mined, opinion, margin=0.5)
    assert likely[0].tolist() == [False, False, True, True, True, False, False, False]


def test_a_batch_depends_on_its_step_alone(stream: BatchStream) -> None:
    stream.at(0)
    assert stream.at(5).passages == stream.at(5).passages
    assert stream.at(5).queries != stream.at(4).queries


def test_a_list_starts_with_the_questions_own_passage(
    stream: BatchStream, tokenizer: Tokenizer
) -> None:
    batch = stream.at(1)
    for query, passages in zip(batch.queries, batch.passages, strict=True):
        row = TEXTS.index(tokenizer.decode(query, skip_special_tokens=False).split()[1])
        assert passages[0] == tokenizer.encode(PASSAGES[2 * row]).ids
        assert tokenizer.encode(PASSAGES[2 * row + 1]).ids in passages


def test_distillation_is_nothing_when_student_and_teacher_agree() -> None:
    teacher = torch.tensor([[1.0, 0.0, -1.0]])
    assert float(listwise_distillation(teacher / 0.5, teacher, 0.5)) == pytest.approx(0, abs=1e-6)
    assert float(listwise_distillation(-teacher, teacher, 0.5)) > 1


def test_labels_do_not_punish_unsure_candidates() -> None:
    logits = torch.tensor([[0.0, 9.0, -9.0]])
    unsure = torch.tensor([[False, True, False]])
    assert float(listwise_labels(logits, unsure)) < 0.01
    assert float(listwise_labels(logits, torch.zeros_like(unsure))) > 8


def test_list_logits_come_in_the_order_of_the_lists(network: SegmentNetwork) -> None:
    queries = [[2, 4, 3], [2, 5, 6, 7, 3]]
    passages = [[[2, 8, 3], [2, 9, 9, 9, 9, 3]], [[2, 10, 11, 3], [2, 12, 3]]]
    logits = list_logits(network, queries, passages)
    one = list_logits(network, [queries[1]], [[passages[1][0]]])
    assert logits.shape == (2, 2)
    assert logits[1, 0].item() == pytest.approx(one.item(), abs=1e-5)


def test_rare_words_weigh_more(network: SegmentNetwork, tokenizer: Tokenizer) -> None:
    counted = rarities([[4, 5], [4, 6], [4, 7]], vocabulary=16)
    assert counted[4] < counted[5] < counted[15]
    count_into(network.exact_match, PASSAGES, tokenizer)
    assert float(network.exact_match.usual_length) == pytest.approx(27 / 8 + 0.125)


def test_training_lowers_the_loss_and_resumes_to_the_same_weights(
    network: SegmentNetwork, stream: BatchStream, tmp_path: Path
) -> None:
    schedule = Schedule(steps=6, warmup_steps=1, frozen_layers=1, snapshot_every=3)
    fresh = {name: weight.clone() for name, weight in network.state_dict().items()}
    train(network, stream.at, schedule, tmp_path / "whole")
    whole = average_snapshots([tmp_path / "whole" / "step-000006.safetensors"])

    network.load_state_dict(fresh)
    network.requires_grad_(True)

    class StoppedError(Exception):
        pass

    def stops_at_four(step: int) -> object:
        if step == 4:
            raise StoppedError
        return stream.at(step)

    with pytest.raises(StoppedError):
        train(network, stops_at_four, schedule, tmp_path / "halves")  # type: ignore[arg-type]
    train(network, stream.at, schedule, tmp_path / "halves")
    halves = average_snapshots([tmp_path / "halves" / "step-000006.safetensors"])
    assert all(torch.equal(whole[name], halves[name]) for name in whole)
    assert torch.equal(whole["words.weight"], fresh["words.weight"])
    assert not torch.equal(whole["together.0.feed_in.weight"], fresh["together.0.feed_in.weight"])

"""A language model as a reranker, over a tiny one with random weights."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import BPE

from docsearch.domain.errors import ModelError
from docsearch.domain.model import ModelDescription, ModelFile
from docsearch.models.descriptions import describe
from docsearch.models.registry import ModelRegistry
from docsearch.models.store import ModelStore, StoredModel, sha256_of
from docsearch.models.torch.llm_reranker import LlmReranker
from tests.standins.tiny_models import rewrite_config, write_cross_encoder, write_language_model

NAME = "bge-reranker-v2-gemma"


@pytest.fixture(scope="module")
def language_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny language model; not to be written to."""
    return write_language_model(tmp_path_factory.mktemp("language"))


@pytest.fixture(scope="module")
def asked(language_model: Path) -> LlmReranker:
    return LlmReranker(description(), stored(language_model))


def description() -> ModelDescription:
    known = describe(NAME)
    assert known is not None
    return known


def stored(folder: Path) -> StoredModel:
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    files = (ModelFile(name, None, sha256_of(folder / name)) for name in names)
    return StoredModel(folder, "", tuple(files))


def reference_logit(folder: Path, query: str, passage: str, gap: str = " ") -> float:
    """What the model card's recipe gives for a pair that fits in the window."""
    import torch
    from transformers import AutoModelForCausalLM

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def ids(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False).ids

    sequence = [2, *ids(f"A: {query}"), *ids("\n"), *ids(f"B:{gap}{passage}"), *ids("\n")]
    sequence += ids(
        "Given a query A and a passage B, determine whether the passage contains an answer to the "
        "query by providing a prediction of either 'Yes' or 'No'."
    )
    model = AutoModelForCausalLM.from_pretrained(folder)
    with torch.inference_mode():
        return float(model(torch.tensor([sequence])).logits[0, -1, ids("Yes")[0]])


def test_it_is_asked_as_the_model_card_says(asked: LlmReranker, language_model: Path) -> None:
    passages = ["the oven bakes bread", "x", "a train, and the ticket. " * 16, "two\nlines  here"]

    scores = asked.score("where is bread baked?", passages)

    for passage, score in zip(passages, scores, strict=True):
        raw = reference_logit(language_model, "where is bread baked?", passage)
        assert score.raw == pytest.approx(raw, abs=1e-4)
        assert score.unit == pytest.approx(1 / (1 + math.exp(-raw)), abs=1e-5)
        assert score.windows == 1


def test_each_window_of_a_long_passage_is_a_whole_question(
    asked: LlmReranker, language_model: Path
) -> None:
    # One token a character, one for the space before the text, and 64 that are read twice.
    around = asked.read("bread", "").window_tokens[0]
    room = 1024 - around
    passage = "x" * (room - 1) + "-" * (room - 64)

    reading = asked.read("bread", passage)

    assert reading.passage_tokens == len(passage) + 1
    assert reading.window_tokens == (1024, 1024)
    first, second = reading.window_scores
    assert first == pytest.approx(
        reference_logit(language_model, "bread", "x" * (room - 1)), abs=1e-4
    )
    # The second begins within the text, where no space stands before it.
    rest = passage[-room:]
    assert second == pytest.approx(reference_logit(language_model, "bread", rest, gap=""), abs=1e-4)


def test_company_in_a_batch_does_not_change_a_score(asked: LlmReranker) -> None:
    passages = [f"{'bread ' * count}oven" for count in (1, 90, 40, 5, 120, 2)]

    together = [score.raw for score in asked.score("the oven", passages)]
    alone = [asked.score("the oven", [passage])[0].raw for passage in passages]

    assert together == pytest.approx(alone, abs=1e-4)


def test_by_its_name_it_is_loaded_as_a_language_model(data_dir: Path, language_model: Path) -> None:
    store = ModelStore(data_dir / "models")
    folder = store.download_folder(description())
    shutil.copytree(language_model, folder)
    files = [
        replace(file, size=(folder / file.name).stat().st_size) for file in stored(folder).files
    ]
    store.write_receipt(description(), description().revision, files)

    for name in (NAME, f"BAAI/{NAME}"):
        reranker = ModelRegistry(data_dir, offline=True).load_reranker(name)
        assert isinstance(reranker, LlmReranker)
        assert reranker.name == NAME


def test_without_a_known_question_a_language_model_is_refused(
    registry: ModelRegistry, language_model: Path
) -> None:
    with pytest.raises(ModelError, match="not a cross-encoder: it is GemmaForCausalLM"):
        registry.load_reranker(str(language_model))
    with pytest.raises(ModelError, match="not known what to ask"):
        LlmReranker(replace(description(), prompt=None), stored(language_model))


def test_a_classifier_is_not_asked(tmp_path: Path, language_model: Path) -> None:
    classifier = write_cross_encoder(tmp_path / "classifier")
    shutil.copy(language_model / "tokenizer.json", classifier)

    with pytest.raises(ModelError, match="is not a causal language model"):
        LlmReranker(description(), stored(classifier))


def test_weights_that_are_not_there_are_not_made_up(tmp_path: Path, language_model: Path) -> None:
    deeper = tmp_path / "deeper"
    shutil.copytree(language_model, deeper)
    rewrite_config(deeper, num_hidden_layers=3)

    with pytest.raises(ModelError, match=f"{NAME} .* lacks weights: model.layers.2"):
        LlmReranker(description(), stored(deeper))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_broken_file_is_an_error_with_the_models_name(
    tmp_path: Path, language_model: Path, name: str
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(language_model, broken)
    (broken / name).write_text("{")

    with pytest.raises(ModelError, match=NAME):
        LlmReranker(description(), stored(broken))


def test_a_tokenizer_that_joins_the_question_with_the_text_is_refused(
    tmp_path: Path, language_model: Path
) -> None:
    joining = tmp_path / "joining"
    shutil.copytree(language_model, joining)
    tokenizer = Tokenizer.from_file(str(joining / "tokenizer.json"))
    pieces = tokenizer.get_vocab() | {":\u2581": tokenizer.get_vocab_size()}
    joined = Tokenizer(BPE(pieces, [("Y", "e"), ("Ye", "s"), (":", "\u2581")], unk_token="<unk>"))
    joined.normalizer = tokenizer.normalizer
    joined.save(str(joining / "tokenizer.json"))

    with pytest.raises(ModelError, match="tokenizer for which it cannot be asked"):
        LlmReranker(description(), stored(joining))


def test_a_tokenizer_without_the_answer_is_refused(tmp_path: Path, language_model: Path) -> None:
    silent = tmp_path / "silent"
    shutil.copytree(language_model, silent)
    tokenizer = Tokenizer.from_file(str(silent / "tokenizer.json"))
    spelled = Tokenizer(BPE(tokenizer.get_vocab(), [], unk_token="<unk>"))
    spelled.normalizer = tokenizer.normalizer
    spelled.save(str(silent / "tokenizer.json"))

    with pytest.raises(ModelError, match="no single token for 'Yes'"):
        LlmReranker(description(), stored(silent))


@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_names_the_model(
    tmp_path: Path, language_model: Path, poison: float
) -> None:
    from safetensors.torch import load_file, save_file

    broken = tmp_path / "broken"
    shutil.copytree(language_model, broken)
    weights = load_file(broken / "model.safetensors")
    weights["model.norm.weight"].fill_(poison)
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})

    reranker = LlmReranker(description(), stored(broken))
    for ask in (reranker.score, reranker.rough_scores):
        with pytest.raises(ModelError, match=f"{NAME} gave a score that is not a finite number"):
            ask("bread", ["oven"])

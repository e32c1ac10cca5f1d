from __future__ import annotations

import os
from pathlib import Path

import pytest

from docsearch.cli.configuration import Configuration, load, save
from docsearch.domain.errors import ConfigurationError
from docsearch.domain.fusion import Blend, Fusion
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(file: Path, text: str = "", **environ: str) -> Configuration:
    if text:
        file.write_text(text, encoding="utf-8")
    return load({}, environ, file)


def test_without_anything_every_setting_has_its_default(file: Path) -> None:
    found = load({}, {"HOME": "/somewhere"}, file)
    assert found.settings == Settings()
    assert set(found.origins.values()) == {"default"}


def test_flags_go_over_the_environment_over_the_file(file: Path) -> None:
    file.write_text('# mine\nsource = "bm25"\ncandidates = 20\n\noffline = true\n')
    environ = {"DOCSEARCH_CANDIDATES": "30", "DOCSEARCH_SOURCE": "hybrid"}
    found = load({"source": "dense"}, environ, file)
    assert found.settings == Settings(source=CandidateSource.DENSE, candidates=30, offline=True)
    assert found.settings.source is CandidateSource.DENSE
    assert found.origins["source"] == "flag, --source"
    assert found.origins["candidates"] == "environment, DOCSEARCH_CANDIDATES"
    assert found.origins["offline"] == f"{file}:5"
    assert found.origins["theme"] == "default"


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("0", False), ("off", False)]
)
def test_the_environment_says_yes_and_no_in_words(file: Path, text: str, value: bool) -> None:
    assert loaded(file, DOCSEARCH_OFFLINE=text).settings.offline is value


def test_a_number_may_be_whole_or_not(file: Path) -> None:
    found = loaded(
        file, "recency_weight = 1\nhalf_life_days = 7.5", DOCSEARCH_FIRST_STAGE_WEIGHT="2"
    )
    settings = found.settings
    numbers = (settings.recency_weight, settings.half_life_days, settings.first_stage_weight)
    assert numbers == (1.0, 7.5, 2.0)
    assert {type(each) for each in numbers} == {float}


@pytest.mark.parametrize(
    ("fusion", "wanted"),
    [
        ("auto", Fusion(first_stage=0.25)),
        ("none", Fusion()),
        ("scores", Fusion(1.0, 0.7, 0.2, Blend.SCORES, 9, 7.0)),
        ("ranks", Fusion(1.0, 0.7, 0.2, Blend.RANKS, 9, 7.0)),
    ],
)
def test_the_weights_count_only_where_fusion_is_asked_for(
    file: Path, fusion: str, wanted: Fusion
) -> None:
    weights = "first_stage_weight = 0.7\nrecency_weight = 0.2\nhalf_life_days = 7\nrrf_k = 9"
    settings = loaded(file, weights, DOCSEARCH_FUSION=fusion).settings
    assert settings.fusion_with(0.25) == wanted


def test_a_path_may_start_at_home(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert loaded(file, 'data_dir = "~/kept"').settings.data_dir == str(tmp_path / "kept")


def test_a_file_with_a_byte_order_mark_is_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfcandidates = 7\n")
    assert load({}, {}, file).settings.candidates == 7


def test_strays_in_the_environment_are_told_and_do_no_harm(file: Path) -> None:
    found = loaded(file, DOCSEARCH_RERANKR="x", DOCSEARCH_RERANKER="none")
    assert found.strays == ("DOCSEARCH_RERANKR",)
    assert found.settings.reranker == "none"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 50_000, ["config.toml is not valid TOML", "nested too deeply"]),
        ("candidates = " + "9" * 5000, ["config.toml is not valid TOML", "too many digits"]),
        ("rrf_k = " + "9" * 400, ["rrf_k", "config.toml"]),
        ("recency_weight = " + "9" * 400, ["recency_weight at", "a number"]),
        ('data_dir = "a\\u0000b"', ["data_dir (", "config.toml:1", "NUL"]),
        ('data_dir = "~nobody_at_all/x"', ["data_dir (", "config.toml:1", "no user"]),
        ('data_dir = "' + "a" * 300 + '"', ["data_dir (", "255 bytes"]),
        ("rerankr = 'x'", ["config.toml:1:", "'rerankr'", "Did you mean 'reranker'?"]),
        ("\n[search]\ntop = 1", ["config.toml:2:", "'search'", "There are chunk_tokens, "]),
        ("\ncandidates = '50'", ["candidates at", "config.toml:2", "'50'", "a whole number"]),
        ("candidates = true", ["candidates at", "a whole number"]),
        ("candidates = 5.5", ["candidates at", "a whole number"]),
        ("offline = 1", ["offline at", "true or false"]),
        ("reranker = []", ["reranker at", "text in quotes"]),
        ("source = 'fast'", ["source at", "dense, bm25, hybrid"]),
        ("theme = 'pink'", ["theme is 'pink'", "docsearch-dark or docsearch-light", ":1"]),
        ("fusion = 'both'", ["fusion is 'both'", "auto or none or scores or ranks", ":1"]),
        ("rrf_k = 1.5", ["rrf_k at", "a whole number"]),
        ("recency_weight = 'much'", ["recency_weight at", "'much'", "a number"]),
        ("recency_weight = true", ["recency_weight at", "a number"]),
        ("recency_weight = nan", ["recency_weight is nan", "from 0 to 10", "config.toml:1"]),
        ("half_life_days = 0", ["half_life_days is 0.0", "from 0.01 to 36500"]),
        ("candidates = 0", ["candidates is 0", "from 1 to 1000", "config.toml:1"]),
        ("\nchunk_tokens = 64", ["overlap_tokens is 64", "chunk_tokens", "config.toml:2"]),
        ("\ncandidates = \n", ["config.toml is not valid TOML", "line 2"]),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(
    file: Path, text: str, words: list[str]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(file, text)
    for each in words:
        assert each in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DOCSEARCH_CANDIDATES", "many", ["DOCSEARCH_CANDIDATES", "'many'", "a whole number"]),
        ("DOCSEARCH_OFFLINE", "perhaps", ["DOCSEARCH_OFFLINE", "true or false"]),
        ("DOCSEARCH_SOURCE", "", ["DOCSEARCH_SOURCE", "dense, bm25, hybrid"]),
        ("DOCSEARCH_RRF_K", "1.5", ["DOCSEARCH_RRF_K", "'1.5'", "a whole number"]),
        ("DOCSEARCH_RECENCY_WEIGHT", "much", ["DOCSEARCH_RECENCY_WEIGHT", "'much'", "a number"]),
        ("DOCSEARCH_RECENCY_WEIGHT", "inf", ["recency_weight is inf", "from 0 to 10"]),
        ("DOCSEARCH_CANDIDATES", "5000", ["candidates is 5000", "DOCSEARCH_CANDIDATES"]),
    ],
)
def test_a_mistake_in_the_environment_is_told_with_its_variable(
    file: Path, name: str, value: str, words: list[str]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load({}, {name: value}, file)
    for each in words:
        assert each in str(caught.value)


def test_a_file_that_is_no_text_or_no_file_is_told(file: Path) -> None:
    file.write_bytes(b"candidates = \xff\n")
    with pytest.raises(ConfigurationError, match="not in UTF-8"):
        load({}, {}, file)
    file.unlink()
    file.mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        load({}, {}, file)


def test_a_pipe_in_the_files_place_is_refused_and_not_waited_for(file: Path) -> None:
    os.mkfifo(file)
    with pytest.raises(ConfigurationError, match="cannot be read: It is not a regular file"):
        loaded(file)


def test_values_are_set_and_every_other_line_stays(file: Path) -> None:
    file.write_text('# mine\nsource = "bm25"  # for now\n\ncandidates = 20\noffline = true')
    save(file, {"source": "hybrid", "first_stage_weight": 0.25})
    assert file.read_text() == (
        '# mine\nsource = "hybrid"\n\ncandidates = 20\noffline = true\nfirst_stage_weight = 0.25\n'
    )
    settings = load({}, {}, file).settings
    assert (settings.source, settings.candidates) == (CandidateSource.HYBRID, 20)


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "config" / "docsearch" / "config.toml"
    save(file, {"reranker": 'odd "name"\\'})
    assert load({}, {}, file).settings.reranker == 'odd "name"\\'


def test_a_link_stays_a_link_and_its_mode_is_kept(tmp_path: Path) -> None:
    kept, file = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    kept.write_text("candidates = 20\n")
    kept.chmod(0o600)
    file.symlink_to(kept)
    save(file, {"candidates": 30})
    assert file.is_symlink()
    assert kept.read_text() == "candidates = 30\n"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_changed_safely_is_left_alone(file: Path) -> None:
    text = 'reranker = """\nx"""\n'
    file.write_text(text)
    with pytest.raises(ConfigurationError, match="could not be changed safely; set in it yourself"):
        save(file, {"reranker": "none"})
    assert file.read_text() == text

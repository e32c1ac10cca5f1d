"""The benchmarks as a user runs them, at their smallest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docsearch.cli.main import run
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.settings import NO_RERANKER, Settings
from docsearch.runtime.benches.report_file import read_report
from docsearch.runtime.benches.ui import UiPlan, bench_ui
from docsearch.tui.search.query_line import EMPTY
from tests.standins.tiny_models import write_cross_encoder


def test_reranking_is_measured_in_turns_with_everyone_elses(tmp_path: Path) -> None:
    file, tiny = tmp_path / "rerank.json", write_cross_encoder(tmp_path / "tiny")
    words = ["bench", "rerank", "--quick", "--runs", "1", "--pairs", "10", "--json", str(file)]
    assert run([*words, "--reranker", str(tiny)]) == 0
    report = read_report(file)
    assert report.kind == "rerank"
    assert report.settings["tokens"] == "128"
    found = {figure.name: figure for figure in report.figures}
    where = ("10 pairs", "128 tokens")
    named = {" · ".join(name) for name in found}
    cold = {name[2:4]: figure for name, figure in found.items() if "times as fast" in name}
    assert {(model, "torch float32") for model in ("MiniLM-L6 shape", "tiny")} <= set(cold)
    assert all(ratio.value > 0 and ratio.baseline in named for ratio in cold.values())
    assert found[*where, "MiniLM-L6 shape", "CrossEncoder.predict", "p99"].unit == "ms"
    assert ("dense retrieval", "10,000 vectors", "p50") in found


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs pseudo-terminals")
def test_starts_and_keys_are_measured_on_the_real_screen(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "own"), reranker=NO_RERANKER)
    found = list(bench_ui(None, settings, UiPlan(commands=1, starts=1, keys=4), EMPTY))
    steps = [each for each in found if isinstance(each, Step)]
    assert [step.done for step in steps] == list(range(steps[0].total))
    values = {each.name[:-1]: each.value for each in found if isinstance(each, Figure)}
    assert set(values) == {
        ("start to end", "python -c pass"),
        ("start to end", "docsearch --help"),
        ("start to end", "docsearch query, 50 passages", "cold cache"),
        ("start to end", "docsearch query, 50 passages", "warm cache"),
        ("start to", "first paint"),
        ("start to", "first list"),
        ("start to", "reranked list"),
        ("key to paint", "models loading"),
        ("key to paint", "index up to date"),
        ("key to paint", "while indexing"),
    }
    assert 0 < values["start to", "first paint"] < values["start to", "first list"]
    assert not (tmp_path / "own").exists(), "the user's own data are left alone"


def test_a_system_without_pseudo_terminals_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(os, "openpty")
    assert run(["bench", "ui"]) == 1
    assert "pseudo-terminal, which this system does not have" in capsys.readouterr().err

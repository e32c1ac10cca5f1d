"""`docsearch bench rerank` as a user runs it, at its smallest."""

from __future__ import annotations

from pathlib import Path

from docsearch.bench.report_file import read_report
from docsearch.cli.main import run
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

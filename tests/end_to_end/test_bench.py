"""The benchmarks as a user runs them, at their smallest."""

from __future__ import annotations

from pathlib import Path

from docsearch.cli.main import run
from docsearch.runtime.benches.report_file import read_report
from tests.standins.tiny_models import write_cross_encoder


def test_reranking_is_measured_in_turns_with_everyone_elses(tmp_path: Path) -> None:
    file, tiny = tmp_path / "rerank.json", write_cross_encoder(tmp_path / "tiny")
    words = ["bench", "rerank", "--quick", "--runs", "1", "--json", str(file)]
    assert run([*words, "--reranker", str(tiny)]) == 0
    report = read_report(file)
    assert report.kind == "rerank"
    assert report.settings["tokens"] == "128"
    found = {figure.name: figure for figure in report.figures}
    where = ("50 pairs", "128 tokens")
    named = {" · ".join(name) for name in found}
    for model in ("MiniLM-L6 shape", "tiny"):
        for runtime in ("torch fp32", "torch bf16"):
            ratio = found[*where, model, runtime, "cold cache", "times as fast"]
            assert ratio.value > 0
            assert ratio.baseline in named
    assert found[*where, "MiniLM-L6 shape", "CrossEncoder.predict", "p99"].unit == "ms"
    assert ("dense retrieval", "10,000 vectors", "p50") in found

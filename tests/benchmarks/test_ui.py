"""The benchmark of the screen at its smallest, on the real command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from benchmarks import ui
from benchmarks.ui import NAME, UiPlan, bench_ui, command
from docsearch.bench.report_file import read_report
from docsearch.cli.main import run
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.settings import NO_RERANKER, Settings
from tests.evaluation.reports import latency


@pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="needs pseudo-terminals")
def test_starts_and_keys_are_measured_on_the_real_screen(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "own"), reranker=NO_RERANKER)
    found = list(bench_ui(None, settings, UiPlan(commands=1, starts=1, keys=4)))
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
    monkeypatch.delattr(pexpect, "spawn")
    assert run([], command, NAME) == 1
    assert "pseudo-terminal, which this system does not have" in capsys.readouterr().err


def test_it_is_asked_for_what_is_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path | None, UiPlan]] = []

    def bench(folder: Path | None, settings: Settings, plan: UiPlan) -> Iterator[Step | Figure]:
        asked.append((folder, plan))
        yield latency(1)

    monkeypatch.setattr(ui, "bench_ui", bench)
    file = tmp_path / "ui.json"
    words = ["--json", str(file), "--reranker", "none"]
    assert run([*words, str(tmp_path), "--quick"], command, NAME) == 0
    conditions = read_report(file).settings
    assert (conditions["folder"], conditions["keys"]) == (tmp_path.name, "20")
    assert conditions["screen"] == "100 by 30"
    assert conditions["reranker"] == "none"
    assert run([*words, "--keys", "30"], command, NAME) == 0
    assert read_report(file).kind == "ui"
    assert asked == [(tmp_path, UiPlan(2, 1, 20)), (None, UiPlan(keys=30))]
    assert run([*words, str(tmp_path / "nowhere")], command, NAME) == 3

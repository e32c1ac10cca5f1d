"""OpenVINO comes without its telemetry, and an exported model without torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError
from docsearch.models.openvino.library import openvino

USE = """
import sys, threading
from pathlib import Path

calls = []
def watch(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib")):
        calls.append((event, arguments))
    if event in ("subprocess.Popen", "os.fork", "os.posix_spawn"):
        calls.append((event, arguments))
sys.addaudithook(watch)

from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.models.registry import ModelRegistry

registry = ModelRegistry(Path(sys.argv[1]), offline=True)
choice = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)
for name in ("all-MiniLM-L6-v2", "docsearch-mini-v1"):
    registry.export(name, choice, lambda done, total: None)
notices = []
embedder = registry.load_embedder(choice, notices.append)
reranker = registry.load_reranker("docsearch-mini-v1", choice, notices.append)
assert embedder.embed_query("some words").shape == (1, 384)
embedder.split("some words", "words in a passage")
assert len(reranker.score("some words", ["a passage", "words"])) == 2
reranker.read("some words", "a passage")
reranker.rough_scores("some words", ["a passage"])
assert notices == [], notices
assert "openvino" in sys.modules
heavy = {"torch", "transformers", "sentence_transformers", "nncf", "scipy", "sklearn"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
assert not [name for name in sys.modules if "telemetry" in name and sys.modules[name] is not None]
assert calls == [], calls
"""


def test_an_exported_model_needs_no_torch_and_reports_to_nobody(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()

    done = _run(USE, home, str(tmp_path / "data"))

    assert done.returncode == 0, done.stderr
    assert list(home.iterdir()) == []


def test_it_is_not_used_beside_telemetry_that_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino_telemetry", sys)

    with pytest.raises(ModelError, match="reports to Intel"):
        openvino()


def _run(program: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Neither proxies nor the marks of a CI machine, which switch telemetry off, are passed on.
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**kept, "HOME": str(home), "https_proxy": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

"""The real command on a real terminal, with the real bi-encoder."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import Agreement, Trial, Tuning
from docsearch.models.descriptions import BOXED, EMBEDDER
from docsearch.models.openvino.network import precisions
from docsearch.serving.tuned_models import model_registry, tunings

COMMAND = (sys.executable, "-m", "docsearch")
AFTER = re.compile(r"\d [+-]\d+\.\d+  (?:garden|boat|escape)\.md")
"""A row of the list on the right: place, logit with its sign, file."""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "my notes"
    folder.mkdir()
    (folder / "garden.md").write_text("# Bees\n\nThe colony left the hive on a warm afternoon.\n")
    (folder / "boat.md").write_text("# Boat\n\nThe hull was painted blue before the season.\n")
    (folder / "escape.md").write_text("# \x1b]0;stolen\x07Title\n\nA note about \x1b[31mpaint.\n")
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and nothing of the settings of whoever runs the tests."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "DOCSEARCH_DATA_DIR": str(tmp_path / "data"),
        "DOCSEARCH_OFFLINE": "1",
    }


def test_on_a_fresh_machine_from_a_folder_to_a_reranked_answer_and_what_is_saved_meanwhile(
    notes: Path, environment: dict[str, str]
) -> None:
    with Terminal([*COMMAND, str(notes)], environment) as terminal:
        terminal.wait_for("3 files")
        terminal.wait_for("up to date")
        terminal.type("insects that swarmed")
        terminal.wait_for(lambda screen: "1  0." in screen and "garden.md" in screen)
        answered = terminal.wait_for(lambda screen: len(AFTER.findall(screen)) == 3)
        assert re.search(r"after +docsearch-mini-v1", answered)
        assert "reranker: off" not in answered
        (notes / "wasps.md").write_text("A swarm of insects, wasps this time, left the attic.\n")
        terminal.wait_for(lambda screen: "4 files" in screen and "wasps.md" in screen)
        terminal.resize(80, 24)
        terminal.wait_for("before#")
        terminal.type("\x1b")
        terminal.wait_for("ask your folder")
        terminal.type("\x1b")
        assert terminal.wait_for_exit() == 0
    assert b"\x1b]0;stolen" not in terminal.raw


TELL_IMPORTS = """
import atexit, os, sys

def tell():
    with open(os.environ["IMPORTS_TO"], "w") as file:
        file.write("\\n".join(sys.modules))

if "IMPORTS_TO" in os.environ:
    atexit.register(tell)
"""


@pytest.mark.skipif(Precision.INT8 not in precisions(), reason="needs OpenVINO")
def test_with_tuned_models_the_screen_imports_no_torch(
    notes: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    settings = Settings(data_dir=environment["DOCSEARCH_DATA_DIR"])
    int8 = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)
    registry = model_registry(settings)
    for name, near in (
        (EMBEDDER.name, Agreement(least_cosine=0.995)),
        (BOXED.name, Agreement(1.0, 0.0)),
    ):
        registry.export(name, int8, lambda _done, _total: None)
        trials = (Trial(REFERENCE), Trial(int8, 1.0, 8.0, near))
        tunings(settings, registry).keep(Tuning(name, trials))
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(TELL_IMPORTS)
    told = tmp_path / "imports"
    more = {
        "PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]),
        "IMPORTS_TO": str(told),
    }
    with Terminal([*COMMAND, str(notes)], {**environment, **more}) as terminal:
        terminal.wait_for("up to date")
        terminal.type("insects that swarmed")
        terminal.wait_for(lambda screen: len(AFTER.findall(screen)) == 3)
        terminal.type("\x03")
        assert terminal.wait_for_exit() == 0
    imported = set(told.read_text().splitlines())
    assert "openvino" in imported
    assert not imported & {"torch", "transformers", "sentence_transformers"}


def test_a_reranker_that_is_not_downloaded_leaves_the_first_order(
    notes: Path, environment: dict[str, str]
) -> None:
    command = [*COMMAND, str(notes), "--reranker", "ms-marco-MiniLM-L6-v2"]
    with Terminal(command, environment) as terminal:
        terminal.wait_for("up to date")
        terminal.type("insects that swarmed")
        answered = terminal.wait_for("reranker: off (not downloaded)")
        assert "1  0." in answered
        assert "garden.md" in answered
        terminal.type("\x03")
        assert terminal.wait_for_exit() == 0


def test_without_colour_it_says_the_same_and_a_closed_terminal_ends_it(
    notes: Path, environment: dict[str, str]
) -> None:
    with Terminal([*COMMAND, str(notes)], {**environment, "NO_COLOR": "1"}, 80, 24) as terminal:
        terminal.wait_for("up to date")
        terminal.type("blue hull")
        terminal.wait_for(lambda screen: "before#" in screen and "boat.md" in screen)
        terminal.send_signal(signal.SIGHUP)
        assert terminal.wait_for_exit() == -signal.SIGHUP
    assert b"\x1b[38;2;" not in terminal.raw


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_screen_and_gives_the_terminal_back(
    notes: Path, environment: dict[str, str], number: signal.Signals
) -> None:
    with Terminal([*COMMAND, str(notes)], environment) as terminal:
        terminal.wait_for("ask your folder")
        terminal.send_signal(number)
        assert terminal.wait_for_exit() == 130
    assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")
    assert b"Traceback" not in terminal.raw

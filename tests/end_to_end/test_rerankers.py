"""Several rerankers on a real terminal: chosen by digit, and side by side."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from tests.standins.tiny_models import write_cross_encoder

NOTES = {
    "garden.md": "# Bees\n\nThe colony left the hive on a warm afternoon.\n",
    "boat.md": "# Boat\n\nThe hull was painted blue before the season.\n",
    "oven.md": "# Bread\n\nThe oven was cold, and the bread rose slowly.\n",
}
RANKED = re.compile(r"after +\S+.* 3\s*$", re.MULTILINE)
AGREEMENT = re.compile(r"[+-][01]\.\d\d [01]\.\d\d")
SCORED = re.compile(r"1 logit [+-]\d+\.\d\d · 2 score [+-]\d+\.\d\d")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in NOTES.items():
        (folder / name).write_text(text)
    return folder


def test_digits_and_columns(notes: Path, tmp_path: Path) -> None:
    tiny = write_cross_encoder(tmp_path / "tiny")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "DOCSEARCH_DATA_DIR": str(tmp_path / "data"),
        "DOCSEARCH_OFFLINE": "1",
    }
    command = [sys.executable, "-m", "docsearch", str(notes), "--reranker", str(tiny)]
    with Terminal(command, environment) as terminal:
        terminal.wait_for("up to date")
        terminal.type("bread 250¡")
        terminal.wait_for("bread 250¡")
        terminal.wait_for(lambda screen: RANKED.search(screen) is not None)
        # As older terminals send Alt and a digit, and as those with the newer protocol do.
        terminal.type("\x1b1")
        terminal.wait_for(lambda screen: "after  docsearch-mini-v1" in screen)
        terminal.type("\x1b[48;3u")
        terminal.wait_for("reranker: off")
        terminal.type("\x1b2")
        terminal.wait_for(lambda screen: "after  /" in screen)
        assert "bread 250¡" in terminal.text

        terminal.type("\x1b[17~")
        terminal.wait_for("order of")
        terminal.wait_for(lambda screen: SCORED.search(screen) is not None)
        terminal.wait_for(lambda screen: len(AGREEMENT.findall(screen)) == 3)
        terminal.type("1")
        terminal.wait_for("by docsearch-mini-v1")
        terminal.type("d")
        terminal.wait_for("disputed first")
        terminal.type("x")
        terminal.wait_for("left out")
        terminal.type("\x1b")
        terminal.wait_for("bread 250¡")
        terminal.type("\x03")
        assert terminal.wait_for_exit() == 0

"""What is not imported before the first picture, and what NO_COLOR leaves out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping

import pytest

HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "sqlite_utils",
    "numpy",
    "tokenizers",
    "huggingface_hub",
    "lxml",
    "watchdog",
    "docsearch.runtime",
)
BEHIND_KEYS = tuple(
    f"docsearch.tui.screens.{name}"
    for name in (
        "case",
        "compare",
        "contrast",
        "fusion",
        "help",
        "inspector",
        "rerankers",
        "whole_list",
        "why_not",
    )
)

PATIENCE = 60.0

PROGRAM = """
import sys
from pathlib import Path
from tests.tui.piloted import opening
from tests.tui.scripted_engine import ScriptedEngine
from docsearch.tui.app import DocsearchApp
engine = ScriptedEngine()
DocsearchApp(engine.folder, engine.settings, opening(engine)).run()
"""


def test_importing_the_app_imports_nothing_heavy_and_no_screen_behind_a_key() -> None:
    unwanted = (*HEAVY, *BEHIND_KEYS)
    program = f"import sys, docsearch.tui.app; print([m for m in {unwanted!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("colour", [True, False])
def test_no_colour_reaches_a_terminal_that_wants_none(colour: bool) -> None:
    written = _session({"TERM": "xterm-256color"} | ({} if colour else {"NO_COLOR": "1"}))
    parameters = [
        parameter
        for sequence in written.split("\x1b[")[1:]
        if "m" in sequence and set(sequence.split("m")[0]) <= set("0123456789;")
        for parameter in sequence.split("m")[0].split(";")
    ]
    coloured = {each for each in parameters if each in ("38", "48") or each[:1] in ("3", "4", "9")}
    coloured -= {"3", "4", "9", "39", "49"}
    assert bool(coloured) is colour


def _session(environment: Mapping[str, str]) -> str:
    """What the app writes to a terminal until it has answered a query."""
    terminal, its_end = pty.openpty()
    fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        env={**kept, **environment},
        start_new_session=True,
    ) as app:
        os.close(its_end)
        written = _until(terminal, b"sk your folder")
        os.write(terminal, b"rye")
        written += _until(terminal, b"greased")
        os.write(terminal, b"\x11")
        _until(terminal, None)
        os.close(terminal)
    assert app.returncode == 0
    return written.decode("utf-8", "replace")


def _until(terminal: int, words: bytes | None) -> bytes:
    """What is written up to these words, or up to the end where there are none."""
    written = b""
    end = time.monotonic() + PATIENCE
    while words is None or words not in written:
        assert time.monotonic() < end, written[-2000:]
        if select.select([terminal], [], [], 1.0)[0]:
            try:
                written += os.read(terminal, 65536)
            except OSError:
                assert words is None, written[-2000:]
                break
    return written

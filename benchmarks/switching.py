"""How long a switch back to a reranker waits: key to screen, with its scores cached.

    python -m benchmarks.switching FOLDER QUERY [SWITCHES]

In: a folder with fifty passages or more, and a query. Out: the fastest, P50, P95 and P99 of the
time from the writing of Alt and a digit to the last cell of the other reranker's order on a
pseudo-terminal, and the share within the time that they are to take, both orders known: in the
session that made the scores, on two sizes of screen, then the first times in a new session, which
finds them in the cache on disk. The two rerankers are the one in the box and a tiny one that is
made for the purpose. The index is made anew in a directory that is removed at the end.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.terminal import Terminal
from docsearch.domain.latencies import percentile
from tests.standins.tiny_models import write_cross_encoder

SWITCHES = 100
SEED = 11
TARGET = 0.05
"""Seconds that a switch back may take."""

SIZES = ((100, 30), (160, 48))
AFTER = re.compile(r"after  (\S+)")
WHOLE = re.compile(r" total [\d.]+ m?s\b.*\b50 pairs ·", re.DOTALL)
KEYS = ("\x1b1", "\x1b2")
"""Alt-1 and Alt-2, as terminals without the newer keyboard protocol send them."""


def main() -> None:
    """Measure, and print what was measured."""
    folder, query = sys.argv[1:3]
    switches = int(sys.argv[3]) if len(sys.argv) > 3 else SWITCHES
    with tempfile.TemporaryDirectory() as made:
        tiny = write_cross_encoder(Path(made) / "tiny")
        command = [sys.executable, "-m", "docsearch", folder, "--reranker", str(tiny)]
        environment = {**os.environ, "DOCSEARCH_DATA_DIR": str(Path(made) / "data")}
        with Terminal(command, environment, *SIZES[0]) as terminal:
            terminal.wait_for("up to date", patience=1800)
            _ask(terminal, query)
            for key in KEYS:
                _switch(terminal, key)
            for columns, rows in SIZES:
                terminal.resize(columns, rows)
                chance = random.Random(SEED)
                waits = [_timed(terminal, KEYS[at % 2], chance) for at in range(switches)]
                print(f"key to screen at {columns}x{rows}, {_summary(waits)}")
        print(f"key to screen, first in a new session: {_first_waits(command, environment, query)}")


def _first_waits(command: list[str], environment: Mapping[str, str], query: str) -> str:
    """What the first switch to each of them takes, once both are loaded for another query."""
    with Terminal(command, environment, *SIZES[0]) as terminal:
        terminal.wait_for("up to date")
        _ask(terminal, "anything else")
        for key in KEYS:
            _switch(terminal, key)
        terminal.type("\x1b")
        terminal.wait_for("ask your folder")
        _ask(terminal, query)
        chance = random.Random(SEED)
        waits = [_timed(terminal, key, chance) for key in KEYS]
    return " and ".join(f"{wait * 1000:.0f} ms" for wait in waits)


def _ask(terminal: Terminal, query: str) -> None:
    terminal.type(query)
    terminal.wait_for(lambda screen: query in screen and _is_whole(screen), patience=600)


def _timed(terminal: Terminal, key: str, chance: random.Random) -> float:
    """Seconds until the whole order stands there, after such a pause as a person makes."""
    terminal.watch(chance.uniform(0.4, 0.8))
    return _switch(terminal, key)


def _switch(terminal: Terminal, key: str) -> float:
    before = _after_title(terminal.text)
    pressed = time.perf_counter()
    terminal.type(key)
    terminal.wait_for(
        lambda screen: _after_title(screen) != before and _is_whole(screen), patience=600
    )
    return terminal.drawn_at - pressed


def _is_whole(screen: str) -> bool:
    return WHOLE.search(screen) is not None


def _after_title(screen: str) -> str:
    """Which reranker's order is shown."""
    title = AFTER.search(screen)
    return title[1] if title else ""


def _summary(waits: list[float]) -> str:
    p50, p95, p99 = (round(percentile(waits, share) * 1000) for share in (50, 95, 99))
    kept = sum(wait <= TARGET for wait in waits) / len(waits)
    return (
        f"{len(waits)} switches: fastest {min(waits) * 1000:.0f} ms, P50 {p50} ms, P95 {p95} ms, "
        f"P99 {p99} ms, {kept:.0%} within {TARGET * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()

"""How long typing waits: start to first picture, and key to screen while a folder is indexed.

    python -m benchmarks.keystrokes FOLDER [KEYS]

In: a folder large enough to be indexing all the while. Out: the first picture's time, and the
P50, P95 and P99 of the time from a key's writing to its letter on a pseudo-terminal: first while
torch and the models are loaded, then while indexing runs. Every key starts a search, too. The index
is made anew in a directory that is removed at the end.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import sys
import tempfile
import time

from tests.end_to_end.terminal import Terminal

KEYS = 200
SEED = 11
LETTERS = "abcdefghijklmnopqrstuvwxyz"
EMPTY = "ask your folder"


def main() -> None:
    """Measure, and print what was measured."""
    folder, keys = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else KEYS
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "DOCSEARCH_DATA_DIR": data}
        begun = time.perf_counter()
        command = [sys.executable, "-m", "docsearch", folder]
        with Terminal(command, environment, 100, 30) as terminal:
            terminal.wait_for(EMPTY)
            first_picture = terminal.drawn_at - begun
            chance = random.Random(SEED)
            loading = [_press(terminal, chance) for _ in range(keys // 2)]
            terminal.wait_for(lambda screen: re.search(r"indexing \S+ [1-9]", screen) is not None)
            indexing = [_press(terminal, chance) for _ in range(keys)]
            to_the_end = "indexing" in terminal.text
    print(f"start to first picture     {first_picture * 1000:.0f} ms")
    print(f"key to screen, {_summary(loading)}, from the start on, models loading")
    print(f"key to screen, {_summary(indexing)}, models loaded, indexing")
    if not to_the_end:
        print("the folder was indexed before the last key: take a larger one")


def _summary(waits: list[float]) -> str:
    cuts = statistics.quantiles(waits, n=100)
    p50, p95, p99 = (round(cuts[at] * 1000) for at in (49, 94, 98))
    return f"{len(waits)} keys: P50 {p50} ms, P95 {p95} ms, P99 {p99} ms"


def _press(terminal: Terminal, chance: random.Random) -> float:
    """Seconds until a letter stands in the query line, after such a pause as a person makes."""
    typed = _typed(terminal.text)
    if len(typed) > 30:
        terminal.type("\x1b")
        terminal.wait_for(EMPTY)
        typed = ""
    terminal.watch(chance.uniform(0.08, 0.25))
    letter = chance.choice(LETTERS)
    pressed = time.perf_counter()
    terminal.type(letter)
    terminal.wait_for(lambda screen: _typed(screen) == typed + letter)
    return terminal.drawn_at - pressed


def _typed(screen: str) -> str:
    """What stands in the query line."""
    line = screen.partition("\n")[0][3:].split("  ")[0].rstrip()
    return "" if line == EMPTY else line


if __name__ == "__main__":
    main()

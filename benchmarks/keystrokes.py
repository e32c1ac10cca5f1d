"""How long typing waits: start to first picture, and key to screen while a folder is indexed.

    python -m benchmarks.keystrokes FOLDER [KEYS]

In: a folder large enough to be indexing all the while. Out: the first picture's time and the
P50, P95 and P99 of the time from a key's writing to its letter on a pseudo-terminal. The index is
made anew in a directory that is removed at the end.
"""

from __future__ import annotations

import os
import random
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
            terminal.wait_for("chunks ·")
            chance = random.Random(SEED)
            waits = [_press(terminal, chance) for _ in range(keys)]
            indexing = "indexing" in terminal.text
    cuts = statistics.quantiles(waits, n=100)
    print(f"start to first picture  {first_picture * 1000:.0f} ms")
    print(
        f"key to screen, {keys} keys  P50 {cuts[49] * 1000:.0f} ms, P95 {cuts[94] * 1000:.0f} ms,"
    )
    print(f"  P99 {cuts[98] * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms")
    print("it was indexing to the end" if indexing else "the folder was indexed before the end")


def _press(terminal: Terminal, chance: random.Random) -> float:
    """Seconds until a letter stands in the query line, after such a pause as a person makes."""
    typed = terminal.lines[0][3:].split("  ")[0]
    if len(typed) > 30:
        terminal.type("\x1b")
        terminal.wait_for(EMPTY)
    if EMPTY in terminal.text:
        typed = ""
    terminal.watch(chance.uniform(0.08, 0.25))
    letter = chance.choice(LETTERS)
    pressed = time.perf_counter()
    terminal.type(letter)
    terminal.wait_for(lambda screen: screen[3:].startswith(typed + letter))
    return terminal.drawn_at - pressed


if __name__ == "__main__":
    main()

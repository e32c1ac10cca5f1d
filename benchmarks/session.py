"""How much memory a long session on the screen takes, on tuned models.

    python -m benchmarks.session FOLDER [--queries 300] [--every 30]

In: a folder of documents. Out: a line of JSON per `--every` queries (queries so far, resident MB of
docsearch and of what it started), and a last one with the most memory and what the second half
added. The real command runs in a pseudo-terminal with the models as `docsearch tune` set them and
an index of its own; queries are the folder's own words, each waited for until all pairs are read.
Every tenth result is inspected (F4), and every tenth list is opened (F7). Linux only.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.driven import Driven, environment_with, run
from benchmarks.terminal import Terminal
from docsearch.bench.rerank import Words
from docsearch.bench.rerank_parts import tokenizer_file
from docsearch.domain.settings import Settings
from docsearch.serving.tuned_models import model_registry

SEED = 5
COLUMNS, ROWS = 120, 36
PROMPT = "ask your folder"
LONGEST_QUERY = 12
PATIENCE = 120.0
INSPECTED_SECONDS = 3.0
"""An inspection goes on for so long before it is left."""

_ANSWERED = re.compile(r"\btotal \d.*\b\d+ pairs? ·", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]{3,}")
_ESCAPE, _INSPECT, _WHOLE_LIST = "\x1b", "\x1bOS", "\x1b[18~"


def main() -> None:
    """Ask, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--every", type=int, default=30)
    asked = parser.parse_args()
    settings, draw = Settings(offline=True), random.Random(SEED)
    vocabulary = _vocabulary(asked.folder)
    with tempfile.TemporaryDirectory() as made:
        words = Words(tokenizer_file(model_registry(settings)), SEED)
        environment = environment_with(Path(made) / "data", settings)
        driven = Driven(words, settings.reranker, environment, PROMPT)
        run(driven.line("index", str(asked.folder)), driven)
        with Terminal(driven.screen(asked.folder), environment, COLUMNS, ROWS) as terminal:
            terminal.wait_for(PROMPT, PATIENCE)
            taken = []
            for number in range(1, asked.queries + 1):
                query = " ".join(draw.choices(vocabulary, k=draw.randint(2, LONGEST_QUERY)))
                _ask(terminal, query, look=number % 10)
                taken.append(sum(_resident_mb(terminal.pid)))
                if number % asked.every == 0:
                    _print(queries=number, resident_mb=taken[-1])
    _print(most_mb=max(taken), second_half_added_mb=taken[-1] - taken[len(taken) // 2])


def _vocabulary(folder: Path) -> list[str]:
    """The words of the folder's text files; a few thousand do."""
    texts = (each.read_text("utf-8", "ignore") for each in sorted(folder.rglob("*.[mht]*"))[:50])
    return sorted({word.lower() for text in texts for word in _WORD.findall(text)})


def _ask(terminal: Terminal, query: str, look: int) -> None:
    """One query, its whole answer, and at times a look at it; then an empty query line."""
    terminal.type(query)
    terminal.wait_for(lambda screen: bool(_ANSWERED.search(screen)), PATIENCE)
    if look in (0, 5):
        terminal.type(_INSPECT if look else _WHOLE_LIST)
        terminal.wait_for(lambda screen: not _ANSWERED.search(screen), PATIENCE)
        terminal.watch(INSPECTED_SECONDS)
        terminal.type(_ESCAPE)
        terminal.wait_for(lambda screen: bool(_ANSWERED.search(screen)), PATIENCE)
    terminal.type(_ESCAPE)
    # The screen is drawn in pieces: the answer's times may still stand below an empty query line.
    terminal.wait_for(lambda screen: PROMPT in screen and not _ANSWERED.search(screen), PATIENCE)


def _resident_mb(process: int) -> Iterator[float]:
    """Of the process, and of each that it started."""
    status = Path(f"/proc/{process}/status").read_text()
    yield int(status.split("VmRSS:")[1].split()[0]) / 1e3
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        yield from _resident_mb(int(child))


def _print(**figures: float) -> None:
    print(json.dumps({name: round(figure) for name, figure in figures.items()}), flush=True)


if __name__ == "__main__":
    main()

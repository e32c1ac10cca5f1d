"""How long a person waits: starts of the command and the screen, and keys while it works.

    python -m benchmarks.ui [FOLDER]

In: a folder to index meanwhile, the settings, and how much to measure. Out: steps and figures. The
real command runs in processes of its own, with an index in a directory that is removed at the end;
the screen is driven through a pseudo-terminal. Nothing is downloaded, and the user's own index is
left alone.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.driven import Driven, environment_with, run
from benchmarks.notes import write_notes
from benchmarks.runtimes import runtimes
from benchmarks.terminal import BenchError, require_terminals
from benchmarks.typist import Typist
from docsearch.bench.rerank import Words
from docsearch.bench.rerank_parts import tokenizer_file
from docsearch.cli.bench_run import Output, run_bench
from docsearch.cli.commands.bench import report_flags, threads
from docsearch.cli.main import HELP, main
from docsearch.cli.options import (
    EVERYWHERE,
    FolderPath,
    SettingsCommand,
    configuration,
    setting_flags,
)
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.settings import NO_RERANKER, Settings
from docsearch.evaluation.latency import latencies
from docsearch.ingest.discover import require_folder
from docsearch.models.descriptions import EMBEDDER
from docsearch.serving.tuned_models import model_registry
from docsearch.tui.search.query_line import EMPTY

NAME = "python -m benchmarks.ui"
COLUMNS, ROWS = 100, 30
SEED = 11
PASSAGES = 50
"""In the small folder: as many as a reranker is given by default, in a file each."""

PASSAGE_WORDS = 180
BUSY_FILES = 1500
BUSY_WORDS = 1500
"""Minutes of indexing on any machine without a graphics card."""

QUERY_WORDS = 5
INDEXING_PATIENCE = 1800.0
LEAST_KEYS = 20
"""Fewer keys while the folder is indexed say nothing of a percentile."""

_LISTED = re.compile(r"\bnote-\d+\.md")
_RERANKED = re.compile(r"\btotal \d.*\b\d+ pairs? ·", re.DOTALL)
_INDEXING = re.compile(r"indexing \S+ +[1-9]")


@dataclass(frozen=True, slots=True)
class UiPlan:
    """How often each command is started, the screen is started, and a key is pressed."""

    commands: int = 10
    starts: int = 5
    keys: int = 200


@click.command("ui", cls=SettingsCommand, context_settings=HELP)
@click.argument("folder", metavar="[FOLDER]", type=FolderPath(), required=False)
@click.option(
    "--keys",
    metavar="N",
    type=click.IntRange(20),
    help="How many keys to press. [default: 200; with --quick 20]",
)
@click.option("--quick", is_flag=True, help="Start each command twice, the screen once.")
@report_flags
@setting_flags("reranker", *EVERYWHERE)
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path | None,
    keys: int | None,
    *,
    quick: bool,
    json_file: Path | None,
    compare: Path | None,
) -> None:
    """Time the start of command and screen, and each key press until it is painted.

    Start to exit: --help, and a query over 50 passages with an up-to-date index. Start to the
    screen's first paint, to the bi-encoder's list, to the reranked list. Key to letter: while
    models load, with the index up to date, and while FOLDER or a generated folder is indexed. Every
    key also starts a search. This takes minutes.

    The index is made in a temporary directory; your own isn't touched. Needs pseudo-terminals.
    """
    require_terminals()
    settings = configuration(ctx).settings
    if folder is not None:
        folder = require_folder(folder)
    plan = UiPlan(2, 1, keys or 20) if quick else UiPlan(keys=keys or 200)
    conditions = {
        "folder": "generated" if folder is None else folder.resolve().name,
        "starts of a command": str(plan.commands),
        "starts of the screen": str(plan.starts),
        "keys": str(plan.keys),
        "screen": f"{COLUMNS} by {ROWS}",
        "reranker": settings.reranker,
        **runtimes(settings, *filter(None, (EMBEDDER.name, settings.reranker_name))),
        **threads(),
    }
    output = Output(json_file, compare)
    run_bench("ui", conditions, bench_ui(folder, settings, plan), output, settings)


def bench_ui(
    folder: Path | None, settings: Settings, plan: UiPlan, prompt: str = EMPTY
) -> Iterator[Step | Figure]:
    """Starts with a folder of 50 passages, then keys; `folder` is indexed under the keys.

    A folder of generated files takes its place for None. Raises BenchError where a command fails,
    or the folder is indexed before the keys are pressed.
    """
    require_terminals()
    total = 2 * plan.commands + plan.starts + 4
    with tempfile.TemporaryDirectory() as made:
        yield Step("writing folders of passages", 0, total)
        words = Words(tokenizer_file(model_registry(settings)), SEED)
        small, busy = Path(made) / "small", folder or Path(made) / "busy"
        write_notes(small, words, PASSAGES, PASSAGE_WORDS)
        if folder is None:
            write_notes(busy, words, BUSY_FILES, BUSY_WORDS)
        environment = environment_with(Path(made) / "data", settings)
        driven = Driven(words, settings.reranker, environment, prompt)
        done = 1
        for part in (
            _help(driven, plan.commands),
            _queries(driven, small, plan.commands),
            _starts(driven, small, plan.starts),
            _idle(driven, small, plan.keys),
            _busy(driven, busy, plan.keys),
        ):
            for each in part:
                if isinstance(each, Figure):
                    yield each
                else:
                    yield Step(each, done, total)
                    done += 1


def _help(driven: Driven, times: int) -> Iterator[str | Figure]:
    python, command = [], []
    for _ in range(times):
        yield "docsearch --help"
        python.append(run([sys.executable, "-c", "pass"], driven))
        command.append(run(driven.line("--help"), driven))
    yield from latencies(("start to end", "python -c pass"), python)
    yield from latencies(("start to end", "docsearch --help"), command)


def _queries(driven: Driven, small: Path, times: int) -> Iterator[str | Figure]:
    """The index is up to date, and everything has been read from the disk once."""
    yield "docsearch index"
    run(driven.line("index", str(small)), driven)
    run(driven.query(small, driven.words.text(QUERY_WORDS)), driven)
    cold, warm = [], []
    for _ in range(times):
        yield "docsearch query"
        asked = driven.query(small, driven.words.text(QUERY_WORDS))
        cold.append(run(asked, driven))
        warm.append(run(asked, driven))
    what = f"docsearch query, {PASSAGES} passages"
    yield from latencies(("start to end", what, "cold cache"), cold)
    yield from latencies(("start to end", what, "warm cache"), warm)


def _starts(driven: Driven, small: Path, times: int) -> Iterator[str | Figure]:
    painted: list[float] = []
    listed: list[float] = []
    answered: list[float] = []
    for _ in range(times):
        yield "the screen, from start to answer"
        begun = time.perf_counter()
        with _typist(driven, small) as typist:
            painted.append(typist.first_paint - begun)
            typist.send(driven.words.text(QUERY_WORDS))
            for seen, at in ((_LISTED, listed), (_answered(driven), answered)):
                at.append(typist.when(_seen(seen)) - begun)
    yield from latencies(("start to", "first paint"), painted)
    yield from latencies(("start to", "first list"), listed)
    yield from latencies(("start to", "reranked list"), answered)


def _idle(driven: Driven, small: Path, keys: int) -> Iterator[str | Figure]:
    yield f"{keys} keys, the index up to date"
    with _typist(driven, small) as typist:
        loading = typist.press(keys // 2)
        typist.clear()
        typist.send(driven.words.text(QUERY_WORDS))
        typist.when(_seen(_answered(driven)))
        typist.clear()
        idle = typist.press(keys)
    yield from latencies(("key to paint", "models loading"), loading)
    yield from latencies(("key to paint", "index up to date"), idle)


def _busy(driven: Driven, busy: Path, keys: int) -> Iterator[str | Figure]:
    yield f"{keys} keys while a folder is indexed"
    with _typist(driven, busy) as typist:
        typist.when(_seen(_INDEXING))
        waits = typist.press(keys, _seen(_INDEXING))
    if len(waits) < min(keys, LEAST_KEYS):
        raise BenchError(
            f"{busy} was indexed before {LEAST_KEYS} keys were pressed; name a larger folder."
        )
    yield from latencies(("key to paint", "while indexing"), waits)


def _typist(driven: Driven, folder: Path) -> Typist:
    return Typist(
        driven.screen(folder),
        driven.environment,
        driven.prompt,
        random.Random(SEED),
        (COLUMNS, ROWS),
        INDEXING_PATIENCE,
    )


def _answered(driven: Driven) -> re.Pattern[str]:
    """What is on the screen once nothing more is to come."""
    return _LISTED if driven.reranker == NO_RERANKER else _RERANKED


def _seen(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda screen: pattern.search(screen) is not None


if __name__ == "__main__":
    main(command, NAME)

"""`docsearch bench`: how fast docsearch is on this machine, beside what everyone else does.

In: what to measure. Out: conditions and a table on standard output, progress on standard error, a
report in a file. Nothing of the user's index is changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from docsearch.cli.options import (
    EVERYWHERE,
    INDEXING,
    FolderPath,
    SettingsCommand,
    configuration,
    setting_flags,
)

SIZES = (10_000, 100_000, 1_000_000)

Command = TypeVar("Command", bound=Callable[..., Any])


def report_flags(command: Command) -> Command:
    """Where the report goes, and what to compare it with."""
    path = click.Path(path_type=Path)
    for option in (
        click.option(
            "--compare",
            type=path,
            metavar="OLD.json",
            help="Report what got better or worse since that report.",
        ),
        click.option(
            "--json",
            "json_file",
            type=path,
            metavar="FILE",
            help="Write the report to FILE, not to the data directory.",
        ),
    ):
        command = option(command)
    return command


@click.group("bench", short_help="Time reranking, indexing, search and the screen.")
def command() -> None:
    """Measure how fast docsearch is on this machine, next to the usual libraries in the same run.

    Each run prints machine, versions and settings, then its figures, and saves them as JSON. Run it
    when nothing else is running: other work slows what is measured.
    """


@command.command(
    "rerank", cls=SettingsCommand, short_help="Reranking, next to CrossEncoder.predict."
)
@click.option(
    "--runs",
    metavar="N",
    type=click.IntRange(1),
    help="How many rounds. [default: 5; with --quick 2]",
)
@click.option("--quick", is_flag=True, help="Only 50 pairs of 128 tokens.")
@click.option(
    "--pairs",
    metavar="N",
    type=click.IntRange(1),
    multiple=True,
    help="How many pairs. [default: 50 and 100]",
)
@click.option(
    "--tokens",
    metavar="N",
    type=click.IntRange(32, 512),
    multiple=True,
    help="Tokens per pair. [default: 128, 256 and 512]",
)
@report_flags
@setting_flags("reranker", *EVERYWHERE)
@click.pass_context
def rerank(
    ctx: click.Context,
    runs: int | None,
    pairs: tuple[int, ...],
    tokens: tuple[int, ...],
    *,
    quick: bool,
    json_file: Path | None,
    compare: Path | None,
) -> None:
    """Time reranking against `CrossEncoder.predict` (fp32, batches of 32).

    By default 50 and 100 pairs of query and passage, of 128, 256 and 512 tokens, with a cold cache
    (all scores are computed) and a warm one (all are known). A reranker that caches its lower
    layers is also timed on another query over the same passages. The baseline is a model of the
    size of ms-marco-MiniLM-L6-v2 with random weights; docsearch times the same model and your
    reranker in every runtime. Dense retrieval alone is timed, too. Tokens are BERT's.
    """
    from docsearch.cli.bench_run import Output, run_bench
    from docsearch.runtime.benches.rerank import RerankPlan
    from docsearch.runtime.benches.rerank_parts import bench_rerankers

    settings = configuration(ctx).settings
    usual = RerankPlan((50,), (128,), 2) if quick else RerankPlan()
    plan = RerankPlan(pairs or usual.candidates, tokens or usual.tokens, runs or usual.runs)
    rerankers = () if settings.reranker_name is None else (settings.reranker_name,)
    told = {
        "pairs": _listed(plan.candidates),
        "tokens": _listed(plan.tokens),
        "rounds": str(plan.runs),
        "reranker": settings.reranker,
        **_threads(),
    }
    output = Output(json_file, compare)
    run_bench("rerank", told, bench_rerankers(settings, rerankers, plan), output, settings)


@command.command(
    "index", cls=SettingsCommand, short_help="Indexing, next to SentenceTransformer.encode."
)
@click.argument("folder", metavar="[FOLDER]", type=FolderPath(), required=False)
@report_flags
@setting_flags(*INDEXING)
@click.pass_context
def index(
    ctx: click.Context, folder: Path | None, *, json_file: Path | None, compare: Path | None
) -> None:
    """Time indexing FOLDER, or generated notes, against `SentenceTransformer.encode`.

    Also times a start on an unchanged folder, and how soon an edit is in the results. The index is
    made in a temporary directory; your own isn't touched.
    """
    from docsearch.cli.bench_run import Output, run_bench
    from docsearch.ingest.discover import require_folder
    from docsearch.models.descriptions import EMBEDDER
    from docsearch.runtime.benches.index import bench_index
    from docsearch.runtime.benches.runtimes import runtimes

    settings = configuration(ctx).settings
    if folder is not None:
        folder = require_folder(folder)
    told = {
        "folder": "generated" if folder is None else folder.resolve().name,
        "chunk tokens": str(settings.chunk_tokens),
        **runtimes(settings, EMBEDDER.name),
        **_threads(),
    }
    run_bench("index", told, bench_index(settings, folder), Output(json_file, compare), settings)


@command.command(
    "search", cls=SettingsCommand, short_help="The first stage over up to a million chunks."
)
@click.option(
    "--queries",
    metavar="N",
    type=click.IntRange(1),
    default=200,
    help="Queries per size. [default: 200]",
)
@click.option("--quick", is_flag=True, help="Only 10,000 chunks.")
@report_flags
@setting_flags(*EVERYWHERE)
@click.pass_context
def search(
    ctx: click.Context,
    queries: int,
    *,
    quick: bool,
    json_file: Path | None,
    compare: Path | None,
) -> None:
    """Time the first stage over 10,000, 100,000 and a million synthetic chunks.

    Each size is a real index in a temporary directory, interleaved with exact search over the same
    vectors: recall@50, times, memory, and time to load. A million chunks take gigabytes of disk and
    memory.
    """
    from docsearch.cli.bench_run import Output, run_bench
    from docsearch.runtime.benches.search import bench_search

    sizes = SIZES[:1] if quick else SIZES
    told = {"chunks": _listed(sizes), "queries": str(queries), **_threads()}
    output, settings = Output(json_file, compare), configuration(ctx).settings
    run_bench("search", told, bench_search(sizes, queries=queries), output, settings)


@command.command(
    "ui", cls=SettingsCommand, short_help="Start-up of command and screen, and key presses."
)
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
def ui(
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
    from docsearch.cli.bench_run import Output, run_bench
    from docsearch.ingest.discover import require_folder
    from docsearch.models.descriptions import EMBEDDER
    from docsearch.runtime.benches.driven import require_terminals
    from docsearch.runtime.benches.runtimes import runtimes
    from docsearch.runtime.benches.ui import COLUMNS, ROWS, UiPlan, bench_ui
    from docsearch.tui.search.query_line import EMPTY

    require_terminals()
    settings = configuration(ctx).settings
    if folder is not None:
        folder = require_folder(folder)
    plan = UiPlan(2, 1, keys or 20) if quick else UiPlan(keys=keys or 200)
    told = {
        "folder": "generated" if folder is None else folder.resolve().name,
        "starts of a command": str(plan.commands),
        "starts of the screen": str(plan.starts),
        "keys": str(plan.keys),
        "screen": f"{COLUMNS} by {ROWS}",
        "reranker": settings.reranker,
        **runtimes(settings, *filter(None, (EMBEDDER.name, settings.reranker_name))),
        **_threads(),
    }
    output = Output(json_file, compare)
    run_bench("ui", told, bench_ui(folder, settings, plan, EMPTY), output, settings)


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(f"{number:,}" for number in numbers)


def _threads() -> dict[str, str]:
    """What the environment says of threads, on which every time depends."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return {name: os.environ[name] for name in names if name in os.environ}

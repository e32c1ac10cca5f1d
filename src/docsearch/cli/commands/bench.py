"""`docsearch bench`: how fast docsearch is on this machine, beside what everyone else does.

In: what to measure. Out: conditions and a table on standard output, progress on standard error, a
report in a file. The benchmarks of the repository (`benchmarks/`) take the same flags for theirs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from docsearch.cli.options import EVERYWHERE, SettingsCommand, configuration, setting_flags

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


@click.group("bench", short_help="Time reranking, next to the usual library.")
def command() -> None:
    """Measure how fast docsearch is on this machine, next to the usual library in the same run.

    A run prints machine, versions and settings, then its figures, and saves them as JSON. Run it
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
    from docsearch.bench.rerank import RerankPlan
    from docsearch.bench.rerank_parts import bench_rerankers
    from docsearch.cli.bench_run import Output, run_bench

    settings = configuration(ctx).settings
    usual = RerankPlan((50,), (128,), 2) if quick else RerankPlan()
    plan = RerankPlan(pairs or usual.candidates, tokens or usual.tokens, runs or usual.runs)
    rerankers = () if settings.reranker_name is None else (settings.reranker_name,)
    told = {
        "pairs": listed(plan.candidates),
        "tokens": listed(plan.tokens),
        "rounds": str(plan.runs),
        "reranker": settings.reranker,
        **threads(),
    }
    output = Output(json_file, compare)
    run_bench("rerank", told, bench_rerankers(settings, rerankers, plan), output, settings)


def listed(numbers: Iterable[int]) -> str:
    """Numbers as a report shows them."""
    return ", ".join(f"{number:,}" for number in numbers)


def threads() -> dict[str, str]:
    """What the environment says of threads, on which every time depends."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return {name: os.environ[name] for name in names if name in os.environ}

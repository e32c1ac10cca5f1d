"""`docsearch judge FOLDER`: passages to judge, one at a time, one key each.

In: a folder, and queries from a file, from the history or typed. Out: the screen of a judging
session, until it is left; each grade is kept at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from docsearch.cli.named_rerankers import named_rerankers
from docsearch.cli.options import (
    FUSING,
    INDEXING,
    SettingsCommand,
    configuration,
    folder_argument,
    setting_flags,
)
from docsearch.cli.screen import HISTORY, require_terminal, run_screen
from docsearch.domain.errors import EvaluationError, UsageError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine

TYPED = "judging.json"
"""The queries that were typed in judging sessions of a folder, beside its index."""


@click.command("judge", cls=SettingsCommand, short_help="Judge passages, one key each, for `eval`.")
@folder_argument
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Queries to judge: one per line, or `id<TAB>words`, or JSON lines.",
)
@click.option(
    "--history", is_flag=True, help="Judge the queries you made on the screen, newest first."
)
@click.option(
    "--rerankers",
    metavar="NAMES",
    help="Pool these rerankers, or none. [default: all on this machine]",
)
@click.option("--again", is_flag=True, help="Ask about judged passages as well.")
@setting_flags("source", "candidates", *FUSING, *INDEXING, "theme", hidden=["reranker"])
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    *,
    queries: Path | None,
    history: bool,
    rerankers: str | None,
    again: bool,
) -> None:
    """Judge passages one at a time, with one key each: `-` not relevant, `+` relevant, `*` highly.

    For each query, docsearch pools the top 10 of the first stage and of every reranker, and shows
    them in an order that doesn't give away who ranked what. Without --queries or --history, you
    type the queries; those of earlier sessions come first.

    Every judgment is saved at once. Esc leaves; the same command continues, skipping what you have
    judged unless you pass --again. `docsearch eval --own FOLDER` measures by your judgments.
    """
    settings = configuration(ctx).settings
    if queries is not None and history:
        raise UsageError("Queries are from --queries FILE or from --history, not from both.")

    from docsearch.ingest.discover import require_folder
    from docsearch.judging.judged_files import queries_of
    from docsearch.serving.paths import index_layout

    folder = require_folder(folder)
    layout = index_layout(folder, settings)
    asked = queries_of(queries) if queries is not None else ()
    names = None if rerankers is None else named_rerankers(rerankers, settings)
    require_terminal("`docsearch eval` with --queries and --qrels")

    from docsearch.tui.app import DocsearchApp
    from docsearch.tui.history import load
    from docsearch.tui.judge.state import JudgingPlan

    made, typed = layout.folder / HISTORY, layout.folder / TYPED
    if history:
        asked = tuple(reversed(load(made).entries))
        if not asked:
            raise EvaluationError(f"No query has been made in {safe_line(str(folder))} yet.")
    elif queries is None:
        asked = load(typed).entries
    plan = JudgingPlan(asked, settings.source, names, again, typed)

    def open_engine() -> Engine:
        # The readers, the index and their libraries are imported behind the first picture.
        from docsearch.engine.compose import compose

        return compose(folder, settings)

    ctx.exit(run_screen(DocsearchApp(folder, settings, open_engine, made, judging=plan)))

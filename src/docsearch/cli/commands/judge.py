"""`docsearch judge FOLDER`: passages to judge, one at a time, one key each.

In: a folder, and queries from a file, from the history or typed. Out: the screen of a judging
session, until it is left; each grade is kept at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from docsearch.cli.named_rerankers import named_rerankers
from docsearch.cli.options import SEARCHING, configuration, folder_argument, setting_flags
from docsearch.cli.screen import HISTORY, require_terminal, run_screen
from docsearch.domain.errors import EvaluationError, UsageError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from docsearch.runtime.engine import Engine

TYPED = "judging.json"
"""The queries that were typed in judging sessions of a folder, beside its index."""


@click.command("judge", short_help="Judge passages, one key each, for eval to measure by.")
@folder_argument
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Queries: one a line, or `id<TAB>words`, or JSON lines.",
)
@click.option("--history", is_flag=True, help="The queries you made on the screen, newest first.")
@click.option(
    "--rerankers", metavar="NAMES", help="Pool these, or none. [default: each on this machine]"
)
@click.option("--again", is_flag=True, help="Ask what has been judged before, too.")
@setting_flags(*SEARCHING)
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
    """Judge passages, one at a time, one key each: `-` not relevant, `+` relevant, `*` highly.

    For each query the top 10 of the first stage and of every reranker are shown, in an order that
    does not tell who ranked what. Without --queries or --history, queries are typed in the session;
    those of earlier sessions come first.

    Each judgment is kept at once. Esc leaves; the same command goes on where it was, since what has
    been judged is not asked again without --again. `docsearch eval --own FOLDER` measures by it.
    """
    settings = configuration(ctx).settings
    if queries is not None and history:
        raise UsageError("Queries are from --queries FILE or from --history, not from both.")

    from docsearch.ingest.discover import require_folder
    from docsearch.runtime.judged_files import queries_of
    from docsearch.runtime.places import index_layout

    folder = require_folder(folder)
    layout = index_layout(folder, settings)
    asked = queries_of(queries) if queries is not None else ()
    names = None if rerankers is None else named_rerankers(rerankers, settings)
    require_terminal("`docsearch eval` with --queries and --qrels")

    from docsearch.tui.app import DocsearchApp
    from docsearch.tui.history import load
    from docsearch.tui.judging_session import JudgingPlan

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
        from docsearch.runtime.compose import compose

        return compose(folder, settings)

    ctx.exit(run_screen(DocsearchApp(folder, settings, open_engine, made, judging=plan)))

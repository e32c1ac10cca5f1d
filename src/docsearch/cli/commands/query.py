"""`docsearch query FOLDER WORDS`: both orders of one search, as a table or as JSON.

In: a folder and a question. Out: the result on standard output; progress, times and notices on
standard error.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docsearch.cli.options import (
    SEARCHING,
    SettingsCommand,
    configuration,
    folder_argument,
    setting_flags,
)

if TYPE_CHECKING:
    from docsearch.domain.ranking import SearchResult
    from docsearch.domain.settings import Settings
    from docsearch.engine.engine import Engine

TABLE_ROWS = 10


@click.command(
    "query",
    cls=SettingsCommand,
    short_help="Search once; print the order before and after reranking.",
)
@folder_argument
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--top",
    type=click.IntRange(1),
    metavar="N",
    help=f"How many results to print. [default: {TABLE_ROWS}; with --json all]",
)
@click.option("--no-index", is_flag=True, help="Skip updating the index.")
@setting_flags(*SEARCHING)
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    words: tuple[str, ...],
    *,
    as_json: bool,
    top: int | None,
    no_index: bool,
) -> None:
    """Search a folder once and print the order before and after reranking.

    The index is updated first. WORDS can hold "an exact phrase", path:, ext:, tag:,
    after:2024-01-31, before: and -word. Put -- before WORDS that begin with a dash.

    Columns: Δ is how far reranking moved a result; fused, the score that makes the order, if that
    is more than the reranker's; 0-1, the reranker's score mapped to 0 to 1; win, in how many
    windows the reranker had to read the passage.
    """
    from docsearch.cli.opened import bring_up_to_date, opened
    from docsearch.cli.search_notices import tell_notices
    from docsearch.domain.errors import DocsearchError
    from docsearch.domain.progress import Phase
    from docsearch.domain.safe_text import safe_line

    settings = configuration(ctx).settings
    with opened(folder, settings, update=not no_index) as engine:
        engine.warm_up_meanwhile()
        if not no_index:
            try:
                bring_up_to_date(engine)
            except DocsearchError as error:
                # Kept from it for a while, the index answers as it was.
                if engine.progress().phase is not Phase.WAITING:
                    raise
                click.echo(safe_line(f"{error} What was indexed is searched."), err=True)
        result = _search(engine, " ".join(words), settings)
        if as_json:
            _print_json(result, top)
        else:
            _print_table(result, top or TABLE_ROWS)
        tell_notices(result, settings)


def _search(engine: Engine, typed: str, settings: Settings) -> SearchResult:
    *_, last = engine.search(typed, settings.source, settings.reranker_name)
    return last.result


def _print_json(result: SearchResult, top: int | None) -> None:
    from docsearch.presentation.as_data import result_as_data

    click.echo(json.dumps(result_as_data(result, top), indent=2))


def _print_table(result: SearchResult, top: int) -> None:
    from docsearch.cli.results_table import order_line, plain_table, rich_table, summary
    from docsearch.cli.terminal import console, is_plain, is_terminal

    if not result.hits:
        click.echo("Nothing found.", err=True)
    elif is_plain(sys.stdout, os.environ):
        click.echo(plain_table(result, top))
    else:
        out = console()
        out.print(rich_table(result, top, out.width))
    for line in filter(None, (order_line(result), summary(result))):
        # A terminal gets it wrapped between words, a log on one line.
        console(sys.stderr).print(line, soft_wrap=not is_terminal(sys.stderr))

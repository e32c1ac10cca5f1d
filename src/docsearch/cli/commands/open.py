"""`docsearch FOLDER`: the screen on a folder.

In: a folder. Out: the screen, until it is left.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docsearch.cli.options import ALL, configuration, folder_argument, setting_flags
from docsearch.cli.terminal import is_terminal
from docsearch.domain.errors import FolderError, UsageError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from docsearch.runtime.engine import Engine

HISTORY = "history.json"
"""The queries that were made in a folder, beside its index."""


@click.command("docsearch")
@folder_argument
@setting_flags(*ALL)
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Open the screen on a folder."""
    _refuse_misspelt_command(folder)
    settings = configuration(ctx).settings
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise UsageError("The screen needs a terminal; `docsearch query` does without one.")

    from docsearch.ingest.discover import require_folder
    from docsearch.runtime.places import index_layout
    from docsearch.tui.app import DocsearchApp

    folder = require_folder(folder)

    def open_engine() -> Engine:
        # The readers, the index and their libraries are imported behind the first picture.
        from docsearch.runtime.compose import compose

        return compose(folder, settings)

    history = index_layout(folder, settings).folder / HISTORY
    app = DocsearchApp(folder, settings, open_engine, history)
    if hasattr(signal, "SIGHUP"):
        # A closed terminal ends the screen, also where whoever started it ignores the signal: it
        # would go on drawing for nobody, and hold the index. What was committed is kept.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        app.run()
        app.finish_cases(lambda line: click.echo(line, err=True))
    finally:
        app.stop_engine()
    if app.failure is not None:
        raise app.failure
    ctx.exit(app.return_code or 0)


def _refuse_misspelt_command(folder: Path) -> None:
    """`docsearch stauts` is more likely meant for a command than for a folder."""
    import difflib

    from docsearch.cli.main import COMMANDS

    if os.path.lexists(folder):
        return
    near = difflib.get_close_matches(str(folder), COMMANDS, n=1)
    hint = f" Did you mean the command `{near[0]}`?" if near else ""
    raise FolderError(f"There is no folder {safe_line(str(folder))}.{hint}")

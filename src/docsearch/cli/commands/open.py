"""`docsearch FOLDER`: the screen on a folder.

In: a folder. Out: the screen, until it is left.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docsearch.cli.options import (
    ALL,
    SettingsCommand,
    configuration,
    folder_argument,
    setting_flags,
)
from docsearch.cli.screen import HISTORY, require_terminal, run_screen
from docsearch.domain.errors import FolderError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine


class Screen(SettingsCommand):
    """The command that has no name: its usage is that of docsearch itself."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`docsearch [OPTIONS] FOLDER`."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path.rstrip(), pieces)


@click.command("docsearch", cls=Screen)
@folder_argument
@setting_flags(*ALL)
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Open the screen on a folder: type to search, F1 shows the keys.

    The folder is indexed in the background and followed as it changes. `docsearch --help` lists the
    commands that do without the screen.
    """
    _refuse_misspelt_command(folder)
    settings = configuration(ctx).settings
    require_terminal("`docsearch query`")

    from docsearch.ingest.discover import require_folder
    from docsearch.serving.paths import index_layout
    from docsearch.tui.app import DocsearchApp

    folder = require_folder(folder)

    def open_engine() -> Engine:
        # The readers, the index and their libraries are imported behind the first picture.
        from docsearch.engine.compose import compose

        return compose(folder, settings)

    history = index_layout(folder, settings).folder / HISTORY
    ctx.exit(run_screen(DocsearchApp(folder, settings, open_engine, history)))


def _refuse_misspelt_command(folder: Path) -> None:
    """`docsearch stauts` is more likely meant for a command than for a folder."""
    import difflib

    from docsearch.cli.main import COMMANDS

    if os.path.lexists(folder):
        return
    near = difflib.get_close_matches(str(folder), COMMANDS, n=1)
    hint = f" Did you mean the command `{near[0]}`?" if near else ""
    raise FolderError(f"There is no folder {safe_line(str(folder))}.{hint}")

"""`docsearch FOLDER`: the screen on a folder.

In: a folder. Out: the screen, until it is left.
"""

from __future__ import annotations

from pathlib import Path

import click

from docsearch.cli.options import ALL, configuration, folder_argument, setting_flags
from docsearch.domain.errors import FolderError
from docsearch.domain.safe_text import safe_line


@click.command("docsearch")
@folder_argument
@setting_flags(*ALL)
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Open the screen on a folder."""
    _refuse_misspelt_command(folder)
    settings = configuration(ctx).settings

    from docsearch.runtime.compose import compose
    from docsearch.tui.app import DocsearchApp

    DocsearchApp(compose(folder, settings)).run()


def _refuse_misspelt_command(folder: Path) -> None:
    """`docsearch stauts` is more likely meant for a command than for a folder."""
    import difflib

    from docsearch.cli.main import COMMANDS

    if folder.exists():
        return
    near = difflib.get_close_matches(str(folder), COMMANDS, n=1)
    hint = f" Did you mean the command `{near[0]}`?" if near else ""
    raise FolderError(f"There is no folder {safe_line(str(folder))}.{hint}")

"""`docsearch status FOLDER`: what is indexed, what was skipped and why.

In: a folder. Out: a list on standard output. Changes nothing.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from docsearch.cli.options import (
    CHUNKING,
    SettingsCommand,
    configuration,
    folder_argument,
    setting_flags,
)


@click.command(
    "status", cls=SettingsCommand, short_help="Show what is indexed, what is skipped and why."
)
@folder_argument
@click.option("--show-ignored", is_flag=True, help="List what ignore rules leave out, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags(*CHUNKING, "data_dir", hidden=["offline"])
@click.pass_context
def command(ctx: click.Context, folder: Path, *, show_ignored: bool, as_json: bool) -> None:
    """Show what is indexed of a folder, and what is skipped and why. Changes nothing."""
    from docsearch.cli.folder_status import as_data, folder_status, in_words

    status = folder_status(folder, configuration(ctx).settings)
    if as_json:
        click.echo(json.dumps(as_data(status, show_ignored), indent=2))
    else:
        for line in in_words(status, show_ignored):
            click.echo(line)

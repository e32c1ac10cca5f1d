"""`docsearch doctor [FOLDER]`: what this machine has, and whether all of it is sound.

In: perhaps a folder. Out: findings on standard output; exit code 1 where something is wrong.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from docsearch.cli.options import INDEXING, FolderPath, configuration, setting_flags


@click.command("doctor", short_help="Check versions, models and a folder's index.")
@click.argument("folder", metavar="[FOLDER]", type=FolderPath(), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags(*INDEXING)
@click.pass_context
def command(ctx: click.Context, folder: Path | None, *, as_json: bool) -> None:
    """Check docsearch: versions, CPU, models and their hashes, and a folder's index.

    Reads every byte of the models and of the index. Exit code 1 says that something is wrong.
    """
    from docsearch.cli.diagnosis import diagnose

    found = diagnose(folder, configuration(ctx))
    if as_json:
        click.echo(json.dumps(found.as_data(), indent=2))
    else:
        for line in found.in_words():
            click.echo(line)
    if found.problems:
        ctx.exit(1)

"""`docsearch doctor [FOLDER]`: what this machine has, and whether all of it is sound.

In: perhaps a folder. Out: findings on standard output; exit code 1 where something is wrong, 4
where it is the settings.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from docsearch.cli.options import (
    EVERYWHERE,
    FolderPath,
    SettingsCommand,
    configuration,
    setting_flags,
)
from docsearch.domain.errors import ConfigurationError

NO_FILE = Path(os.devnull, "none")


@click.command(
    "doctor", cls=SettingsCommand, short_help="Check the installation, models and an index."
)
@click.argument("folder", metavar="[FOLDER]", type=FolderPath(), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags("chunk_tokens", "overlap_tokens", *EVERYWHERE, hidden=["max_file_bytes"])
@click.pass_context
def command(ctx: click.Context, folder: Path | None, *, as_json: bool) -> None:
    """Check versions, CPU, models and their hashes, and the index of a folder.

    Reads every byte of the models and of the index, changes nothing, and says for each problem what
    to do. The exit code is 1 if there is one, 4 if config.toml can't be used.
    """
    from docsearch.cli.diagnosis import diagnose

    refused = None
    try:
        settings = configuration(ctx)
    except ConfigurationError as error:
        refused = error
        # All else is looked at without the file; this fails where a flag or a variable is at fault.
        settings = configuration(ctx, NO_FILE)
    found = diagnose(folder, settings)
    if refused:
        found.problems.insert(0, f"{refused} Correct the file, or move it away.")
    if as_json:
        click.echo(json.dumps(found.as_data(), indent=2))
    else:
        for line in found.in_words():
            click.echo(line)
    if refused:
        raise refused
    if found.problems:
        ctx.exit(1)

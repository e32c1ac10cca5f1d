"""`docsearch index FOLDER`: bring the index up to date and leave.

In: a folder. Out: progress on standard error, and at the end what the index holds on standard
output.
"""

from __future__ import annotations

import time
from pathlib import Path

import click

from docsearch.cli.options import (
    CHUNKING,
    SettingsCommand,
    configuration,
    folder_argument,
    setting_flags,
)
from docsearch.domain.errors import IndexStoreError
from docsearch.domain.progress import Phase


@click.command("index", cls=SettingsCommand)
@folder_argument
@setting_flags(*CHUNKING, "data_dir", hidden=["offline"])
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Update the index of a folder.

    Ctrl-C stops after the current batch; the next run continues from there.
    """
    from docsearch.cli.footprint import footprint
    from docsearch.cli.opened import bring_up_to_date, opened
    from docsearch.domain.wording import duration, plural

    settings = configuration(ctx).settings
    started = time.monotonic()
    with opened(folder, settings) as engine:
        done = bring_up_to_date(engine)
    if done.phase is Phase.READ_ONLY:
        raise IndexStoreError(
            f"The index was not updated: {done.notice}. Try again later, or choose another place "
            "with --data-dir."
        )
    click.echo(
        f"{plural(done.files, 'file')} and {plural(done.chunks, 'chunk')} are indexed, "
        f"{plural(done.skipped, 'file')} skipped."
    )
    click.echo(
        f"{plural(done.files_done, 'file')} read, {plural(done.chunks_embedded, 'chunk')} embedded "
        f"in {duration(time.monotonic() - started)}.",
    )
    click.echo(footprint(folder, settings))

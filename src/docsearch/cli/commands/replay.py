"""`docsearch replay CASE [FOLDER]`: a kept answer against the one that today's index gives.

In: a case file, and perhaps the folder to ask. Out: what differs on standard output; exit code 7
where the answer does.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docsearch.cli.options import (
    INDEXING,
    FolderPath,
    SettingsCommand,
    configuration,
    setting_flags,
)
from docsearch.domain.errors import CaseError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from docsearch.cases.recorded import RecordedCase
    from docsearch.cases.replay import Replay
    from docsearch.domain.settings import Settings
    from docsearch.engine.engine import Engine

DIFFERS = 7


@click.command(
    "replay", cls=SettingsCommand, short_help="Run a saved case again; report what changed."
)
@click.argument("case_file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[FOLDER]", type=FolderPath(), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--no-index", is_flag=True, help="Skip updating the index.")
@setting_flags("reranker", *INDEXING)
@click.pass_context
def command(
    ctx: click.Context, case_file: Path, folder: Path | None, *, as_json: bool, no_index: bool
) -> None:
    """Run the search of a case file again and report what differs on today's index.

    CASE is a JSON file from `explain --save`. Without FOLDER, docsearch searches the case's own
    folder if it exists and has an index. It searches with the case's settings and downloads
    nothing. --reranker replaces the case's reranker.

    The exit code is 7 if passages, ranks or scores differ. Changed versions, models or settings
    alone are reported, with exit code 0.
    """
    from docsearch.cases.recorded import read_case
    from docsearch.cli.lines import print_lines
    from docsearch.cli.opened import bring_up_to_date, opened
    from docsearch.cli.replay_text import replay_as_data, replay_lines

    case = read_case(case_file)
    found = configuration(ctx)
    folder = folder or _own_folder(case, found.settings)
    named = ctx.find_object(dict) or {}
    with opened(folder, found.settings, update=not no_index) as engine:
        if not no_index:
            bring_up_to_date(engine)
        replay = _replayed(engine, case, named.get("reranker"))
    if as_json:
        click.echo(json.dumps(replay_as_data(case, replay), indent=2))
    else:
        print_lines(replay_lines(case, replay))
    if not replay.is_same:
        ctx.exit(DIFFERS)


def _own_folder(case: RecordedCase, settings: Settings) -> Path:
    """The folder that the case names, if it has been indexed here: a file decides nothing more."""
    from docsearch.serving.paths import index_layout

    with suppress(OSError, ValueError):  # a name that no file system can have
        folder = Path(case.folder)
        if folder.is_absolute() and folder.is_dir() and index_layout(folder, settings).exists():
            return folder
    raise CaseError(
        f"The folder of the case, {safe_line(case.folder)}, doesn't exist or has no index here. "
        "Name the folder to search: docsearch replay CASE FOLDER"
    )


def _replayed(engine: Engine, case: RecordedCase, reranker: str | None) -> Replay:
    from docsearch.cli.explanation_progress import shown_work

    with shown_work() as tell:
        for scored, total, replay in engine.cases.replay(case, reranker):
            if replay is not None:
                return replay
            tell("reranking", scored / total if total else 1.0)
    raise AssertionError("a replay ends with what differs")

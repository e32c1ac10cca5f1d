"""`docsearch models`: which models are known, which are on this disk; fetch or delete them.

In: names of models. Out: a list, or a download with its progress on standard error.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from docsearch.cli.options import EVERYWHERE, configuration, setting_flags
from docsearch.domain.errors import UsageError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from docsearch.domain.model import ModelDescription, ModelState


@click.group("models")
def command() -> None:
    """List, fetch and delete models."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags(*EVERYWHERE)
@click.pass_context
def list_models(ctx: click.Context, as_json: bool) -> None:
    """List every model that is known, and whether it can be used now."""
    from docsearch.runtime.compose import model_registry

    states = model_registry(configuration(ctx).settings).states()
    if as_json:
        click.echo(json.dumps([_as_data(state) for state in states], indent=2))
        return
    rows = [_row(state) for state in states]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@command.command("pull")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@setting_flags(*EVERYWHERE)
@click.pass_context
def pull(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Fetch models, or the reranker of the settings; a broken transfer is taken up again.

    A NAME is one that `docsearch models list` shows, or a hub id.
    """
    from docsearch.cli.download_report import shown_download
    from docsearch.domain.model import Availability
    from docsearch.runtime.compose import model_registry

    settings = configuration(ctx).settings
    if not names and settings.reranker_name is None:
        raise UsageError("The settings name no reranker; say which model to fetch.")
    registry = model_registry(settings)
    for name in names or (settings.reranker,):
        state = registry.state(name)
        lacking = state.availability is not Availability.READY
        if lacking and not state.description.hosted and not settings.offline:
            click.echo(f"fetching {safe_line(registry.announcement(name))}", err=True)
        with shown_download() as listener:
            registry.pull(name, listener)
        click.echo(f"{safe_line(name)} is ready.")


@command.command("remove")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@setting_flags(*EVERYWHERE)
@click.pass_context
def remove(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Delete downloaded models from this disk."""
    from docsearch.runtime.compose import model_registry

    registry = model_registry(configuration(ctx).settings)
    for name in names:
        registry.remove(name)
        click.echo(f"{safe_line(name)} is deleted.")


def _row(state: ModelState) -> tuple[str, ...]:
    model = state.description
    return (
        safe_line(model.name),
        str(model.kind),
        str(state.availability),
        _size(model),
        model.licence,
        model.note,
    )


def _size(model: ModelDescription) -> str:
    from docsearch.domain.wording import size

    if model.hosted:
        return "a service"
    return size(model.download_bytes) if model.download_bytes else "size unknown"


def _as_data(state: ModelState) -> dict[str, Any]:
    return {
        **asdict(state.description),
        "availability": str(state.availability),
        "on_disk": state.folder,
        "problems": state.problems,
    }

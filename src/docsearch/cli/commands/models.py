"""`docsearch models`: which models are known, which are on this disk; fetch or delete them.

In: names of models. Out: a list, or a download with its progress on standard error.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from docsearch.cli.options import EVERYWHERE, SettingsCommand, configuration, setting_flags
from docsearch.domain.errors import UsageError
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from docsearch.domain.model import ModelDescription, ModelState
    from docsearch.domain.speed import Speed
    from docsearch.domain.tuning import Tuning


@click.group("models")
def command() -> None:
    """List, download and delete models."""


@command.command("list", cls=SettingsCommand, short_help="List models and whether they are here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags(*EVERYWHERE)
@click.pass_context
def list_models(ctx: click.Context, as_json: bool) -> None:
    """List the models that docsearch knows, whether they can be used now, and how fast they are.

    A reranker's pairs per second are measured on this machine whenever it reranks. `docsearch tune`
    found what a model runs on, how many times as fast as torch in float32 it is, and how closely
    its results agree.
    """
    from docsearch.serving.paths import speeds_file
    from docsearch.serving.speeds import Speeds
    from docsearch.serving.tuned_models import model_registry, tunings

    settings = configuration(ctx).settings
    registry = model_registry(settings)
    measured, speeds = tunings(settings, registry), Speeds(speeds_file(settings)).known()
    told = [
        (state, speeds.get(state.description.name), measured.of(state.description.name))
        for state in registry.states()
    ]
    if as_json:
        click.echo(json.dumps([_as_data(*each) for each in told], indent=2))
        return
    rows = [_row(*each) for each in told]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@command.command("pull", cls=SettingsCommand, short_help="Download models.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@setting_flags(*EVERYWHERE)
@click.pass_context
def pull(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Download models, or without a NAME the reranker of your settings.

    A NAME is one that `docsearch models list` shows, or the id of a model on the Hugging Face hub.
    A download that broke off resumes; every file is checked against its hash.
    """
    from docsearch.cli.download_report import shown_download
    from docsearch.domain.model import Availability
    from docsearch.serving.tuned_models import model_registry

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


@command.command("remove", cls=SettingsCommand)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@setting_flags("data_dir", hidden=["offline"])
@click.pass_context
def remove(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Delete downloaded models."""
    from docsearch.serving.tuned_models import model_registry

    registry = model_registry(configuration(ctx).settings)
    for name in names:
        registry.remove(name)
        click.echo(f"{safe_line(name)} is deleted.")


def _row(state: ModelState, speed: Speed | None, tuning: Tuning | None) -> tuple[str, ...]:
    from docsearch.cli.tuning_report import kept_in_words
    from docsearch.domain.model import ModelKind
    from docsearch.domain.wording import pair_rate

    model = state.description
    reranks = model.kind is ModelKind.CROSS_ENCODER
    return (
        safe_line(model.name),
        str(model.kind),
        str(state.availability),
        _size(model),
        f"{model.window:,} tokens" if model.window else "window unknown",
        str(model.score or ("score unknown" if reranks else "")),
        pair_rate(speed) if reranks else "",
        "" if tuning is None else kept_in_words(tuning),
        model.licence,
        model.note,
    )


def _size(model: ModelDescription) -> str:
    from docsearch.domain.wording import size

    if model.hosted:
        return "a service"
    return size(model.download_bytes) if model.download_bytes else "size unknown"


def _as_data(state: ModelState, speed: Speed | None, tuning: Tuning | None) -> dict[str, Any]:
    from docsearch.cli.tuning_report import as_data

    return {
        **asdict(state.description),
        "pairs_per_second": round(speed.pairs_per_second, 2) if speed else None,
        "tokens_per_second": round(speed.tokens_per_second) if speed else None,
        "tuning": None if tuning is None else as_data(tuning),
        "availability": str(state.availability),
        "on_disk": state.folder,
        "problems": state.problems,
    }

"""Flags of the settings, made from the settings themselves, and help that shows them in sections.

In: names of settings. Out: click options that note what was given, and the configuration that comes
of it. Does not know what a command does with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import click

from docsearch.cli.configuration import Configuration, configuration_file, flag, load
from docsearch.domain.errors import FolderError
from docsearch.domain.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

EVERYWHERE = ("data_dir", "offline")
CHUNKING = ("chunk_tokens", "overlap_tokens", "max_file_bytes")
INDEXING = (*CHUNKING, *EVERYWHERE)
WEIGHTS = ("first_stage_weight", "recency_weight", "half_life_days", "rrf_k")
FUSING = ("fusion", *WEIGHTS)
SEARCHING = ("source", "reranker", "candidates", *FUSING, *INDEXING)
SCREEN = ("look_beyond", "tune", "theme")
ALL = (*SEARCHING, *SCREEN)

SECTIONS = {
    "Search options": ("source", "reranker", "candidates", *FUSING),
    "Index options": CHUNKING,
    "Screen options": SCREEN,
}
"""Of a command's help, in this order; what is in none stands under "Options" before them."""

_FIELDS = {each.name: each for each in fields(Settings)}
_KINDS: dict[str, type] = get_type_hints(Settings)
_METAVARS = {int: "NUMBER", float: "NUMBER", str: "NAME"}


class SettingsCommand(click.Command):
    """A command whose help shows its own options first, then those of settings by `SECTIONS`."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leaves out a section that has nothing to show."""
        section_of = {name: title for title, names in SECTIONS.items() for name in names}
        rows: dict[str, list[tuple[str, str]]] = {title: [] for title in ("Options", *SECTIONS)}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                # An option of the command's own may be named like a setting.
                title = "Options" if param.expose_value else section_of.get(param.name or "")
                rows[title or "Options"].append(record)
        for title, records in rows.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class FolderPath(click.Path):
    """A folder, completed by the shell; whether it is one is for the engine to say."""

    def __init__(self) -> None:
        super().__init__(file_okay=False)

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002 - click's signature
        ctx: click.Context | None,  # noqa: ARG002 - click's signature
    ) -> Path:
        """The path as it was typed. Raises FolderError for none, which a lost variable gives."""
        if not os.fspath(value):
            raise FolderError("The folder's name is empty; a dot is the current directory.")
        return Path(value)


folder_argument = click.argument("folder", metavar="FOLDER", type=FolderPath())


def setting_flags(*names: str, hidden: Sequence[str] = ()) -> Callable[[Command], Command]:
    """Options for these settings, in this order; the `hidden` ones are taken and not shown.

    What is given is kept with the context, not handed to the command.
    """

    def add(command: Command) -> Command:
        # Options are shown in the order opposite to that in which they are added.
        for each in (_FIELDS[name] for name in reversed((*names, *hidden))):
            command = click.option(
                flag(each.name),
                each.name,
                is_flag=_KINDS[each.name] is bool,
                flag_value=not each.default if _KINDS[each.name] is bool else None,
                type=_click_type(_KINDS[each.name], each.metadata),
                metavar=_metavar(each.name, each.metadata),
                hidden=each.name in hidden,
                default=None,
                expose_value=False,
                callback=_note,
                help=_sentence(each.metadata["off"] or each.metadata["help"], each.default),
            )(command)
        return command

    return add


def configuration(ctx: click.Context, file: Path | None = None) -> Configuration:
    """What the flags so far, the environment and a file, the user's by default, come to."""
    return load(ctx.find_object(dict) or {}, os.environ, file or configuration_file())


def _note(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None and param.name is not None:
        ctx.ensure_object(dict)[param.name] = value


def _metavar(name: str, facts: Any) -> str | None:
    if name == "data_dir":
        return "FOLDER"
    return None if facts["choices"] else _METAVARS.get(_KINDS[name])


def _click_type(kind: type, facts: Any) -> click.ParamType[Any] | None:
    if kind is bool:
        return None
    if issubclass(kind, StrEnum):
        return click.Choice([str(each) for each in kind])
    if facts["choices"]:
        return click.Choice(facts["choices"])
    if kind is float:
        return click.FloatRange(facts["low"], facts["high"])
    return click.IntRange(facts["low"], facts["high"]) if kind is int else click.STRING


def _sentence(help_text: str, default: Any) -> str:
    shown = "" if isinstance(default, bool) or default == "" else f" [default: {default}]"
    return help_text[0].upper() + help_text[1:] + "." + shown

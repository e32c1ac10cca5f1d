"""Flags of the settings, made from the settings themselves.

In: names of settings. Out: click options that note what was given, and the configuration that comes
of it. Does not know what a command does with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
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
INDEXING = ("chunk_tokens", "overlap_tokens", "max_file_bytes", *EVERYWHERE)
FUSING = ("fusion", "first_stage_weight", "recency_weight", "half_life_days", "rrf_k")
SEARCHING = ("source", "reranker", "candidates", *FUSING, *INDEXING)
ALL = (*SEARCHING, "look_beyond", "theme")

_FIELDS = {each.name: each for each in fields(Settings)}
_KINDS: dict[str, type] = get_type_hints(Settings)
_METAVARS = {int: "NUMBER", float: "NUMBER", str: "TEXT"}


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
            raise FolderError("The folder's name is empty; a dot is the folder you are in.")
        return Path(value)


folder_argument = click.argument("folder", metavar="FOLDER", type=FolderPath())


def setting_flags(*names: str) -> Callable[[Command], Command]:
    """Options for these settings, in this order.

    What is given is kept with the context, not handed to the command.
    """

    def add(command: Command) -> Command:
        # Options are shown in the order opposite to that in which they are added.
        for each in (_FIELDS[name] for name in reversed(names)):
            command = click.option(
                flag(each.name),
                each.name,
                is_flag=_KINDS[each.name] is bool,
                flag_value=not each.default if _KINDS[each.name] is bool else None,
                type=_click_type(_KINDS[each.name], each.metadata),
                metavar=None if each.metadata["choices"] else _METAVARS.get(_KINDS[each.name]),
                default=None,
                expose_value=False,
                callback=_note,
                help=_sentence(each.metadata["help"], each.default),
            )(command)
        return command

    return add


def configuration(ctx: click.Context) -> Configuration:
    """What the flags so far, the environment and the user's file come to."""
    return load(ctx.find_object(dict) or {}, os.environ, configuration_file())


def _note(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None and param.name is not None:
        ctx.ensure_object(dict)[param.name] = value


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
    shown = "" if default is False or default == "" else f" [default: {default}]"
    return help_text[0].upper() + help_text[1:] + "." + shown

"""`docsearch config`: every setting with its value and where that came from.

In: flags, environment and the user's file. Out: a list on standard output.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import click

from docsearch.cli.configuration import Configuration, flag, variable
from docsearch.cli.options import ALL, SettingsCommand, configuration, setting_flags
from docsearch.domain.safe_text import safe_line
from docsearch.domain.settings import Settings


@click.command(
    "config", cls=SettingsCommand, short_help="Show each setting and where it comes from."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags(*ALL)
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show each setting with its value and where it comes from.

    Flags override the environment (DOCSEARCH_SOURCE=bm25), which overrides config.toml
    (source = "bm25"). docsearch never reads settings from the folder that you search.
    """
    found = configuration(ctx)
    if as_json:
        click.echo(json.dumps(_as_data(found), indent=2))
        return
    names = [each.name for each in fields(Settings)]
    # JSON's form is TOML's too, so a value can be copied into config.toml.
    shown = [json.dumps(getattr(found.settings, name)) for name in names]
    name_width, value_width = max(map(len, names)), max(map(len, shown))
    for name, value in zip(names, shown, strict=True):
        origin = safe_line(found.origins[name])
        click.echo(f"{name:<{name_width}}  {value:<{value_width}}  {origin}")
    there = "" if found.file.exists() else " (not there)"
    click.echo(f"\nfile: {safe_line(str(found.file))}{there}")
    for stray in found.strays:
        click.echo(f"{safe_line(stray)} in the environment names no setting.", err=True)


def _as_data(found: Configuration) -> dict[str, Any]:
    return {
        "file": str(found.file),
        "strays": found.strays,
        "settings": {
            each.name: {
                "value": getattr(found.settings, each.name),
                "origin": found.origins[each.name],
                "default": each.default,
                "help": each.metadata["help"],
                "flag": flag(each.name),
                "variable": variable(each.name),
            }
            for each in fields(Settings)
        },
    }

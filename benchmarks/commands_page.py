"""docs/commands.md, written from the commands themselves.

    python -m benchmarks.commands_page

In: every command of docsearch. Out: the page, with each `--help` as a person sees it in a terminal
of 100 columns. A test fails when the page is out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from docsearch.cli.commands.open import command as screen
from docsearch.cli.main import docsearch

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
COLUMNS = 100

HEAD = """\
# Commands

`docsearch FOLDER` opens the screen; every other command works without it. This page shows each
command's `--help`. It is generated: run `python -m benchmarks.commands_page` after changing one.

Settings can come from flags, from environment variables (`--chunk-tokens` is
`DOCSEARCH_CHUNK_TOKENS`), or from `config.toml` in the XDG configuration directory
(`chunk_tokens = 256`); `docsearch config` shows each one and where it comes from.
"""


def contexts(
    command: click.Command = docsearch,
    words: tuple[str, ...] = (),
    parent: click.Context | None = None,
) -> Iterator[tuple[tuple[str, ...], click.Context]]:
    """Every command with the words that lead to it, and a context that renders its help."""
    name = words[-1] if words else "docsearch"
    ctx = click.Context(command, info_name=name, parent=parent, **command.context_settings)
    ctx.terminal_width = COLUMNS
    yield words, ctx
    if not words:
        # The screen has no name of its own.
        unnamed = click.Context(screen, info_name="", parent=ctx)
        unnamed.terminal_width = COLUMNS
        yield ("FOLDER",), unnamed
    if isinstance(command, click.Group):
        for each in command.list_commands(ctx):
            found = command.get_command(ctx, each)
            assert found is not None
            yield from contexts(found, (*words, each), ctx)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for words, ctx in contexts():
        title = " ".join(("docsearch", *words))
        parts.append(f"## {title}\n\n```text\n{ctx.get_help().strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

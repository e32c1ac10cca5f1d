"""The `docsearch` command: which words mean which command, and how everything ends.

In: the words of the command line. Out: an exit code. Imports click and little else; each command's
own module is imported when it is asked for, and imports what it needs when it runs.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from docsearch import __version__
from docsearch.cli.interrupts import INTERRUPTED, INTERRUPTS
from docsearch.cli.options import ALL, setting_flags
from docsearch.domain.errors import DocsearchError, UsageError
from docsearch.domain.safe_text import safe_block

NAME = "docsearch"
COMPLETE_VARIABLE = "_DOCSEARCH_COMPLETE"
OUTPUT_FAILED = 1
OUTLIVING = ("index", "inference", "loading", "warm-up")
"""The names of the engine's threads: they may outlive it, see `Engine.stop`."""

HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
"""How a command that stands alone shows its help."""

COMMANDS = (
    "query",
    "explain",
    "replay",
    "judge",
    "eval",
    "index",
    "status",
    "models",
    "tune",
    "bench",
    "doctor",
    "config",
    "completion",
)

SHOWN = (
    "reranker",
    "source",
    "candidates",
    "fusion",
    "data_dir",
    "offline",
    "theme",
    "look_beyond",
    "tune",
)
"""The settings that people change; the flags of the others are in the help of the commands."""

EPILOG = """\
\b
`docsearch COMMAND --help` has all options of a command, `docsearch FOLDER --help`
those of the screen. A folder that is named like a command is ./query.
Flags override DOCSEARCH_* variables, which override config.toml: `docsearch config`.

\b
Exit codes:
  0    success, also when the reader of a pipe closes it
  1    any other error; `doctor` found a problem
  2    invalid usage
  3    folder missing, unreadable, or not a folder
  4    invalid setting
  5    index can't be read or written
  6    model can't be used
  7    `replay`: the answer differs from the case
  130  interrupted by Ctrl-C or SIGTERM; committed work is safe
"""


class Words(click.Group):
    """The first word is a command's name, or else the folder to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order in which a person comes to need them."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command's module and nothing beside it."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"docsearch.cli.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A word that is no command's name is left among the words of `open`."""
        if args[0] in COMMANDS:
            return super().resolve_command(ctx, args)
        command: click.Command = import_module("docsearch.cli.commands.open").command
        return "", command, args

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands first: there are more of them than of the options that people use."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Folders as well as commands."""
        folders = click.shell_completion.CompletionItem(incomplete, type="dir")
        return [folders, *super().shell_complete(ctx, incomplete)]


@click.group(
    cls=Words,
    epilog=EPILOG,
    subcommand_metavar="FOLDER | COMMAND ...",
    invoke_without_command=True,
    no_args_is_help=True,
    context_settings=HELP,
)
@setting_flags(*SHOWN, hidden=[name for name in ALL if name not in SHOWN])
@click.version_option(__version__, message="docsearch %(version)s")
@click.pass_context
def docsearch(ctx: click.Context) -> None:
    """Search your own folder, see what the reranker did, and whether to believe it.

    `docsearch FOLDER` opens the screen. The commands do the same without it.
    """
    if ctx.invoked_subcommand is None:
        raise click.UsageError("Name a FOLDER or a COMMAND.", ctx)


def main(command: click.Command = docsearch, name: str = NAME) -> None:
    """Run the command line of this process and leave with its exit code.

    `command` may be another one, that of a benchmark.
    """
    if COMPLETE_VARIABLE in os.environ:
        docsearch.main(prog_name=NAME, complete_var=COMPLETE_VARIABLE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal set to ASCII shows ? for ▲ rather than a traceback.
            stream.reconfigure(errors="replace")
    INTERRUPTS.listen()
    code = _flushed(run(sys.argv[1:], command, name))
    if any(each.name.startswith(OUTLIVING) for each in threading.enumerate()):
        # A thread within a model's own code: to wait for it would take its time, and to end the
        # interpreter around it would abort the process.
        os._exit(code)
    sys.exit(code)


def run(args: Sequence[str], command: click.Command = docsearch, name: str = NAME) -> int:
    """The exit code of `docsearch ARGS`; every error that is meant for a person is told here."""
    try:
        with command.make_context(name, list(args)) as ctx:
            command.invoke(ctx)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.UsageError as error:
        _tell(_refusal(error))
        return UsageError.exit_code
    except DocsearchError as error:
        _tell(f"{error.title}: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        _tell("Stopped.")
        return INTERRUPTED
    except OSError as error:
        return _refused_by_system(error)
    return 0


def _refused_by_system(error: OSError) -> int:
    """The exit code for what the system would not do to a file."""
    if error.filename is None:
        return _output_failed(error)
    place = os.fsdecode(error.filename)
    if isinstance(error, PermissionError):
        _tell(f"{DocsearchError.title}: you may not use {place}; see its permissions.")
    else:
        _tell(f"{DocsearchError.title}: {place} cannot be used: {error.strerror or error}.")
    return DocsearchError.exit_code


def _refusal(error: click.UsageError) -> str:
    if isinstance(error, click.exceptions.NoArgsIsHelpError) or error.ctx is None:
        return error.format_message()
    return f"{error.ctx.get_usage()}\n{error.format_message()}"


def _tell(message: str) -> None:
    click.echo(safe_block(message), err=True)


def _flushed(code: int) -> int:
    """`code`, once the output is out."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        return _output_failed(error) or code
    return code


def _output_failed(error: OSError) -> int:
    """The exit code for it; nothing more is written, or the interpreter would complain later."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        return 0
    _tell(f"Output: {error.strerror}.")
    return OUTPUT_FAILED

"""`docsearch completion SHELL`: the script that teaches a shell to complete docsearch's words.

In: a shell's name. Out: its script on standard output.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

HELP = """\
Print a script that completes docsearch's commands and options in your shell.

\b
bash:  add to ~/.bashrc  eval "$(docsearch completion bash)"
zsh:   add to ~/.zshrc   eval "$(docsearch completion zsh)"
fish:  run once          docsearch completion fish \\
                           > ~/.config/fish/completions/docsearch.fish
"""


@click.command("completion", help=HELP, short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    from docsearch.cli.main import COMPLETE_VARIABLE, NAME

    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(ctx.find_root().command, {}, NAME, COMPLETE_VARIABLE).source())

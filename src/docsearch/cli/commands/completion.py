"""`docsearch completion SHELL`: the script that teaches a shell to complete docsearch's words.

In: a shell's name. Out: its script on standard output.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    r"""Print the completion script of a shell.

    \b
    bash:  eval "$(docsearch completion bash)"               in ~/.bashrc
    zsh:   eval "$(docsearch completion zsh)"                in ~/.zshrc
    fish:  docsearch completion fish > ~/.config/fish/completions/docsearch.fish
    """
    from docsearch.cli.main import COMPLETE_VARIABLE, NAME

    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(ctx.find_root().command, {}, NAME, COMPLETE_VARIABLE).source())

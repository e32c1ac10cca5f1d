from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.cli.command import TIMEOUT, Home


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_takes(home: Home, shell: str) -> None:
    ended = home.run("completion", shell)
    assert ended.code == 0
    assert "_DOCSEARCH_COMPLETE" in ended.out
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here to read its script")
    check = subprocess.run(
        [shell, "-n"], input=ended.out, text=True, capture_output=True, timeout=TIMEOUT, check=False
    )
    assert (check.returncode, check.stderr) == (0, "")


def completions(home: Home, *words: str) -> list[str]:
    ended = home.run(
        _DOCSEARCH_COMPLETE="bash_complete",
        COMP_WORDS=" ".join(["docsearch", *words]),
        COMP_CWORD=str(len(words)),
    )
    assert ended.code == 0
    return ended.out.splitlines()


def test_commands_and_folders_are_offered_first(home: Home) -> None:
    offered = completions(home, "")
    assert {"plain,query", "plain,status", "plain,completion"} <= set(offered)
    assert any(line.startswith("dir,") for line in offered)


def test_a_command_offers_its_flags_and_their_values(home: Home) -> None:
    assert "plain,--source" in completions(home, "query", ".", "--so")
    assert completions(home, "query", ".", "--source", "h") == ["plain,hybrid"]
    assert completions(home, "index", "") == ["dir,"]

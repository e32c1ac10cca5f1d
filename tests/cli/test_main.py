from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docsearch import __version__
from docsearch.cli.main import COMMANDS
from tests.cli.command import TIMEOUT, Home

HEAVY = (
    "torch",
    "faiss",
    "transformers",
    "sentence_transformers",
    "huggingface_hub",
    "textual",
    "sqlite_utils",
    "numpy",
    "rich",
    "tokenizers",
)

LIGHT_WORDS = [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)]


def imported(home: Home, code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after running `code`."""
    report = "import sys; print('\\n' + ' '.join({name.split('.')[0] for name in sys.modules}))"
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        env=home.environment(),
        capture_output=True,
        timeout=TIMEOUT,
        check=True,
        text=True,
    )
    return set(ended.stdout.splitlines()[-1].split())


def test_the_command_is_imported_without_anything_heavy(home: Home) -> None:
    modules = imported(home, "import docsearch.cli.main")
    assert "click" in modules
    assert not modules & set(HEAVY)


@pytest.mark.parametrize("words", LIGHT_WORDS, ids=" ".join)
def test_help_and_version_import_nothing_heavy(home: Home, words: list[str]) -> None:
    run = f"from docsearch.cli.main import run\nassert run({words!r}) == 0"
    assert not imported(home, run) & set(HEAVY)


def test_help_names_every_command_and_every_exit_code(home: Home) -> None:
    ended = home.run("--help")
    assert ended.code == 0
    firsts = {line.split(maxsplit=1)[0] for line in ended.out.splitlines() if line.strip()}
    assert set(COMMANDS) <= firsts
    assert {"0", "1", "2", "3", "4", "5", "6", "130"} <= firsts
    assert "./query" in ended.out


def test_no_words_at_all_show_the_help(home: Home) -> None:
    ended = home.run()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == home.run("--help").out


def test_the_version_is_told(home: Home) -> None:
    assert home.run("--version").out == f"docsearch {__version__}\n"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["nowhere"], 3, "Folder: There is no folder nowhere."),
        (["--offline"], 2, "Name a FOLDER or a COMMAND."),
        (["."], 2, "The screen needs a terminal; `docsearch query` works without one."),
        (["stauts"], 3, "Did you mean the command `status`?"),
        (["query", "nowhere", "disk"], 3, "Folder: There is no folder nowhere."),
        (["index", "file.txt"], 3, "Folder: file.txt is a file"),
        (["status", "file.txt"], 3, "Folder: file.txt is a file"),
        (["query", ".", "disk", "--candidates", "0"], 2, "--candidates"),
        (["query", ".", "disk", "--source", "fast"], 2, "'dense', 'bm25', 'hybrid'"),
        (["query", ".", "disk", "--top", "none"], 2, "--top"),
        (["query", "."], 2, "WORDS"),
        (["index", ".", "--chunk-tokens", "64"], 4, "overlap_tokens is 64"),
        (["index", ".", "--wrong"], 2, "No such option"),
        (["--theme", "pink", "."], 2, "--theme"),
        (["models", "remove"], 2, "NAME"),
        (["models", "pull", "--reranker"], 2, "--reranker"),
        (["completion", "powershell"], 2, "'bash', 'zsh', 'fish'"),
        (["nowhere\x1b[31m\nred"], 3, "There is no folder nowhere␛[31m␤red."),
        (["index", ".", "extra\x1b[31m"], 2, "extra␛[31m"),
    ],
)
def test_a_mistake_ends_in_one_message_and_its_own_exit_code(
    home: Home, words: list[str], code: int, told: str
) -> None:
    (home.folder / "file.txt").write_text("no folder")
    ended = home.call(*words)
    assert (ended.code, ended.out) == (code, "")
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert "\x1b" not in ended.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(home: Home) -> None:
    closed = home.folder / "closed"
    closed.mkdir(mode=0)
    ended = home.run("index", "closed")
    assert ended.code == 3
    assert "permission denied" in ended.err


def test_a_broken_configuration_is_told_with_its_line(home: Home) -> None:
    home.config.parent.mkdir(parents=True)
    home.config.write_text("source = 'dense'\nrerankr = 'none'\n")
    ended = home.run("config")
    assert ended.code == 4
    assert ended.err == (
        f"Configuration: {home.config}:2: there is no setting 'rerankr'. Did you mean 'reranker'?\n"
    )


def test_nothing_is_read_from_the_searched_folder(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "searched"
    (folder / "docsearch").mkdir(parents=True)
    for name in ("config.toml", ".docsearch.toml", "docsearch/config.toml", "pyproject.toml"):
        (folder / name).write_text("candidates = 7\n")
    rows = [line.split() for line in home.run("config", cwd=folder).out.splitlines()]
    assert ["candidates", "50", "default"] in rows


@pytest.mark.parametrize("words", [["--help"], ["config"], ["completion", "bash"]])
def test_a_closed_pipe_is_no_error(home: Home, words: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as out:
        ended = subprocess.run(
            [sys.executable, "-m", "docsearch", *words],
            env=home.environment(),
            stdout=out,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_full_disk_is_told(home: Home) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("wb") as out:
        ended = subprocess.run(
            [sys.executable, "-m", "docsearch", "config"],
            env=home.environment(),
            stdout=out,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr == b"Output: No space left on device.\n"


def test_a_terminal_set_to_ascii_is_no_error(home: Home) -> None:
    ended = home.run("query", "--help", PYTHONIOENCODING="ascii")
    assert (ended.code, ended.err) == (0, "")

"""What `--help` shows: what acts, in an order and in words for people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import docsearch
from benchmarks.commands_page import PAGE, contexts, page
from docsearch.cli.configuration import flag
from docsearch.cli.main import COMMANDS
from docsearch.cli.options import ALL
from docsearch.domain import errors
from docsearch.domain.errors import DocsearchError
from tests.cli.command import Home

UNWANTED = re.compile(
    r"\b(told|anew|mend(?:ed|s)?|nobody|so many|in turns|whereabouts)\b|; kept\b", re.IGNORECASE
)
"""Words that people stumble over; CONTRIBUTING.md says what to write."""

PACKAGE = Path(docsearch.__file__).parent

EVERY = dict(contexts())


def options_of(*words: str) -> dict[str, click.Option]:
    command = EVERY[words].command
    return {each.opts[0]: each for each in command.params if isinstance(each, click.Option)}


def shown(*words: str) -> set[str]:
    return {name for name, each in options_of(*words).items() if not each.hidden}


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_help_reads_as_an_engineer_would_write_it(words: tuple[str, ...]) -> None:
    text = EVERY[words].get_help()
    assert not UNWANTED.findall(text)
    # Nothing that click should have taken as a mark, and no default that says nothing.
    assert "\\b" not in text
    assert "\b" not in text
    assert "default: True" not in text
    assert "default: False" not in text


def test_no_error_has_a_title_that_people_stumble_over() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    titles = [each.title for each in classes if issubclass(each, DocsearchError)]
    assert len(titles) > 10
    assert [title for title in titles if UNWANTED.search(title)] == []


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings of the code that are no docstrings, with their lines."""
    bare = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in bare:
            yield each.lineno, each.value


def test_no_message_has_words_that_people_stumble_over() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, text in texts(ast.parse(path.read_text("utf-8")))
        # A word by itself is a name: an attribute, a key of the JSON that programs read.
        if " " in text and UNWANTED.search(text)
    ]
    assert found == []


def test_the_page_of_commands_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m benchmarks.commands_page"


def test_completion_help_shows_each_shell_on_its_own_lines(home: Home) -> None:
    lines = home.call("completion", "--help").out.splitlines()
    assert '  bash:  add to ~/.bashrc  eval "$(docsearch completion bash)"' in lines
    assert '  zsh:   add to ~/.zshrc   eval "$(docsearch completion zsh)"' in lines
    assert not any("\\b" in line for line in lines)


def test_a_flag_that_turns_something_off_says_so(home: Home) -> None:
    text = " ".join(home.call("--help").out.split())
    assert "--no-look-beyond Don't rerank beyond the candidates while idle. --no-tune" in text
    assert "--no-tune Don't measure the models' runtimes while idle. --version" in text


def test_commands_come_before_at_most_a_dozen_options(home: Home) -> None:
    lines = home.call("--help").out.splitlines()
    assert lines.index("Commands:") < lines.index("Options:")
    options = [line for line in lines if re.match(r"  -", line)]
    assert 9 <= len(options) <= 12
    assert {"--reranker", "--offline", "--version"} <= {line.split()[0] for line in options}


def test_the_help_of_a_folder_is_that_of_the_screen_with_every_setting(home: Home) -> None:
    ended = home.call("notes", "--help")
    assert ended.code == 0
    assert ended.out.startswith("Usage: docsearch [OPTIONS] FOLDER\n")
    assert {flag(name) for name in ALL} <= set(re.findall(r"--[a-z-]+", ended.out))
    assert home.call("--reranker", "none", "notes", "-h").out == ended.out


def test_options_stand_under_what_they_are_about(home: Home) -> None:
    parts = re.split(r"(?m)^(\w+ options|Options):$", home.call("query", "-h").out)
    sections = {
        title: set(re.findall(r"--[a-z-]+", text))
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
    }
    assert {"--json", "--top", "--no-index", "--offline", "--data-dir"} <= sections["Options"]
    assert {"--source", "--reranker", "--rrf-k"} <= sections["Search options"]
    assert {"--chunk-tokens", "--max-file-bytes"} <= sections["Index options"]


def test_only_options_that_act_are_shown() -> None:
    # Judging pools every reranker on this machine, or those of --rerankers.
    assert "--reranker" not in shown("judge")
    assert {"--rerankers", "--source", "--candidates", "--theme"} <= shown("judge")
    # No file is scanned by size, and nothing goes over the network.
    assert "--max-file-bytes" not in shown("doctor")
    assert "--offline" not in shown("status") | shown("index")
    # Neither reads on at rest.
    for words in ("judge", "eval", "query", "explain", "doctor"):
        assert not {"--no-look-beyond", "--no-tune"} & shown(words)


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (("--rrf-k", "30", "config"), "rrf_k", "30"),
        (("--max-file-bytes", "9", "config"), "max_file_bytes", "9"),
        (("--chunk-tokens", "256", "config"), "chunk_tokens", "256"),
        (("--half-life-days", "7", "config"), "half_life_days", "7.0"),
        (("config", "--no-tune"), "tune", "false"),
    ],
)
def test_a_flag_that_is_not_shown_goes_on_working(
    home: Home, words: tuple[str, ...], name: str, value: str
) -> None:
    rows = [line.split() for line in home.call(*words).out.splitlines()]
    assert [name, value, "flag,", next(each for each in words if each.startswith("--"))] in rows


@pytest.mark.parametrize(
    ("command", "hidden"),
    [
        ("judge", {"--reranker"}),
        ("doctor", {"--max-file-bytes"}),
        ("status", {"--offline"}),
        ("index", {"--offline"}),
    ],
)
def test_what_a_command_took_before_it_still_takes(command: str, hidden: set[str]) -> None:
    assert hidden <= {name for name, each in options_of(command).items() if each.hidden}
    assert hidden & shown(command) == set()
    assert command in COMMANDS

"""Rule files mean what they mean to git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsearch.domain.document import SourceFile
from docsearch.ingest.discover import scan
from docsearch.ingest.patterns import BrokenPatternError, Pattern

NAMES = ["a", "b", "ab", "a.b", "foo", "b c"]
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)

WILD = ["*", "**", "***", "**a", "?", "*.b", "a*", "[ab]", "[!a]", "[^a]*", "[a-z]b", "[[:alpha:]]"]
ODD = ["\\a", "[]a]", "[[:nope:]]", "\\", "", "[z-a]"]
PARTS = st.one_of(st.sampled_from([*NAMES, *WILD]), st.sampled_from(ODD))
LINES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(PARTS, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/"]),
    st.sampled_from(["", "", " ", "\\ ", "\r"]),
)


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "meant"),
    [
        ("*.log", "a/b/x.log", False, True),
        ("/x.log", "a/x.log", False, False),
        ("/x.log", "x.log", False, True),
        ("a/x.log", "b/a/x.log", False, False),
        ("build/", "a/build", True, True),
        ("build/", "a/build", False, False),
        ("a/**", "a", True, False),
        ("a/**", "a/b/c", False, True),
        ("a/**/c", "a/c", False, True),
        ("a/**/c", "a/b/b/c", False, True),
        ("**/c", "c", False, True),
        ("*", "x", False, True),
        ("a*b", "a/b", False, False),
        ("?", "ü", False, True),
        ("[!a]", "a", False, False),
        ("line?break", "line\nbreak", False, True),
        ("\\*", "x", False, False),
        ("\\*", "*", False, True),
    ],
)
def test_a_pattern_means_a_path(pattern: str, path: str, is_folder: bool, meant: bool) -> None:
    assert Pattern.parse(pattern).matches(path.split("/"), is_folder) is meant


@pytest.mark.parametrize("pattern", ["", "/", "[", "a\\", "a//b", "[[:nope:]]"])
def test_a_broken_pattern_is_told(pattern: str) -> None:
    with pytest.raises(BrokenPatternError):
        Pattern.parse(pattern)


def test_no_pattern_is_slow() -> None:
    hostile = "/".join(["**", "*a*a*a*a*a*a*a*a*b"] * 20)
    path = ["a" * 200] * 40
    assert not Pattern.parse(hostile).matches(path, False)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


@settings(max_examples=80, deadline=None)
@given(
    top=st.lists(LINES, max_size=5),
    nested=st.lists(LINES, max_size=3),
    paths=st.sets(PATHS, min_size=1, max_size=8),
)
def test_git_leaves_out_the_same_files(
    repository: Path, top: list[str], nested: list[str], paths: set[str]
) -> None:
    for old in repository.iterdir():
        if old.name != ".git":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for path in sorted(paths):
        target = repository / path
        if not any(each.is_file() for each in target.parents) and not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
    (repository / ".gitignore").write_text("\n".join(top), newline="")
    if (repository / "a").is_dir():
        (repository / "a" / ".gitignore").write_text("\n".join(nested), newline="")
    told = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "-o", "-z", "--exclude-standard"],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    by_git = {os.fsdecode(each) for each in told.stdout.split(b"\0") if each}
    by_git = {each for each in by_git if not each.rpartition("/")[2].startswith(".")}
    found = {each.path for each in scan(repository, 1) if isinstance(each, SourceFile)}
    assert found == by_git


@pytest.mark.parametrize("piece", ["[:", "[", "[a-", "[:alpha:"])
def test_a_set_of_a_megabyte_that_never_ends_is_no_pattern(piece: str) -> None:
    with pytest.raises(BrokenPatternError):
        Pattern.parse("[" + piece * (300_000 // len(piece)))


def test_a_long_pattern_is_a_pattern() -> None:
    many = 20_000
    assert Pattern.parse("?" * many).matches(("a" * many,), False)
    assert not Pattern.parse("?" * many).matches(("a" * (many - 1),), False)
    assert Pattern.parse("[" + "[:alpha:]" * many + "]").matches(("a",), False)

"""The real command on an index that is torn, newer, locked or without room: told, nothing lost."""

from __future__ import annotations

import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from docsearch.storage.layout import IndexLayout
from tests.cli.command import TIMEOUT, Ended, Home
from tests.storage.limits import file_size_limit

NOTES = 4
ASKED = ("query", ".", "--no-index", "--source", "bm25", "--reranker", "none", "zebra")


@dataclass(frozen=True)
class Indexed:
    """An indexed folder and the home of whoever indexed it."""

    home: Home
    folder: Path

    @property
    def layout(self) -> IndexLayout:
        return IndexLayout.of(self.folder, self.home.folder / "data" / "docsearch")

    def call(self, *words: str) -> Ended:
        return self._told(self.home.call(*words, cwd=self.folder))

    def run(self, *words: str) -> Ended:
        return self._told(self.home.run(*words, cwd=self.folder))

    @staticmethod
    def _told(ended: Ended) -> Ended:
        assert "Traceback" not in ended.err
        return ended


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    base = tmp_path_factory.mktemp("store")
    indexed = Indexed(Home(base / "home"), base / "notes")
    indexed.home.folder.mkdir()
    indexed.folder.mkdir()
    for number in range(NOTES):
        sections = (f"# Part {n}\n\nThe zebra of {number} and {n}. " * 16 for n in range(3))
        (indexed.folder / f"{number}.md").write_text("\n\n".join(sections))
    assert indexed.call("index", ".").code == 0
    return indexed


@pytest.fixture
def indexed(made: Indexed, tmp_path: Path) -> Iterator[Indexed]:
    """A copy of the index that a test may break, with a folder that it may add files to."""
    home = Home(tmp_path / "home")
    shutil.copytree(made.home.folder, home.folder)
    before = set(made.folder.iterdir())
    yield Indexed(home, made.folder)
    for each in set(made.folder.iterdir()) - before:
        each.unlink()


@pytest.mark.parametrize("damage", ["truncated", "overwritten"])
def test_a_torn_catalog_is_told_and_left_as_it_is(indexed: Indexed, damage: str) -> None:
    catalog = indexed.layout.catalog
    whole = catalog.read_bytes()
    noise = random.Random(damage).randbytes(len(whole))
    torn = whole[: len(whole) // 3] if damage == "truncated" else noise
    catalog.write_bytes(torn)
    for words in (["index", "."], ["status", "."], ASKED):
        ended = indexed.call(*words)
        assert (ended.code, ended.out) == (5, "")
        told = f"Index: The index {catalog} is damaged. Your documents are not: move that file away"
        assert ended.err.count(told) == 1
    assert str(catalog) in indexed.call("doctor", ".").out.split("\nproblems\n")[1]
    assert catalog.read_bytes()[100:] == torn[100:]


def test_a_torn_catalog_that_was_moved_away_is_built_again(indexed: Indexed) -> None:
    catalog = indexed.layout.catalog
    catalog.write_bytes(b"torn" * 5000)
    assert indexed.call("index", ".").code == 5
    catalog.rename(catalog.with_suffix(".torn"))
    assert "none yet" in indexed.call("status", ".").out
    assert indexed.call("index", ".").out.startswith(f"{NOTES} files and ")
    assert indexed.call("doctor", ".").code == 0


@pytest.mark.parametrize("damage", ["truncated", "overwritten"])
def test_torn_vectors_are_made_again_without_embedding(indexed: Indexed, damage: str) -> None:
    vectors = indexed.layout.vectors
    whole = vectors.read_bytes()
    noise = random.Random(damage).randbytes(len(whole) // 2)
    vectors.write_bytes(whole[: -len(noise)] + (b"" if damage == "truncated" else noise))
    ended = indexed.call("index", ".")
    assert ended.code == 0
    assert f"{vectors} is not used, and made again from the catalog: it is torn" in ended.err
    assert ", 0 chunks embedded" in ended.out
    assert vectors.read_bytes()[-len(noise) :] == whole[-len(noise) :]
    assert indexed.call("doctor", ".").err == ""


def test_an_index_of_a_newer_version_is_told_and_left_alone(indexed: Indexed) -> None:
    with closing(sqlite3.connect(indexed.layout.catalog)) as db:
        db.execute("PRAGMA user_version = 99")
    for words in (["index", "."], ["status", "."], ASKED):
        ended = indexed.call(*words)
        assert (ended.code, ended.out) == (5, "")
        assert ended.err.count("made by a newer docsearch") == 1
        assert "Update docsearch, or use another --data-dir." in ended.err
    assert "made by a newer docsearch" in indexed.call("doctor", ".").out
    with closing(sqlite3.connect(indexed.layout.catalog)) as db:
        assert db.execute("SELECT count(*) FROM files").fetchone()[0] == NOTES


def test_a_full_disk_loses_nothing_that_was_committed(indexed: Indexed) -> None:
    more = "\n\n".join(f"# Part {n}\n\n{'The okapi. ' * 30}" for n in range(4))
    (indexed.folder / "more.md").write_text(more)
    with file_size_limit(65_536):
        ended = indexed.call("index", ".")
    assert (ended.code, ended.out) == (5, "")
    assert re.search(r"Index: .*index\.sqlite .*disk.*full.*--data-dir", ended.err)
    assert indexed.call(*ASKED).out.count("zebra") >= NOTES
    assert indexed.call("doctor", ".").code == 0
    assert indexed.call("index", ".").out.startswith(f"{NOTES + 1} files and ")


def test_a_second_docsearch_reads_and_says_so_and_sigterm_keeps_what_was_committed(
    indexed: Indexed,
) -> None:
    for number in range(300):
        (indexed.folder / f"{number}.txt").write_text(f"The heron number {number} sleeps. " * 30)
    first = subprocess.Popen(
        [sys.executable, "-m", "docsearch", "index", str(indexed.folder)],
        env=indexed.home.environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stderr is not None
    for line in first.stderr:
        if line.startswith("indexing: "):
            break
    # Held, so that it does not finish while the second one asks.
    first.send_signal(signal.SIGSTOP)
    refused = indexed.run("index", ".")
    read = indexed.call(*(word for word in ASKED if word != "--no-index"))
    first.send_signal(signal.SIGCONT)
    first.send_signal(signal.SIGTERM)
    out, err = first.communicate(timeout=TIMEOUT)
    assert (first.returncode, out) == (130, "")
    assert err.endswith("Stopped.\n")
    assert (refused.code, refused.out) == (5, "")
    assert "not updated: another docsearch is indexing this folder" in refused.err
    assert (read.code, "zebra" in read.out) == (0, True)
    assert "another docsearch is indexing this folder" in read.err
    assert indexed.call("doctor", ".").code == 0
    assert "zebra" in indexed.call(*ASKED).out


def test_a_rename_embeds_nothing_and_an_edit_only_what_changed(
    indexed: Indexed, tmp_path: Path
) -> None:
    folder = tmp_path / "moved"
    shutil.copytree(indexed.folder, folder)
    edited = Indexed(indexed.home, folder)
    indexed.layout.folder.rename(edited.layout.folder)
    edited.call("index", ".")
    (folder / "0.md").rename(folder / "00.md")
    assert ", 0 chunks embedded" in edited.call("index", ".").out
    # A name with words in it is a title, which the models read.
    (folder / "00.md").rename(folder / "herons.md")
    assert ", 3 chunks embedded" in edited.call("index", ".").out
    text = (folder / "1.md").read_text()
    (folder / "1.md").write_text(text.replace("# Part 2", "# Part two", 1))
    assert ", 1 chunk embedded" in edited.call("index", ".").out

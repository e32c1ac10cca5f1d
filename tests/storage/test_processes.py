"""Several programs with one index open at once: their locks hold, and nothing of either is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.scores import SqliteScoreCache
from tests.storage.libraries import layout_in, open_library

LOCKS = Path("/proc/locks")
FIRST = """
import sys
from pathlib import Path
from threading import Thread
from docsearch.domain.judgment import Grade, Judgment
from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.scores import SqliteScoreCache
from tests.fakes.contents import contents
from tests.storage.libraries import layout_in, open_library

folder = Path(sys.argv[1])
library = open_library(folder)
judgments = SqliteJudgments(layout_in(folder))
scores = SqliteScoreCache(layout_in(folder).scores)

def use(path, text):
    # A connection for each thread, as a search beside the one who indexes has it.
    held = library.vectors()
    library.put_file(contents(path, text))
    next(held, None)
    other = Thread(target=lambda: [scores.get("m", "q", [b""]), library.search_text("cat", 5)])
    other.start()
    other.join()

use("first.md", "a red cat")
use("second.md", "a blue cat")
print("ready", flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == "put":
        use(words[1], f"a cat called {words[1]}")
    else:
        judgments.put([Judgment(words[1], "a passage", "a.md", Grade.RELEVANT)])
    print("done", flush=True)
judgments.close()
scores.close()
library.close()
"""
SECOND = """
import sys
from pathlib import Path
from docsearch.domain.judgment import Grade, Judgment
from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.scores import SqliteScoreCache
from tests.storage.libraries import layout_in, open_library

folder = Path(sys.argv[1])
library = open_library(folder)
assert library.read_only
judgments = SqliteJudgments(layout_in(folder))
scores = SqliteScoreCache(layout_in(folder).scores)
assert library.search_text("cat", 50)
judgments.put([Judgment(sys.argv[2], "a passage", "a.md", Grade.RELEVANT)])
scores.get("m", "q", [b""])
scores.close()
judgments.close()
library.close()
"""


class Running:
    """A docsearch that does as it is asked, a line at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self.line() == "ready"

    @property
    def pid(self) -> int:
        return self._process.pid

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def ask(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        assert self.line() == "done"

    def files(self) -> list[str]:
        """What it has open in the index's directory."""
        links = (each.readlink() for each in Path(f"/proc/{self.pid}/fd").iterdir())
        return [each.name for each in links if ".sqlite" in each.name]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def running(script: str, place: Path) -> Iterator[Running]:
    command = [sys.executable, "-c", script, str(place)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Running(process)
        finally:
            process.communicate(timeout=60)


def second(folder: Path, query: str) -> None:
    subprocess.run([sys.executable, "-c", SECOND, str(folder), query], check=True, timeout=60)


def locked(pid: int, files: Sequence[Path]) -> set[str]:
    """Names of those files on which this process holds a lock."""
    held = {
        (parts[4], int(parts[5].rpartition(":")[2]))
        for parts in (line.split() for line in LOCKS.read_text().splitlines())
        if "->" not in parts
    }
    inodes = {inode for owner, inode in held if owner == str(pid)}
    return {each.name for each in files if each.stat().st_ino in inodes}


@pytest.mark.skipif(not LOCKS.exists(), reason="/proc/locks is Linux's")
def test_every_database_stays_locked_however_many_connections_were_opened(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    with running(FIRST, tmp_path) as writer:
        for number in range(2):
            second(tmp_path, f"query-{number}")
            writer.ask(f"put {number}.md")
            writer.ask(f"judge own-{number}")
            databases = [layout.catalog, layout.scores]
            assert locked(writer.pid, databases) == {each.name for each in databases}
            assert not [each for each in writer.files() if "deleted" in each]


@pytest.mark.parametrize("ending", ["closed", "killed"])
def test_the_commits_of_one_and_the_judgments_of_both_survive(tmp_path: Path, ending: str) -> None:
    with running(FIRST, tmp_path) as writer:
        for number in range(3):
            second(tmp_path, f"query-{number}")
            writer.ask(f"put {number}.md")
            writer.ask(f"judge own-{number}")
        if ending == "killed":
            writer.kill()
    library = open_library(tmp_path)
    judgments = SqliteJudgments(layout_in(tmp_path))
    try:
        assert set(library.files()) == {"first.md", "second.md", "0.md", "1.md", "2.md"}
        assert library.integrity() == []
        expected = {f"{who}-{number}" for who in ("query", "own") for number in range(3)}
        assert {each.query for each in judgments.all()} == expected
    finally:
        judgments.close()
        library.close()
    with closing(sqlite3.connect(layout_in(tmp_path).catalog)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


SCORER = """
import sys
from pathlib import Path
from docsearch.domain.ranking import RerankScore
from docsearch.storage.scores import SqliteScoreCache

cache = SqliteScoreCache(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    key = line.split()[1].encode().ljust(32)
    cache.put("m", "q", {key: RerankScore(0.5, 0.5, 1, 0)})
    assert list(cache.get("m", "q", [key])) == [key]
    print("done", flush=True)
cache.close()
"""


def score_keys(path: Path) -> set[str]:
    cache = SqliteScoreCache(path)
    try:
        keys = {name.encode().ljust(32): name for name in ("a", "b", "c", "d", "e")}
        return {keys[each] for each in cache.get("m", "q", list(keys))}
    finally:
        cache.close()


@pytest.mark.parametrize("damage", ["its form", "its head"])
@pytest.mark.skipif(not LOCKS.exists(), reason="/proc/locks is Linux's")
def test_a_damaged_cache_is_replaced_beside_one_who_has_it_open(
    tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "scores" / "scores.sqlite"
    with running(SCORER, path) as holder:
        holder.ask("put a")
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA user_version = 99")
            if damage == "its head":
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if damage == "its head":
            with path.open("r+b") as file:
                file.write(b"no database at all")
        with running(SCORER, path) as finder:
            finder.ask("put b")
            holder.ask("put c")
            finder.ask("put d")
            assert all(locked(each.pid, [path]) for each in (holder, finder))
            assert not [each for each in holder.files() if "deleted" in each]
            assert not [each for each in tmp_path.iterdir() if each.name != "scores"]
        holder.ask("put e")
    assert score_keys(path) == {"b", "c", "d", "e"}
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

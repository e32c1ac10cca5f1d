"""Each damage that is planted is found, and what to do about it is said."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.judgment import Grade, Judgment
from docsearch.domain.ranking import RerankScore
from docsearch.storage.beside import (
    is_stopped,
    problems_beside,
    problems_of_access,
    writer,
)
from docsearch.storage.catalog import SqliteCatalog
from docsearch.storage.connections import Access, connect
from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.layout import IndexLayout
from docsearch.storage.scores import SqliteScoreCache
from docsearch.storage.vector_file import Stamp, write_vectors
from docsearch.storage.vector_forms import empty_index
from tests.fakes.contents import contents
from tests.storage.libraries import RECIPE, layout_in, open_library
from tests.storage.limits import NOBODY, open_to_all

Damage = Callable[[IndexLayout], None]
BUILT_AGAIN = r"[Mm]ove (index\.sqlite|that file) away"
NEXT_INDEX = r"next `docsearch index`"


@pytest.fixture
def layout(tmp_path: Path) -> IndexLayout:
    with closing(open_library(tmp_path)) as library:
        for number in range(40):
            library.put_file(contents(f"{number}.md", *(f"cat {number} {n}" for n in range(20))))
    made = layout_in(tmp_path)
    with closing(SqliteJudgments(made)) as judgments:
        for number in range(3):
            judgments.put([Judgment("cat", f"passage {number}", "1.md", Grade.RELEVANT)])
    with closing(SqliteScoreCache(made.scores)) as scores:
        for number in range(400):
            score = {bytes([number % 256]) * 32: RerankScore(0.5, 0.5, 1, 0)}
            scores.put("model", f"query {number}", score)
    return made


def said(tmp_path: Path) -> list[str]:
    """What doctor says of the index, as it opens it."""
    access = problems_of_access(layout_in(tmp_path))
    try:
        with closing(open_library(tmp_path, read_only=True)) as library:
            return [*access, *library.integrity(), *problems_beside(layout_in(tmp_path))]
    except IndexStoreError as error:
        return [*access, str(error)]


def sql(statement: str) -> Damage:
    def plant(layout: IndexLayout) -> None:
        with closing(connect(layout.catalog, Access.WRITE)) as db:
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute(statement)

    return plant


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Damage:
    def plant(layout: IndexLayout) -> None:
        file = layout.scores if name == layout.scores.name else layout.folder / name
        file.write_bytes(change(file.read_bytes()))

    return plant


def zeroed(data: bytes) -> bytes:
    """Every other page from the third on."""
    pages = [data[at : at + 8192] for at in range(0, len(data), 8192)]
    return b"".join(
        bytes(len(page)) if n > 1 and n % 2 == 0 else page for n, page in enumerate(pages)
    )


def foreign_vectors(layout: IndexLayout) -> None:
    other = layout.folder.parents[3] / "other"
    with closing(open_library(other)) as library:
        library.put_file(contents("a.md", "not mine"))
    layout.vectors.write_bytes(layout_in(other).vectors.read_bytes())


def vectors_of_another_dimension(layout: IndexLayout) -> None:
    """A whole file, under a stamp and a sum that the catalog takes for its own."""
    recipe = replace(RECIPE, dimension=16)
    with closing(SqliteCatalog(layout.catalog, RECIPE, Access.WRITE)) as catalog:
        stamp = Stamp(catalog.identity, recipe.embedder_fingerprint, catalog.generation)
        index = empty_index(recipe.dimension, whole=True)
        write_vectors(layout.vectors, index, stamp, catalog.vouch_for)


def folder_for_a_journal(layout: IndexLayout) -> None:
    layout.judgments.unlink()
    layout.judgments.mkdir(0o700)


def other_grade(data: bytes) -> bytes:
    return data.replace(b'"grade": 1', b'"grade": 2', 1)


def lost_log(layout: IndexLayout) -> None:
    """Commits that a deleted log took with it: the catalog as it was before them."""
    before = layout.catalog.read_bytes()
    with closing(open_library(layout.folder.parents[2])) as library:
        library.put_file(contents("new.md", "lost with the log"))
    with closing(SqliteJudgments(layout)) as judgments:
        judgments.put([Judgment("dog", "lost, too", "1.md", Grade.RELEVANT)])
    layout.catalog.write_bytes(before)


DAMAGES: dict[str, tuple[Damage, str, str]] = {
    "truncated catalog": (
        rewritten("index.sqlite", lambda data: data[: len(data) // 3]),
        r"index\.sqlite is damaged|SQLite:",
        BUILT_AGAIN,
    ),
    "zeroed pages": (
        rewritten("index.sqlite", zeroed),
        r"index\.sqlite is damaged|SQLite:",
        BUILT_AGAIN,
    ),
    "flipped text": (
        rewritten("index.sqlite", lambda data: data.replace(b"cat 7 3", b"cut 7 3")),
        r"stored text of 1 file is not what was read: 7\.md",
        r"Run `docsearch index`",
    ),
    "flipped vector": (
        sql(
            "UPDATE vectors SET vector = CAST(x'0000803f' || substr(vector, 5) AS BLOB)"
            " WHERE chunk_id = 3"
        ),
        r"1 vectors in FAISS are not those of the catalog",
        BUILT_AGAIN,
    ),
    "full text out of step": (
        sql("UPDATE files SET title = 'another'"),
        r"full-text index is out of step",
        BUILT_AGAIN,
    ),
    "a row of full text gone": (
        sql("DELETE FROM full_text_docsize WHERE id = 3"),
        r"1 chunks are missing in the full-text index",
        BUILT_AGAIN,
    ),
    "chunks of no file": (
        sql("UPDATE chunks SET file_id = 999 WHERE id = 3"),
        r"1 chunks belong to no file",
        BUILT_AGAIN,
    ),
    "vectors of no chunk": (
        sql("UPDATE vectors SET chunk_id = 99999 WHERE chunk_id = 3"),
        r"1 vectors belong to no chunk",
        BUILT_AGAIN,
    ),
    "a wrong count": (
        sql("UPDATE files SET chunk_count = 9 WHERE id = 3"),
        r"1 files do not have as many chunks",
        BUILT_AGAIN,
    ),
    "truncated vectors": (
        rewritten("vectors.faiss", lambda data: data[:-50]),
        r"vectors\.faiss cannot be used: it is torn",
        NEXT_INDEX,
    ),
    "flipped vectors": (
        rewritten("vectors.faiss", lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]),
        r"vectors\.faiss cannot be used: it is torn",
        NEXT_INDEX,
    ),
    "foreign vectors": (
        foreign_vectors,
        r"vectors\.faiss cannot be used: it belongs to another catalog",
        NEXT_INDEX,
    ),
    "vectors of another dimension": (
        vectors_of_another_dimension,
        r"vectors\.faiss cannot be used: it is of another form or dimension",
        NEXT_INDEX,
    ),
    "a newer format": (
        sql("PRAGMA user_version = 99"),
        r"has format 99, made by a newer docsearch",
        r"Update docsearch, or use another --data-dir",
    ),
    "an older format": (
        sql("PRAGMA user_version = 3"),
        r"has format 3, and this docsearch needs format",
        r"Run `docsearch index` on the folder",
    ),
    "no count of judgments": (
        sql("DELETE FROM meta WHERE key = 'judgments'"),
        r"catalog lacks the last 3 judgments of",
        NEXT_INDEX,
    ),
    "a folder where the journal was": (
        folder_for_a_journal,
        r"judgments\.jsonl cannot be read or written: Is a directory",
        r"Make it and its directory writable",
    ),
    "lost commits": (lost_log, r"vectors\.faiss cannot be used: it is newer", NEXT_INDEX),
    "lost judgments": (lost_log, r"catalog lacks the last 1 judgment of", NEXT_INDEX),
    "torn journal": (
        rewritten("judgments.jsonl", lambda data: data[:-20]),
        r"A line of .*judgments\.jsonl cannot be read",
        NEXT_INDEX,
    ),
    "journal behind": (
        rewritten("judgments.jsonl", lambda data: b"".join(data.splitlines(keepends=True)[:-1])),
        r"judgments\.jsonl lacks judgments that the catalog has",
        NEXT_INDEX,
    ),
    "flipped judgment": (
        rewritten("judgments.jsonl", other_grade),
        r"judgments of the catalog are not those of",
        r"move index\.sqlite away if the journal is right",
    ),
    "damaged scores": (
        rewritten("scores.sqlite", zeroed),
        r"cache of scores .*scores\.sqlite is damaged",
        r"Close every docsearch on this folder and delete .*/scores:",
    ),
    "open to others": (
        lambda layout: layout.catalog.chmod(0o644),
        r"Others than you may use .*index\.sqlite",
        r"chmod 600 ",
    ),
    "a folder that cannot be written": (
        lambda layout: layout.folder.chmod(0o500),
        r"notes-0 cannot be written",
        r"chmod 700 ",
    ),
}


def test_nothing_is_said_of_an_index_that_is_whole(tmp_path: Path, layout: IndexLayout) -> None:
    assert said(tmp_path) == []
    assert len(json.loads(layout.judgments.read_text().splitlines()[0])) == 5


@pytest.mark.parametrize("damage", DAMAGES)
def test_it_is_found_and_what_to_do_is_said(
    tmp_path: Path, layout: IndexLayout, damage: str
) -> None:
    plant, finding, advice = DAMAGES[damage]
    plant(layout)
    try:
        told = "\n".join(said(tmp_path))
    finally:
        layout.folder.chmod(0o700)
    _assert_matches(told, finding)
    _assert_matches(told, advice)


def _assert_matches(told: str, pattern: str) -> None:
    assert re.search(pattern, told), f"{pattern!r} in {told!r}"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs two users")
def test_files_of_another_user_are_named_before_one_of_them_is_opened() -> None:
    with open_to_all() as folder:
        with closing(open_library(folder)) as library:
            library.put_file(contents("a.md", "a red cat"))
        layout = layout_in(folder)
        for each in (*layout.folder.parents[:3], layout.folder):
            each.chmod(0o755)
        os.chown(layout.folder, NOBODY, -1)
        layout.folder.chmod(0o700)
        os.seteuid(NOBODY)
        try:
            (told, refused) = said(folder)
        finally:
            os.seteuid(0)
    assert "index.sqlite, " in told
    assert told.endswith(
        f"belong to another user. Run: sudo chown -R {NOBODY} '{layout.folder}', or use another "
        "--data-dir."
    )
    assert "index.sqlite" in refused


HOLDER = """
import sys
from pathlib import Path
from tests.storage.libraries import open_library
library = open_library(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="/proc/locks is Linux's")
def test_who_holds_the_writer_s_lock_is_known_until_it_dies(
    tmp_path: Path, layout: IndexLayout
) -> None:
    assert writer(layout) is None
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert (writer(layout), is_stopped(holder.pid)) == (holder.pid, False)
        holder.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, holder.pid, os.WSTOPPED | os.WNOWAIT)
        assert is_stopped(holder.pid)
        holder.kill()
    assert layout.lock.exists()
    assert writer(layout) is None
    assert said(tmp_path) == []

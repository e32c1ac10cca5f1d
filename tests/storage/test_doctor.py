"""Each damage that is planted is found, and what to do about it is said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.judgment import Grade, Judgment
from docsearch.domain.ranking import RerankScore
from docsearch.storage.beside import problems_beside
from docsearch.storage.connections import Access, connect
from docsearch.storage.judgments import SqliteJudgments
from docsearch.storage.layout import IndexLayout
from docsearch.storage.scores import SqliteScoreCache
from tests.fakes.contents import contents
from tests.storage.libraries import layout_in, open_library

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
    try:
        with closing(open_library(tmp_path, read_only=True)) as library:
            return [*library.integrity(), *problems_beside(layout_in(tmp_path))]
    except IndexStoreError as error:
        return [str(error)]


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

"""Whether what lies beside the catalog is whole, and who may use all of it, for `docsearch doctor`.

In: the layout of an index. Out: sentences about the journal of judgments, the cache of scores, who
may read or write them, and who writes now; each says what to do. Repairs nothing, and opens
databases by SQLite alone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from docsearch.domain.errors import DamagedIndexError, IndexStoreError
from docsearch.domain.judgment import Grade, Judgment
from docsearch.domain.wording import plural
from docsearch.files import FILE_MODE, FOLDER_MODE
from docsearch.storage.connections import Access, Connections
from docsearch.storage.judgment_journal import Entry, JudgmentJournal
from docsearch.storage.layout import IndexLayout

_NEXT_START = "The next `docsearch index` puts that right."
_LOCKS = Path("/proc/locks")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def problems_beside(layout: IndexLayout) -> list[str]:
    """What is wrong, in sentences; empty when nothing is. Raises IndexStoreError."""
    return [*_scores(layout), *_judgments(layout)]


def problems_of_access(layout: IndexLayout) -> list[str]:
    """Whether you, and nobody else, may use the index; to be asked before it is opened."""
    return list(_access(layout)) if os.name == "posix" and layout.folder.is_dir() else []


def writer(layout: IndexLayout) -> int | None:
    """The process that holds the writer's lock, as far as Linux tells; None without one.

    The lock is not tried: for that moment no docsearch that starts could have it.
    """
    try:
        inode = str(layout.lock.stat().st_ino)
        locks = [line.split() for line in _LOCKS.read_text().splitlines()]
    except OSError:
        return None
    held = (each for each in locks if each[1] == "FLOCK" and each[5].rpartition(":")[2] == inode)
    return next((int(each[4]) for each in held), None)


def is_stopped(process: int) -> bool:
    """Whether it waits for a signal to go on, as Linux tells."""
    try:
        facts = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:
        return False
    return facts.rpartition(")")[2].split()[0] in "tT"


def _access(layout: IndexLayout) -> Iterator[str]:
    user = os.geteuid()
    foreign = []
    for each in (layout.folder, *sorted(layout.folder.rglob("*"))):
        with suppress(FileNotFoundError):
            found = each.stat()
            right = FOLDER_MODE if stat.S_ISDIR(found.st_mode) else FILE_MODE
            if user not in (0, found.st_uid):
                foreign.append(each.name)
                continue
            if stat.S_IMODE(found.st_mode) & _OTHERS:
                yield f"Others than you may use {each}. Run: chmod {right:o} '{each}'"
            elif not stat.S_IMODE(found.st_mode) & stat.S_IWUSR:
                yield f"{each} cannot be written. Run: chmod {right:o} '{each}'"
    if foreign:
        yield (
            f"Of the index {layout.folder}, {', '.join(foreign)} belong to another user. Run: sudo "
            f"chown -R {user} '{layout.folder}', or use another --data-dir."
        )


def _judgments(layout: IndexLayout) -> Iterator[str]:
    held = JudgmentJournal(layout.judgments).read()
    with closing(Connections(layout.catalog, Access.READ)) as opened, opened.reading() as db:
        kept = db.execute("SELECT value FROM meta WHERE key = 'judgments'").fetchone()
        number = int(kept[0]) if kept else 0
        rows = db.execute("SELECT query, text, path, grade FROM judgments").fetchall()
    if held.is_torn:
        yield (
            f"A line of {layout.judgments} cannot be read. {_NEXT_START} What it held until "
            "then is kept beside it, in judgments.jsonl.before."
        )
    elif held.number > number:
        yield (
            f"The catalog lacks the last {plural(held.number - number, 'judgment')} of "
            f"{layout.judgments}: commits were lost. {_NEXT_START}"
        )
    elif held.number < number:
        yield f"{layout.judgments} lacks judgments that the catalog has. {_NEXT_START}"
    elif _graded(held.entries) != _graded([Entry(0, *row) for row in rows]):
        yield (
            f"The judgments of the catalog are not those of {layout.judgments}. Compare them, and "
            "move index.sqlite away if the journal is right: `docsearch index` builds it again, "
            "with the judgments of the journal."
        )


def _graded(entries: tuple[Entry, ...] | list[Entry]) -> dict[tuple[str, bytes], int]:
    """The grades that hold after these changes, by query and passage."""
    grades: dict[tuple[str, bytes], int] = {}
    for each in entries:
        judged = Judgment(each.query, each.text, each.path, Grade.NOT_RELEVANT)
        if each.grade is None:
            grades.pop((each.query, judged.content_hash), None)
        else:
            grades[each.query, judged.content_hash] = each.grade
    return grades


def _scores(layout: IndexLayout) -> Iterator[str]:
    if not layout.scores.exists():
        return
    try:
        with closing(Connections(layout.scores, Access.READ)) as opened, opened.reading() as db:
            checked = [row[0] for row in db.execute("PRAGMA quick_check")]
    except DamagedIndexError:
        checked = ["it is torn"]
    except IndexStoreError as error:
        checked = [str(error)]
    if checked != ["ok"]:
        yield (
            f"The cache of scores {layout.scores} is damaged: {checked[0]}. Close every docsearch "
            f"on this folder and delete {layout.scores.parent}: it is made again."
        )

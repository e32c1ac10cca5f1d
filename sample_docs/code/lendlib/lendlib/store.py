"""Everything that touches the database file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

SCHEMA = Path(__file__).resolve().parent.parent / "sql" / "schema.sql"


class AlreadyLent(Exception):
    """The thing is out. The database enforces it, not this class."""


def connect(path: str | Path) -> sqlite3.Connection:
    """Open the database in WAL mode and create the tables if they are missing.

    The tablet reads while the counter writes, so readers must not block; that
    is what WAL is for. A writer that finds the file locked waits five seconds.
    """
    db = sqlite3.connect(path, timeout=5.0, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("pragma journal_mode = wal")
    db.execute("pragma foreign_keys = on")
    db.executescript(SCHEMA.read_text(encoding="utf-8"))
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def add_item(db: sqlite3.Connection, name: str, deposit_cents: int, daily_cents: int = 0) -> int:
    cur = db.execute(
        "insert into item(name, deposit_cents, daily_cents) values (?, ?, ?)",
        (name, deposit_cents, daily_cents),
    )
    return int(cur.lastrowid or 0)


def add_member(db: sqlite3.Connection, name: str, mail: str | None) -> int:
    cur = db.execute("insert into member(name, mail) values (?, ?)", (name, mail))
    return int(cur.lastrowid or 0)


def lend(db: sqlite3.Connection, item: int, member: int, days: int, today: date) -> int:
    """Lend a thing. Raises AlreadyLent when it is out.

    There is no check-then-insert here. Two volunteers at two counters would
    both pass the check. The partial unique index ``one_open_loan`` refuses the
    second insert and we translate the error.
    """
    due = today + timedelta(days=days)
    try:
        with transaction(db):
            cur = db.execute(
                "insert into loan(item_id, member_id, lent_on, due_on) values (?, ?, ?, ?)",
                (item, member, today.isoformat(), due.isoformat()),
            )
    except sqlite3.IntegrityError as error:
        if "loan.item_id" in str(error):
            raise AlreadyLent(item) from error
        raise
    return int(cur.lastrowid or 0)


def give_back(db: sqlite3.Connection, item: int, today: date) -> sqlite3.Row | None:
    with transaction(db):
        row: sqlite3.Row | None = db.execute(
            "select * from loan where item_id = ? and returned_on is null", (item,)
        ).fetchone()
        if row is not None:
            db.execute("update loan set returned_on = ? where id = ?", (today.isoformat(), row["id"]))
    return row


def overdue(db: sqlite3.Connection, today: date) -> list[sqlite3.Row]:
    return db.execute(
        """
        select loan.id, item.name as item, member.name as member, member.mail,
               loan.due_on, item.deposit_cents
          from loan join item on item.id = loan.item_id
                    join member on member.id = loan.member_id
         where loan.returned_on is null and loan.due_on < ?
         order by loan.due_on
        """,
        (today.isoformat(),),
    ).fetchall()

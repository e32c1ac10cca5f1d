"""The words of the passages: the FTS5 index, kept in step and asked.

In: chunk ids whose passages come or go, and words as they were typed. Out: ids with BM25 scores.
Nothing that is typed reaches FTS5 except as quoted terms, so its operators have no power.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from sqlite_utils import Database

from docsearch.ports import ChunkIds
from docsearch.storage.connections import to_text
from docsearch.storage.rows import ids_json
from docsearch.storage.word_terms import FORM, any_word, phrase

MAX_TERMS = 512
"""Distinct terms of one query that are looked up, the first ones: a bound on what any text that is
handed down may cost, above what a query that a search hands down can hold."""

_MOST_HANDED_OVER = 4096
"""Ids that are handed to SQLite, to choose by; more take longer to read than to look up here."""

_FURTHER = 20
"""How much deeper than the wanted number, and than the last time, hits are asked for to choose."""

_FORGET = """
    INSERT INTO full_text (full_text, rowid, text, headings, title)
    SELECT 'delete', id, text, headings, title FROM passages
    WHERE id IN (SELECT value FROM json_each(?))"""
_NOTE = """
    INSERT INTO full_text (rowid, text, headings, title)
    SELECT id, text, headings, title FROM passages
    WHERE id IN (SELECT value FROM json_each(?))"""
# The plus keeps SQLite from running the match again for every single id.
_SEARCH = """
    SELECT rowid, -bm25(full_text) AS score FROM full_text
    WHERE full_text MATCH CAST(:match AS TEXT)
        AND (:among IS NULL OR +rowid IN (SELECT value FROM json_each(:among)))
    ORDER BY score DESC, rowid LIMIT :k"""
_KNOWN_FORM = "SELECT value FROM meta WHERE key = 'terms'"
_HOLDING = """
    SELECT id, text FROM chunks WHERE id IN
        (SELECT rowid FROM full_text WHERE full_text MATCH CAST(? AS TEXT))"""


def forget(db: Database, ids: Iterable[int]) -> None:
    """Take passages out; they must still be as they were when they were noted."""
    db.execute(_FORGET, [ids_json(ids)])


def note(db: Database, ids: Iterable[int]) -> None:
    """Take passages in, as they now are."""
    db.execute(_NOTE, [ids_json(ids)])


def make_again(db: Database) -> None:
    """Make the whole index again from the passages."""
    db.execute("INSERT INTO full_text (full_text) VALUES ('rebuild')")


def keep_in_form(db: Database) -> None:
    """Make the index again from the passages if other terms than today's are in it."""
    if db.execute(_KNOWN_FORM).fetchone() == (FORM,):
        return
    with db.atomic():
        make_again(db)
        db.execute("UPDATE meta SET value = ? WHERE key = 'terms'", [FORM])


def search(db: Database, words: str, k: int, among: ChunkIds | None) -> list[tuple[int, float]]:
    """The k best (chunk id, BM25) for any of the words, higher is better, ties by id."""
    asked = any_word(words, MAX_TERMS)
    if asked is None or k < 1:
        return []
    match = to_text(asked)
    if among is None or len(among) <= _MOST_HANDED_OVER:
        return _best(db, match, k, among)
    limit = k
    while True:
        limit *= _FURTHER
        found = _best(db, match, limit, None)
        allowed = np.isin([chunk_id for chunk_id, _ in found], among).tolist()
        passed = [hit for hit, is_allowed in zip(found, allowed, strict=True) if is_allowed]
        if len(passed) >= k or len(found) < limit:
            return passed[:k]


def may_hold(db: Database, words: str) -> Iterator[tuple[int, str]]:
    """(id, text) of every chunk that may hold the phrase: all that do, and some that do not."""
    if asked := phrase(words):
        return iter(db.execute(_HOLDING, [to_text(f"text : {asked}")]))
    return iter(db.execute("SELECT id, text FROM chunks"))


def _best(db: Database, match: bytes, k: int, among: ChunkIds | None) -> list[tuple[int, float]]:
    allowed = None if among is None else ids_json(among)
    rows = db.execute(_SEARCH, {"match": match, "among": allowed, "k": k})
    return [(int(row[0]), float(row[1])) for row in rows]

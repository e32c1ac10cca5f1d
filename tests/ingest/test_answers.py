from __future__ import annotations

import json
import os
import pickle
import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsearch.domain.document import Chunk, ExtractedText, Location, Place, SourceFile
from docsearch.domain.errors import ModelError
from docsearch.ingest.answers import (
    LONGEST_REASON,
    BadAnswerError,
    check_ready,
    decoded,
    encoded,
    framed,
    readiness,
    receive,
    send,
)
from docsearch.ingest.prepare import (
    Gone,
    Job,
    Outcome,
    Prepared,
    TakesLong,
    Unchanged,
    Unusable,
    unread,
)

NAME = b"old \xe9.md".decode("utf-8", "surrogateescape")
SOURCE = SourceFile(NAME, 7, -1, (3, 1 << 63), 12)
JOB = Job(SOURCE, b"known")
DEEP = ("One", "Two")
PREPARED = Prepared(
    SOURCE,
    bytes(range(32)),
    "Markdown",
    ExtractedText(
        "", (), "Title", ("a/b",), date(2024, 2, 29), ("page 3 cannot be read",), "Title"
    ),
    (
        Chunk(
            0, 4, 9, "été🍞 ", 3, DEEP, Location(2), (Place(0, DEEP, Location(2), True),), "Title"
        ),
        Chunk(1, 9, 12, 'a"\n', 1, (), Location(None, 5, 6), ()),
    ),
)


@pytest.mark.parametrize(
    "outcome",
    [
        PREPARED,
        Prepared(SOURCE, bytes(32), "", ExtractedText("", ()), ()),
        Unchanged(SOURCE),
        Gone(NAME),
        Unusable(SOURCE, "broken"),
        Unusable(unread(NAME), "the disk fails", may_pass=True),
        Unusable(SOURCE, "it crashes", content_hash=bytes(range(32))),
        TakesLong(SOURCE),
    ],
)
def test_an_outcome_comes_back_as_it_was(outcome: Outcome) -> None:
    assert decoded(encoded(outcome), JOB) == outcome


@pytest.mark.parametrize(
    "part", [PREPARED.extracted, PREPARED.chunks[0], PREPARED.chunks[0].places[0], SOURCE], ids=str
)
def test_no_field_of_what_comes_back_is_left_at_its_default(part: Any) -> None:
    assert [each.name for each in fields(part) if getattr(part, each.name) == each.default] == []


def test_headings_are_sent_once_and_shared() -> None:
    long = ("x" * 1000,)
    chunks = tuple(Chunk(each, each, each + 1, "a", 1, long) for each in range(500))
    sent = encoded(Prepared(SOURCE, bytes(32), "", ExtractedText("", ()), chunks))
    assert len(sent) < 30_000
    came = decoded(sent, JOB)
    assert isinstance(came, Prepared)
    assert came.chunks[0].headings is came.chunks[-1].headings


def test_a_reason_is_cut_and_storable() -> None:
    outcome = decoded(encoded(Unusable(SOURCE, "\ud800" + "x" * 10_000)), JOB)
    assert isinstance(outcome, Unusable)
    assert outcome.reason == "\ufffd" + "x" * (LONGEST_REASON - 1)


def test_an_answer_names_the_file_that_was_asked_for_whatever_it_says() -> None:
    other = Job(SourceFile("other.md", 1, 1, (1, 1)))
    outcome = decoded(encoded(PREPARED), other)
    assert isinstance(outcome, Prepared)
    assert outcome.source.path == "other.md"
    with pytest.raises(BadAnswerError):  # of a file that is not known
        decoded(encoded(Unchanged(SOURCE)), other)


class Command:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        pickle.dumps(Command()),
        pickle.dumps(PREPARED),
        b"[" * 1_000_000,
        b'["gone"' + b"]" * 2,
        b"1" * 10_000,
        b"null",
        b"{}",
        b"[]",
        b'["gone", 1]',
        b'["os.system", "true"]',
        b'["takes long", [1, 2, 3, 4]]',
        b'["takes long", [1, 2, 3, 4, NaN]]',
        b'["takes long", [1, 2, 3, 4, true]]',
        b'["takes long", [1, 2, 3, 4, 1' + b"0" * 100 + b"]]",
        b'["takes long", "12345"]',
        b'["unusable", [1, 2, 3, 4, 5], "\\ud800", false]',
        b'["unusable", [1, 2, 3, 4, 5], "x", 1]',
        b'["unusable", [1, 2, 3, 4, 5], "' + b"x" * 501 + b'", false]',
    ],
)
def test_what_is_no_outcome_is_refused(payload: bytes) -> None:
    with pytest.raises(BadAnswerError):
        decoded(payload, JOB)


def parts_of(value: Any, where: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    yield where
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from parts_of(each, (*where, number))


PLAIN = json.loads(encoded(PREPARED))


@pytest.mark.parametrize("where", [each for each in parts_of(PLAIN) if each])
@pytest.mark.parametrize("wrong", [{"a": 1}, 1.5, -(1 << 70), "\ud800", [[[]]]])
def test_every_part_of_an_answer_is_checked(where: tuple[int, ...], wrong: Any) -> None:
    forged = json.loads(json.dumps(PLAIN))
    within = forged
    for number in where[:-1]:
        within = within[number]
    within[where[-1]] = wrong
    with pytest.raises(BadAnswerError):
        decoded(json.dumps(forged).encode(), JOB)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=7),
    max_leaves=20,
)


@settings(max_examples=40)
@given(st.sampled_from(["prepared", "unchanged", "unusable", "takes long"]), st.lists(_ANY))
def test_anything_is_an_outcome_or_refused(kind: str, parts: list[Any]) -> None:
    try:
        outcome = decoded(json.dumps([kind, *parts]).encode(), JOB)
    except BadAnswerError:
        return
    assert decoded(encoded(outcome), JOB) == outcome


def test_a_child_is_ready_or_says_why_not() -> None:
    check_ready(readiness(None))
    with pytest.raises(ModelError, match="there is no tokenizer"):
        check_ready(readiness(ModelError("there is no tokenizer")))
    for forged in (b'["SystemExit", "x"]', b'["annotations", "x"]', b'["ModelError"]', b"1", b""):
        with pytest.raises(BadAnswerError):
            check_ready(forged)


def test_a_frame_is_taken_whole_or_not_at_all() -> None:
    there, here = os.pipe()
    try:
        send(here, framed(b"fig") + framed(b""))
        assert (receive(there, 3), receive(there, 3)) == (b"fig", b"")
        send(here, framed(b"plum"))
        with pytest.raises(BadAnswerError, match="4 bytes, of at most 3"):
            receive(there, 3)
        assert os.read(there, 10) == b"plum"
        send(here, framed(b"cherry")[:-1])
        with pytest.raises(TimeoutError):
            receive(there, 10, until=time.monotonic())
    finally:
        os.close(here)
        os.close(there)


def test_a_frame_that_ends_before_its_length_is_an_end() -> None:
    there, here = os.pipe()
    send(here, framed(b"cherry")[:-1])
    os.close(here)
    with pytest.raises(EOFError):
        receive(there, 10)
    os.close(there)

"""A short run of damaged files; the long ones are `python -m benchmarks.fuzz`."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from benchmarks.fuzz import kind_of
from benchmarks.mutations import Mutations
from benchmarks.promises import BrokenPromiseError, check_chunks, check_extracted
from docsearch.domain.document import (
    Chunk,
    ExtractedText,
    Location,
    Segment,
    SegmentKind,
    SourceFile,
)
from docsearch.ingest.prepare import Gone, Unusable
from tests.readers.samples import all_samples

SOURCE = SourceFile("a.md", 1, 1, (1, 1))


def segment(start: int, end: int, line: int | None = None) -> Segment:
    return Segment(start, end, SegmentKind.PARAGRAPH, (), Location(line=line))


def test_damaged_files_are_read_or_refused_with_a_reason() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.fuzz", "--files", "60", "--seed", "5"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    figures = json.loads(ended.stdout)
    assert figures["faults"] == 0
    assert figures["read"] + figures["refused"] + figures["limit"] == figures["files"] == 60


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("encrypted PDF", "refused"),
        ("could not be read within 30 seconds of computing", "limit"),
        ("could not be read, by a fault of docsearch (KeyError: 'a'); please report it", "fault"),
        ("could not be read: it crashes what reads it (SIGSEGV)", "fault"),
        ("could not be read (SystemExit)", "fault"),
        ("two\nlines", "fault"),
        ("", "fault"),
    ],
)
def test_a_reason_is_good_or_a_fault(reason: str, kind: str) -> None:
    assert kind_of(Unusable(SOURCE, reason)) == kind


def test_a_file_that_is_there_and_told_as_gone_is_a_fault() -> None:
    assert kind_of(Gone("a.md")) == "fault"


@pytest.mark.parametrize(
    ("segments", "what"),
    [
        ([segment(0, 9)], "from 0 to 9"),
        ([segment(2, 4), segment(0, 2)], "in no segment"),
        ([segment(0, 4), segment(2, 7)], "from 2 to 7 after 4"),
        ([segment(0, 4)], "in no segment"),
        ([segment(0, 7, 0)], "line 0"),
        ([segment(0, 7, 3)], "line 3 of a file of 2 lines"),
    ],
)
def test_segments_that_break_a_promise_are_found(segments: list[Segment], what: str) -> None:
    with pytest.raises(BrokenPromiseError, match=what):
        check_extracted(ExtractedText("fig fig", tuple(segments)), b"fig\nfig")


def test_chunks_that_break_a_promise_are_found() -> None:
    text = "fig plum"
    check_chunks((Chunk(0, 0, 8, text, 2),), text, is_whole=True)
    for chunks in (
        (Chunk(1, 0, 8, text, 2),),
        (Chunk(0, 0, 9, text, 2),),
        (Chunk(0, 0, 3, "plu", 1),),
        (Chunk(0, 0, 3, "fig", 1),),
        (Chunk(0, 4, 8, "plum", 1),),
    ):
        with pytest.raises(BrokenPromiseError):
            check_chunks(chunks, text, is_whole=True)


@pytest.mark.parametrize("name", ["a.docx", "a.ipynb", "a.pdf", "a.md"])
def test_the_same_seed_makes_the_same_faults(name: str) -> None:
    data = all_samples()[name]
    first, second = (Mutations(random.Random(3), [data]) for _ in range(2))
    mutants = [first.of(data) for _ in range(8)]
    assert [second.of(data) for _ in range(8)] == mutants
    assert len({mutant for _, mutant in mutants} - {data}) > 4

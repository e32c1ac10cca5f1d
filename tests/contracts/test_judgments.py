"""What every store of judgments promises: the dictionary, and SQLite with its journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.judgment import Grade, Judgment
from docsearch.ports import Judgments
from docsearch.storage.judgments import SqliteJudgments
from tests.fakes.judgments import MemoryJudgments
from tests.storage.libraries import layout_in, open_library

GOOD = Judgment("disk full", "Delete old logs first.", "ops/disk.md", Grade.HIGHLY_RELEVANT)
BAD = Judgment("disk full", "The oven must be hot.", "home/bread.txt", Grade.NOT_RELEVANT)
OTHER = replace(GOOD, query="old logs", grade=Grade.RELEVANT)


@pytest.fixture(params=["memory", "sqlite"])
def judgments(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Judgments]:
    if request.param == "memory":
        yield MemoryJudgments()
        return
    open_library(tmp_path).close()
    opened = SqliteJudgments(layout_in(tmp_path))
    yield opened
    opened.close()


def test_judgments_come_back_in_the_order_in_which_they_were_made(judgments: Judgments) -> None:
    judgments.put([GOOD])
    judgments.put([OTHER, BAD])
    assert judgments.all() == [GOOD, OTHER, BAD]
    assert judgments.of("disk full") == [GOOD, BAD]
    assert judgments.of("nothing") == []


def test_a_later_grade_replaces_an_earlier_one_in_its_place(judgments: Judgments) -> None:
    judgments.put([GOOD, BAD])
    changed = replace(GOOD, grade=Grade.RELEVANT, path="moved.md")
    judgments.put([changed])
    assert judgments.of("disk full") == [changed, BAD]


def test_what_is_cleared_is_gone_and_nothing_else(judgments: Judgments) -> None:
    judgments.put([GOOD, BAD, OTHER])
    judgments.clear([replace(GOOD, grade=Grade.NOT_RELEVANT), replace(BAD, text="never judged")])
    assert judgments.all() == [BAD, OTHER]
    judgments.clear([])
    judgments.put([])
    assert judgments.all() == [BAD, OTHER]


def test_a_query_is_the_same_with_other_blanks(judgments: Judgments) -> None:
    judgments.put([GOOD])
    assert judgments.of("  disk\t full ") == [GOOD]
    assert judgments.of("Disk full") == []


@pytest.mark.parametrize("text", ["", "\x00", "\ud800 lone", "🎉" * 1000, "a\u2028b\nc\r"])
def test_any_text_will_do(judgments: Judgments, text: str) -> None:
    strange = Judgment(f"q {text}".strip(), text, f"not utf-8 \udcff{text}", Grade.RELEVANT)
    strange = replace(strange, query=" ".join(strange.query.split()))
    judgments.put([strange, GOOD])
    assert judgments.of(strange.query) == [strange]
    judgments.clear([strange])
    assert judgments.all() == [GOOD]

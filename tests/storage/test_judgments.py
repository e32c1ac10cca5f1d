"""Judgments outlive whatever becomes of the index beside them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.errors import IndexGoneError, IndexStoreError
from docsearch.domain.judgment import Grade, Judgment
from docsearch.storage.judgment_journal import Entry, JudgmentJournal
from docsearch.storage.judgments import SqliteJudgments
from tests.fakes.contents import contents
from tests.storage.libraries import layout_in, open_library
from tests.storage.limits import file_size_limit, open_to_all, unwritable

GOOD = Judgment("disk full", "Delete old logs first.", "disk.md", Grade.HIGHLY_RELEVANT)
BAD = Judgment("disk full", "The oven must be hot.", "bread.txt", Grade.NOT_RELEVANT)
MORE = Judgment("bread", "The oven must be hot.", "bread.txt", Grade.RELEVANT)


def opened(folder: Path) -> SqliteJudgments:
    open_library(folder).close()
    return SqliteJudgments(layout_in(folder))


def kept(folder: Path) -> list[Judgment]:
    judgments = opened(folder)
    try:
        return judgments.all()
    finally:
        judgments.close()


def judge(folder: Path, *judged: Judgment, cleared: tuple[Judgment, ...] = ()) -> None:
    judgments = opened(folder)
    for each in judged:
        judgments.put([each])
    judgments.clear(cleared)
    judgments.close()


def test_indexing_and_cleaning_leave_them_alone(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.put_file(contents("disk.md", GOOD.text))
    judge(tmp_path, GOOD, BAD)
    library.put_file(contents("disk.md", "another text"))
    library.remove_file("disk.md")
    library.close()
    library = open_library(tmp_path, embedder="another", chunking="another", readers="another")
    library.put_file(contents("new.md", "text"))
    assert library.integrity() == []
    library.close()
    assert kept(tmp_path) == [GOOD, BAD]


def test_a_second_docsearch_may_judge_beside_the_one_that_indexes(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    one, other = SqliteJudgments(layout_in(tmp_path)), SqliteJudgments(layout_in(tmp_path))
    one.put([GOOD])
    other.put([BAD])
    library.put_file(contents("a.md", "text"))
    assert one.all() == other.all() == [GOOD, BAD]
    for each in (one, other, library):
        each.close()
    assert kept(tmp_path) == [GOOD, BAD]


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_an_index_made_anew_has_them_again(tmp_path: Path, how: str) -> None:
    judge(tmp_path, GOOD, BAD, MORE, cleared=(BAD,))
    for each in layout_in(tmp_path).folder.glob("index.sqlite*"):
        each.unlink()
    if how == "empty":
        layout_in(tmp_path).catalog.touch()
    assert kept(tmp_path) == [GOOD, MORE]
    judge(tmp_path, BAD)
    assert kept(tmp_path) == [GOOD, MORE, BAD]


def test_the_last_judgments_that_the_catalog_lost_come_from_the_journal(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    judge(tmp_path, GOOD)
    before = layout.catalog.read_bytes()
    judge(tmp_path, BAD, MORE, cleared=(GOOD,))
    for each in layout.folder.glob("index.sqlite*"):
        each.unlink()
    layout.catalog.write_bytes(before)
    assert kept(tmp_path) == [BAD, MORE]


@pytest.mark.parametrize("tear", ["gone", "half a line", "rubbish", "hostile"])
def test_a_torn_journal_is_made_whole_and_what_was_there_kept_aside(
    tmp_path: Path, tear: str
) -> None:
    layout = layout_in(tmp_path)
    judge(tmp_path, GOOD, BAD)
    whole = layout.judgments.read_bytes()
    torn = {
        "gone": None,
        "half a line": whole[:-20],
        "rubbish": b"\xff\x00\n" + whole,
        "hostile": whole + b'{"number": 3, "query": "q", "text": 1, "path": "p", "grade": 9}\n',
    }[tear]
    if torn is None:
        layout.judgments.unlink()
    else:
        layout.judgments.write_bytes(torn)
    assert kept(tmp_path) == [GOOD, BAD]
    if torn is not None:
        assert layout.judgments.with_name("judgments.jsonl.before").read_bytes() == torn
    for each in layout.folder.glob("index.sqlite*"):
        each.unlink()
    assert kept(tmp_path) == [GOOD, BAD]


def test_the_journal_can_be_read_by_any_program(tmp_path: Path) -> None:
    judge(tmp_path, GOOD, cleared=(GOOD,))
    lines = layout_in(tmp_path).judgments.read_text().splitlines()
    facts = {"query": GOOD.query, "path": GOOD.path, "text": GOOD.text}
    assert [json.loads(line) for line in lines] == [
        {"number": 1, "grade": 2, **facts},
        {"number": 2, "grade": None, **facts},
    ]
    assert layout_in(tmp_path).judgments.stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_they_are_read_and_no_grade_is_taken() -> None:
    with open_to_all() as folder:
        judge(folder, GOOD)
        (folder / "data").chmod(0o755)
        (folder / "data" / "indexes").chmod(0o755)
        with unwritable(layout_in(folder).folder):
            judgments = SqliteJudgments(layout_in(folder))
            assert judgments.all() == [GOOD]
            with pytest.raises(IndexStoreError):
                judgments.put([BAD])
            judgments.close()
        assert kept(folder) == [GOOD]


def test_a_grade_that_cannot_be_journalled_is_not_taken(tmp_path: Path) -> None:
    judgments = opened(tmp_path)
    layout_in(tmp_path).judgments.mkdir()
    with pytest.raises(IndexStoreError, match="journal of judgments"):
        judgments.put([GOOD])
    assert judgments.all() == []
    judgments.close()


def test_a_full_disk_leaves_the_journal_as_it_was_and_what_was_refused_stays_away(
    tmp_path: Path,
) -> None:
    layout = layout_in(tmp_path)
    judge(tmp_path, GOOD)
    before = layout.judgments.read_bytes()
    judgments = opened(tmp_path)
    refused = replace(BAD, text="too long for what is left " * 400)
    with (
        file_size_limit(len(before) + 1000),
        pytest.raises(IndexStoreError, match="journal of judgments") as told,
    ):
        judgments.put([refused])
    assert told.value.passing
    assert layout.judgments.read_bytes() == before
    judgments.put([MORE])
    judgments.close()
    for each in layout.folder.glob("index.sqlite*"):
        each.unlink()
    assert kept(tmp_path) == [GOOD, MORE]


def test_what_is_journalled_and_cannot_be_committed_is_taken_back(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    judge(tmp_path, GOOD)
    before = layout.judgments.read_bytes()
    judgments = opened(tmp_path)
    # Room for another line of the journal, and not for one page in the log of the database.
    with file_size_limit(4096), pytest.raises(IndexStoreError, match=r"index\.sqlite"):
        judgments.put([BAD])
    assert layout.judgments.read_bytes() == before
    judgments.put([MORE])
    judgments.close()
    for each in layout.folder.glob("index.sqlite*"):
        each.unlink()
    assert kept(tmp_path) == [GOOD, MORE]


def test_lines_that_others_have_written_behind_are_left_when_one_is_taken_back(
    tmp_path: Path,
) -> None:
    journal = JudgmentJournal(tmp_path / "judgments.jsonl")
    taken_back = journal.append([Entry.of(GOOD).numbered(1)])
    journal.append([Entry.of(MORE).numbered(1)])
    journal.take_back(taken_back)
    held = journal.read()
    assert [each.text for each in held.entries] == [MORE.text]
    assert not held.is_torn


def test_a_line_behind_half_a_line_is_read(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    judge(tmp_path, GOOD, BAD, MORE)
    one, two, three = layout.judgments.read_bytes().splitlines(keepends=True)
    # As an earlier docsearch left it: the second was refused half way, the third went on from it.
    layout.judgments.write_bytes(one + two[:30] + three)
    for each in layout.folder.glob("index.sqlite*"):
        each.unlink()
    assert kept(tmp_path) == [GOOD, MORE]


def test_a_line_is_begun_where_the_last_one_was_left_half_written(tmp_path: Path) -> None:
    path = tmp_path / "judgments.jsonl"
    journal = JudgmentJournal(path)
    journal.append([Entry.of(GOOD).numbered(1)])
    path.write_bytes(path.read_bytes()[:-7])
    journal.append([Entry.of(MORE).numbered(2)])
    held = journal.read()
    assert [each.text for each in held.entries] == [MORE.text]
    assert held.is_torn


def test_judging_goes_on_in_an_index_that_took_the_place_of_the_one_before(tmp_path: Path) -> None:
    judge(tmp_path, GOOD)
    judgments = opened(tmp_path)
    for each in layout_in(tmp_path).folder.glob("index.sqlite*"):
        each.unlink()
    with pytest.raises(IndexGoneError):
        judgments.put([BAD])
    open_library(tmp_path).close()
    judgments.put([MORE])
    judgments.close()
    assert kept(tmp_path) == [GOOD, MORE]

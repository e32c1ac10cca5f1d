"""Earlier queries come back, and only to their owner."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from docsearch.tui.history import KEPT, History, load, save


def test_going_back_and_forth_ends_at_what_was_being_typed() -> None:
    history = History().remembering("one").remembering("two")
    history, shown = history.stepped(-1, "draft")
    assert shown == "two"
    history, shown = history.stepped(-1, shown)
    assert shown == "one"
    history, shown = history.stepped(-1, shown)
    assert shown == "one"
    history, shown = history.stepped(2, shown)
    assert shown == "draft"


def test_a_query_used_again_is_the_newest_and_there_once() -> None:
    history = History().remembering("one").remembering("two").remembering(" one ")
    assert history.entries == ("two", "one")
    assert history.remembering("   ").entries == ("two", "one")


def test_the_oldest_are_forgotten() -> None:
    history = History()
    for number in range(KEPT + 5):
        history = history.remembering(f"query {number}")
    assert len(history.entries) == KEPT
    assert history.entries[0] == "query 5"


def test_it_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    save(History().remembering("brød 🍞"), file)
    assert load(file) == History.of(("brød 🍞",))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("content", ["", "{", "{}", "[1, 2]", '"x"'])
def test_a_torn_file_is_an_empty_history(tmp_path: Path, content: str) -> None:
    file = tmp_path / "history.json"
    file.write_text(content)
    assert load(file) == History()


def test_where_it_cannot_be_written_it_is_lost_and_no_more(tmp_path: Path) -> None:
    save(History().remembering("one"), tmp_path / "missing" / "history.json")
    save(History().remembering("\udce9"), tmp_path / "history.json")
    assert load(tmp_path / "missing" / "history.json") == History()

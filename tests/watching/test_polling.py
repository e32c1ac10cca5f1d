"""What two looks at a folder tell apart; each test takes the looks itself."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import pytest

from docsearch.watching.changes import Changed, EventsLost, RawEvent
from docsearch.watching.observer import LimitReached
from docsearch.watching.polling import PollingObserver

SECONDS = 0.02
PATIENCE = 30.0

Heard = SimpleQueue[RawEvent | LimitReached]


@pytest.fixture
def heard() -> Heard:
    return SimpleQueue()


def told(heard: Heard, path: str) -> None:
    """Until this path is told of."""
    while True:
        event = heard.get(timeout=PATIENCE)
        if isinstance(event, Changed) and path in event.paths:
            return


def polling(
    folder: Path, heard: Heard, matters: Callable[[str], bool] = lambda _: True
) -> PollingObserver:
    return PollingObserver(folder, matters, heard.put, SECONDS)


def test_an_edit_that_keeps_size_and_time_is_told(tmp_path: Path, heard: Heard) -> None:
    path = tmp_path / "a.md"
    path.write_text("first")
    os.utime(path, ns=(5, 5))
    observer = polling(tmp_path, heard)
    path.write_text("other")
    os.utime(path, ns=(5, 5))
    told(heard, "a.md")
    observer.stop()


def test_other_permissions_are_told_of_files_and_folders(tmp_path: Path, heard: Heard) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.md").touch()
    observer = polling(tmp_path, heard)
    (tmp_path / "sub").chmod(0o700)
    told(heard, "sub")
    (tmp_path / "a.md").chmod(0o600)
    told(heard, "a.md")
    tmp_path.chmod(0o711)
    told(heard, "")
    observer.stop()


def test_what_is_to_be_looked_at_again_is_told_after_the_next_look(
    tmp_path: Path, heard: Heard
) -> None:
    observer = polling(tmp_path, heard)
    observer.look_again({"d/short-lived.md"})
    told(heard, "d/short-lived.md")
    observer.look_again(None)
    while not isinstance(heard.get(timeout=PATIENCE), EventsLost):
        pass
    observer.stop()


def test_a_folder_that_the_system_fails_to_list_has_not_changed(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "net" / "deep").mkdir(parents=True)
    (tmp_path / "net" / "deep" / "a.md").touch()
    os.utime(tmp_path / "net" / "deep" / "a.md", ns=(5, 5))
    listdir, failures = os.listdir, []

    def failing(path: str) -> list[str]:
        if path.endswith("/net"):
            failures.append(path)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return listdir(path)

    observer = polling(tmp_path, heard)
    monkeypatch.setattr(os, "listdir", failing)
    (tmp_path / "mark.md").touch()
    told(heard, "mark.md")
    monkeypatch.undo()
    observer.stop()
    assert failures
    while not heard.empty():
        event = heard.get()
        assert isinstance(event, Changed)
        assert "net/deep" not in event.paths


def test_what_does_not_matter_is_not_entered(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git" / "objects").mkdir(parents=True)
    listdir, listed = os.listdir, []

    def noted(path: str) -> list[str]:
        listed.append(os.path.relpath(path, tmp_path))
        return listdir(path)

    monkeypatch.setattr(os, "listdir", noted)
    observer = polling(tmp_path, heard, lambda path: not path.startswith("."))
    observer.stop()
    assert set(listed) == {"."}

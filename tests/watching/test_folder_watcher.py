"""What every way of watching promises, on a real folder, and what is done when one fails."""

from __future__ import annotations

import ctypes
import errno
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from docsearch.domain.progress import WatchMode
from docsearch.watching import folder_watcher, observing
from docsearch.watching.folder_watcher import FolderWatcher
from docsearch.watching.observer import Observer
from tests.watching.mirror import Mirror

POLLING_SECONDS = 0.05

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "sub" / "deep").mkdir(parents=True)
    for name in ("a.md", "b.md", "sub/c.md", "sub/deep/d.md"):
        (folder / name).write_text(f"this is {name}")
    return folder


@contextmanager
def watching(
    folder: Path, polling: bool, matters: Callable[[str], bool] = lambda _: True
) -> Iterator[tuple[FolderWatcher, Mirror]]:
    mirror = Mirror(folder)
    watcher = FolderWatcher(
        folder, mirror, matters=matters, polling=polling, polling_seconds=POLLING_SECONDS
    )
    watcher.start()
    try:
        yield watcher, mirror
    finally:
        watcher.stop()


@pytest.fixture(params=[False, True], ids=["native", "polling"])
def watched(folder: Path, request: pytest.FixtureRequest) -> Iterator[tuple[FolderWatcher, Mirror]]:
    with watching(folder, request.param) as pair:
        yield pair


@pytest.fixture
def mirror(watched: tuple[FolderWatcher, Mirror]) -> Mirror:
    return watched[1]


def test_it_says_how_it_watches(watched: tuple[FolderWatcher, Mirror]) -> None:
    watcher, _ = watched
    if watcher.mode is WatchMode.POLLING:
        assert watcher.notice == "Changes are looked for every 0.05 seconds: as asked."
    else:
        assert (watcher.mode, watcher.notice) == (WatchMode.NATIVE, None)


def test_a_save_shows_up(folder: Path, mirror: Mirror) -> None:
    (folder / "a.md").write_text("edited")
    mirror.wait_until_true()
    (folder / "sub" / "deep" / "d.md").write_text("edited too")
    mirror.wait_until_true()


def test_a_new_file_shows_up(folder: Path, mirror: Mirror) -> None:
    (folder / "new.md").write_text("new")
    mirror.wait_until_true()


def test_a_rename_names_both_paths(folder: Path, mirror: Mirror) -> None:
    (folder / "a.md").rename(folder / "z.md")
    mirror.wait_until_true()
    told = {path for batch in mirror.batches for path in batch or ()}
    assert {"a.md", "z.md"} <= told


def test_a_move_between_folders_shows_up(folder: Path, mirror: Mirror) -> None:
    (folder / "a.md").rename(folder / "sub" / "deep" / "a.md")
    mirror.wait_until_true()


def test_a_delete_shows_up(folder: Path, mirror: Mirror) -> None:
    (folder / "sub" / "c.md").unlink()
    mirror.wait_until_true()


def test_an_atomic_replace_shows_up(folder: Path, mirror: Mirror) -> None:
    temporary = folder / ".a.md.tmp"
    temporary.write_text("replaced as editors do")
    temporary.replace(folder / "a.md")
    mirror.wait_until_true()


def test_a_folder_renamed_inside_shows_up(folder: Path, mirror: Mirror) -> None:
    (folder / "sub").rename(folder / "other")
    mirror.wait_until_true()
    (folder / "other" / "deep" / "d.md").write_text("edited after the rename")
    mirror.wait_until_true()


def test_a_folder_moved_in_shows_up_and_is_watched(
    folder: Path, tmp_path: Path, mirror: Mirror
) -> None:
    outside = tmp_path / "outside"
    (outside / "inner").mkdir(parents=True)
    (outside / "inner" / "x.md").write_text("came in")
    outside.rename(folder / "moved in")
    mirror.wait_until_true()
    (folder / "moved in" / "inner" / "y.md").write_text("made there later")
    mirror.wait_until_true()


def test_a_folder_moved_out_shows_up(folder: Path, tmp_path: Path, mirror: Mirror) -> None:
    (folder / "sub").rename(tmp_path / "moved out")
    mirror.wait_until_true()


def test_a_folder_tree_made_and_removed_shows_up(folder: Path, mirror: Mirror) -> None:
    shutil.copytree(folder / "sub", folder / "copy")
    mirror.wait_until_true()
    shutil.rmtree(folder / "copy")
    mirror.wait_until_true()


def test_names_of_any_bytes_show_up(folder: Path, mirror: Mirror) -> None:
    for name in ("line\nbreak.md", os.fsdecode(b"\xff\xfe.md"), "\x1b[31mred.md"):
        (folder / name).write_text("odd")
    mirror.wait_until_true()


def test_a_git_checkout_of_many_files_shows_up(folder: Path, mirror: Mirror) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def git(*words: str) -> None:
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "few")
    git("checkout", "-q", "-b", "many")
    for number in range(300):
        path = folder / f"part{number % 10}" / f"{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"number {number}")
    (folder / "a.md").unlink()
    git("add", ".")
    git("commit", "-q", "-m", "many")
    mirror.wait_until_true()
    git("checkout", "-q", "-")
    mirror.wait_until_true()
    assert "a.md" in mirror.files
    git("checkout", "-q", "many")
    mirror.wait_until_true()
    assert "part9/299.md" in mirror.files


def test_a_folder_that_goes_away_is_told_of_and_waited_for(
    folder: Path, watched: tuple[FolderWatcher, Mirror]
) -> None:
    watcher, mirror = watched
    mode = watcher.mode
    away = folder.with_name("away")
    folder.rename(away)
    mirror.wait_for(lambda: mirror.batches[-1:] == [set()])
    assert watcher.mode is WatchMode.OFF
    assert "gone" in (watcher.notice or "")
    assert mirror.files  # nothing was told of the files in it
    (away / "a.md").write_text("edited while away")
    away.rename(folder)
    mirror.wait_until_true()
    assert watcher.mode is mode
    (folder / "a.md").write_text("edited after the return")
    mirror.wait_until_true()


def test_a_folder_replaced_by_another_is_looked_through(folder: Path, mirror: Mirror) -> None:
    folder.rename(folder.with_name("old"))
    folder.mkdir()
    (folder / "fresh.md").write_text("another folder")
    mirror.wait_until_true()
    (folder / "fresh.md").write_text("and it is watched")
    mirror.wait_until_true()


def test_stopping_ends_every_thread(folder: Path) -> None:
    before = set(threading.enumerate())
    for polling in (False, True):
        with watching(folder, polling) as (watcher, _):
            assert set(threading.enumerate()) > before
        assert set(threading.enumerate()) == before
        watcher.stop()


def test_a_watcher_that_never_started_can_be_stopped(folder: Path) -> None:
    FolderWatcher(folder, Mirror(folder)).stop()


def test_what_does_not_matter_is_not_told(folder: Path) -> None:
    with watching(folder, False, lambda path: not path.startswith(".")) as (_, mirror):
        (folder / ".noise").write_text("x")
        (folder / "a.md").write_text("y")
        mirror.wait_for(lambda: mirror.files["a.md"] == b"y")
        assert all(".noise" not in (batch or ()) for batch in mirror.batches)


def test_reading_the_files_tells_of_nothing(folder: Path) -> None:
    with watching(folder, False) as (_, mirror):
        for path in folder.rglob("*.md"):
            path.read_bytes()
        (folder / "last.md").write_text("x")
        mirror.wait_until_true()
        assert {path for batch in mirror.batches for path in batch or ()} == {"last.md"}


def test_a_network_file_system_is_polled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = f"server:/x {folder.resolve().as_posix()} nfs4 rw 0 0"
    monkeypatch.setattr(folder_watcher, "read_mounts", lambda: mounts)
    with watching(folder, False) as (watcher, mirror):
        assert watcher.mode is WatchMode.POLLING
        assert "nfs4" in (watcher.notice or "")
        (folder / "a.md").write_text("edited")
        mirror.wait_until_true()


@linux_only
@pytest.mark.parametrize("spared", [0, 1], ids=["none left", "too few"])
def test_at_the_limit_of_watches_it_polls_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, spared: int
) -> None:
    from watchdog.observers import inotify_c

    real = inotify_c.inotify_add_watch
    left = [spared]

    def limited(*arguments: object) -> int:
        left[0] -= 1
        if left[0] >= 0:
            return real(*arguments)  # type: ignore[arg-type]
        ctypes.set_errno(errno.ENOSPC)
        return -1

    monkeypatch.setattr(inotify_c, "inotify_add_watch", limited)
    with watching(folder, False) as (watcher, mirror):
        assert watcher.mode is WatchMode.POLLING
        assert "limit" in (watcher.notice or "")
        (folder / "sub" / "deep" / "d.md").write_text("edited")
        mirror.wait_until_true()


@linux_only
def test_a_limit_reached_later_makes_it_poll_and_look_at_everything(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers import inotify_c

    with watching(folder, False) as (watcher, mirror):

        def limited(*_: object) -> int:
            ctypes.set_errno(errno.ENOSPC)
            return -1

        monkeypatch.setattr(inotify_c, "inotify_add_watch", limited)
        (folder / "new").mkdir()
        mirror.wait_for(lambda: None in mirror.batches)
        assert watcher.mode is WatchMode.POLLING
        (folder / "new" / "x.md").write_text("seen by polling")
        mirror.wait_until_true()


@linux_only
def test_without_an_inotify_instance_it_polls(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers import inotify_c

    def none_left() -> int:
        ctypes.set_errno(errno.EMFILE)
        return -1

    monkeypatch.setattr(inotify_c, "inotify_init", none_left)
    with watching(folder, False) as (watcher, mirror):
        assert watcher.mode is WatchMode.POLLING
        (folder / "a.md").write_text("edited")
        mirror.wait_until_true()


@linux_only
def test_an_overflow_of_events_asks_for_the_whole_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, InotifyFD

    started: list[InotifyFD] = []
    real_start = InotifyFD.start

    def start(self: InotifyFD) -> None:
        started.append(self)
        real_start(self)

    monkeypatch.setattr(InotifyFD, "start", start)
    with watching(folder, False) as (_, mirror):
        lost = InotifyEvent(-1, InotifyConstants.IN_Q_OVERFLOW, 0, b"")  # type: ignore[arg-type]
        started[0].handle_event(lost)
        mirror.wait_for(lambda: mirror.batches == [None])
        (folder / "sub" / "deep" / "d.md").write_text("watched anew")
        mirror.wait_until_true()


@linux_only
def test_folders_moved_and_remade_in_quick_succession_stay_watched(folder: Path) -> None:
    chance = random.Random(7)
    with watching(folder, False) as (watcher, mirror):
        for step in range(400):
            here, there = (
                folder.joinpath(*chance.choices("xyz", k=chance.randint(1, 3))) for _ in "ab"
            )
            with suppress(OSError):
                match chance.randrange(4):
                    case 0 | 1:
                        here.mkdir(parents=True, exist_ok=True)
                        (here / "file.md").write_text(f"step {step}")
                    case 2:
                        shutil.rmtree(here)
                    case _:
                        here.rename(there)
        mirror.wait_until_true()
        for number, path in enumerate(folder.rglob("*.md")):
            path.write_text(f"edit {number}")
        mirror.wait_until_true()
        assert watcher.mode is WatchMode.NATIVE


@linux_only
def test_a_folder_that_could_not_be_watched_is_watched_when_its_permissions_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    real = InotifyFD.add_callback

    def refused(self: InotifyFD, path: bytes, *rest: object) -> object:
        if path.endswith(b"sub"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(InotifyFD, "add_callback", refused)
    with watching(folder, False) as (_, mirror):
        monkeypatch.undo()
        (folder / "sub").chmod(0o755)
        mirror.wait_for(lambda: {"sub"} in mirror.batches)
        (folder / "sub" / "c.md").write_text("edited")
        mirror.wait_until_true()
        (folder / "sub" / "deep" / "d.md").write_text("edited too")
        mirror.wait_until_true()


@linux_only
def test_other_permissions_of_the_folder_itself_are_told(folder: Path) -> None:
    with watching(folder, False) as (_, mirror):
        folder.chmod(0o711)
        mirror.wait_for(lambda: {""} in mirror.batches)
        (folder / "sub" / "deep" / "d.md").write_text("edited")
        mirror.wait_until_true()


def test_a_disk_mounted_in_the_folder_makes_it_look_at_everything(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = [""]
    monkeypatch.setattr(folder_watcher, "read_mounts", lambda: mounts[0])
    with watching(folder, False) as (_, mirror):
        mounts[0] = f"/dev/sdb1 {folder.resolve().as_posix()}/sub ext4 rw 0 0"
        mirror.wait_for(lambda: None in mirror.batches)
        (folder / "a.md").write_text("edited")
        mirror.wait_until_true()


@linux_only
def test_an_observer_that_has_died_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Observer] = []

    def observe(*arguments: object) -> Observer:
        made.append(observing.observe_natively(*arguments))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(folder_watcher, "observe_natively", observe)
    with watching(folder, False) as (watcher, mirror):
        made[0].stop()
        (folder / "a.md").write_text("nobody saw this")
        mirror.wait_until_true()
        assert len(made) == 2
        assert watcher.mode is WatchMode.NATIVE

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from docsearch.domain.document import SourceFile
from docsearch.domain.errors import FolderError, IndexStoreError
from docsearch.domain.progress import Phase
from docsearch.ingest import discover, safe_open
from docsearch.ingest.prepare import TOO_MUCH_MEMORY
from docsearch.ports import ChunkChange, FileContents
from tests.ingest.folders import Workshop, paragraph

APPLE, PEAR, PLUM = paragraph("apple"), paragraph("pear"), paragraph("plum")


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    folder = tmp_path / "notes"
    folder.mkdir()
    return Workshop(folder)


def test_a_folder_becomes_an_index(shop: Workshop) -> None:
    shop.write("a.md", f"{APPLE}\n\n{PEAR}")
    shop.write("sub/b.md", PLUM)
    shop.catch_up()
    assert shop.index() == {"a.md": [APPLE, PEAR], "sub/b.md": [PLUM]}


def test_an_empty_folder_is_ready_at_once(shop: Workshop) -> None:
    shop.catch_up()
    assert shop.index() == {}
    assert shop.reports[-1].phase is Phase.READY


def test_what_has_not_changed_is_not_even_read(shop: Workshop) -> None:
    shop.write("a.md", APPLE)
    shop.write("broken.md", "BROKEN")
    shop.catch_up()
    shop.readers.read_names.clear()
    generation = shop.library.generation
    shop.catch_up()
    assert shop.readers.read_names == []
    assert shop.library.generation == generation


def test_a_move_to_another_folder_embeds_nothing_and_reads_nothing(shop: Workshop) -> None:
    shop.write("a.md", f"{APPLE}\n\n{PEAR}")
    shop.catch_up()
    shop.readers.read_names.clear()
    (shop.folder / "sub").mkdir()
    (shop.folder / "a.md").rename(shop.folder / "sub" / "a.md")
    assert shop.catch_up() == []
    assert shop.readers.read_names == []
    assert shop.index() == {"sub/a.md": [APPLE, PEAR]}


@pytest.mark.parametrize("is_same_file", [True, False], ids=["rename", "copy and delete"])
def test_a_new_name_is_read_again_and_embeds_nothing(shop: Workshop, is_same_file: bool) -> None:
    path = shop.write("a.md", f"{APPLE}\n\n{PEAR}")
    shop.catch_up()
    ids = shop.library.chunk_ids("a.md")
    shop.readers.read_names.clear()
    if is_same_file:
        path.rename(shop.folder / "a.txt")
    else:
        shop.write("a.txt", path.read_bytes())
        path.unlink()
    assert shop.catch_up() == []
    assert shop.readers.read_names == ["a.txt"]
    assert shop.index() == {"a.txt": [APPLE, PEAR]}
    assert shop.library.chunk_ids("a.txt") == ids
    assert shop.library.stale_paths() == set()


def test_a_new_name_that_models_read_makes_new_vectors_of_that_file_alone(shop: Workshop) -> None:
    shop.write("Orchard plan.md", APPLE)
    shop.write("Orchard costs.md", PEAR)
    shop.catch_up()
    (shop.folder / "Orchard plan.md").rename(shop.folder / "Harvest plan.md")
    assert shop.catch_up() == [f"Harvest plan\n{APPLE}"]
    (renamed,) = shop.library.chunks(shop.library.chunk_ids("Harvest plan.md"))
    assert (renamed.chunk.name, renamed.chunk.text) == ("Harvest plan", APPLE)
    (shop.folder / "sub").mkdir()
    (shop.folder / "Harvest plan.md").rename(shop.folder / "sub" / "Harvest plan.md")
    assert shop.catch_up() == []


def test_a_file_that_was_renamed_when_docsearch_was_killed_is_read_again(shop: Workshop) -> None:
    path = shop.write("a.md", APPLE)
    shop.catch_up()
    path.rename(shop.folder / "a.txt")
    shop.catch_up(StopAfter(2))
    assert set(shop.index()) == {"a.txt"}
    shop.readers.read_names.clear()
    shop.catch_up()
    assert shop.readers.read_names == ["a.txt"]


def test_another_file_of_the_same_size_time_and_identity_is_no_move(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.write("a/x.md", APPLE)
    shop.catch_up()
    before = path.stat()
    path.unlink()
    other = shop.write("b/x.md", APPLE.replace("apple", "grape"))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    # Whether the system gives the identity again is up to it.
    real = safe_open.source_of
    monkeypatch.setattr(
        discover,
        "source_of",
        lambda path, found: replace(real(path, found), file_id=(before.st_dev, before.st_ino)),
    )
    shop.catch_up()
    assert shop.index() == {"b/x.md": [APPLE.replace("apple", "grape")]}


def test_an_edit_that_keeps_size_and_time_is_taken_in(shop: Workshop) -> None:
    path = shop.write("a.md", APPLE)
    shop.catch_up()
    before = path.stat()
    path.write_text(APPLE.replace("apple", "grape"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    shop.catch_up()
    assert shop.index() == {"a.md": [APPLE.replace("apple", "grape")]}


def test_a_file_that_changed_just_before_it_was_read_is_looked_at_once_more(
    shop: Workshop,
) -> None:
    shop.age_ns = 0
    shop.write("a.md", APPLE)
    shop.catch_up()
    assert shop.library.files()["a.md"].source.changed_ns == 0
    shop.age_ns = 60_000_000_000
    shop.readers.read_names.clear()
    shop.catch_up()
    generation = shop.library.generation
    assert shop.library.files()["a.md"].source.changed_ns > 0
    shop.catch_up()
    assert shop.readers.read_names == []
    assert shop.library.generation == generation


def test_files_of_an_index_without_times_of_change_are_not_taken_apart_again(
    shop: Workshop,
) -> None:
    shop.write("a.md", APPLE)
    shop.catch_up()
    shop.library.touch_file(replace(shop.library.files()["a.md"].source, changed_ns=0))
    shop.readers.read_names.clear()
    shop.catch_up()
    assert shop.readers.read_names == []
    assert shop.library.files()["a.md"].source.changed_ns > 0


def test_a_rename_between_disks_embeds_nothing(shop: Workshop) -> None:
    original = shop.write("a.md", APPLE)
    shop.catch_up()
    shop.write("b.md", APPLE)
    original.unlink()
    assert shop.catch_up() == []
    assert shop.index() == {"b.md": [APPLE]}


def test_log_rotation_embeds_only_the_new_log(shop: Workshop) -> None:
    for name, text in (("log", APPLE), ("log.1", PEAR), ("log.2", PLUM)):
        shop.write(name, text)
    shop.catch_up()
    (shop.folder / "log.1").replace(shop.folder / "log.2")
    (shop.folder / "log").replace(shop.folder / "log.1")
    shop.write("log", paragraph("fig"))
    assert shop.catch_up() == [paragraph("fig")]
    assert shop.index() == {"log": [paragraph("fig")], "log.1": [APPLE], "log.2": [PEAR]}


def test_two_files_that_trade_names_keep_what_belongs_to_them(shop: Workshop) -> None:
    first, second = shop.write("a.md", APPLE), shop.write("b.md", PEAR)
    shop.catch_up()
    first.rename(shop.folder / "c")
    second.rename(first)
    (shop.folder / "c").rename(second)
    shop.catch_up()
    assert shop.index() == {"a.md": [PEAR], "b.md": [APPLE]}


def test_an_edit_embeds_only_the_chunk_whose_text_changed(shop: Workshop) -> None:
    shop.write("a.md", f"{APPLE}\n\n{PEAR}\n\n{PLUM}")
    shop.catch_up()
    shop.write("a.md", f"{APPLE}\n\n{paragraph('fig', 22)}\n\n{PLUM}")
    assert shop.catch_up() == [paragraph("fig", 22)]
    assert shop.index() == {"a.md": [APPLE, paragraph("fig", 22), PLUM]}


def test_the_same_text_in_many_files_is_embedded_once(shop: Workshop) -> None:
    for number in range(5):
        shop.write(f"{number}.md", APPLE)
    assert shop.catch_up() == [APPLE]
    assert shop.index() == {f"{number}.md": [APPLE] for number in range(5)}


def test_a_touched_file_is_noted_and_not_read_again(shop: Workshop) -> None:
    path = shop.write("a.md", APPLE)
    shop.catch_up()
    os.utime(path, ns=(1, 1))
    shop.readers.read_names.clear()
    shop.catch_up()
    assert shop.readers.read_names == []
    assert shop.library.files()["a.md"].source.modified_ns == 1


def test_an_atomic_replace_is_an_edit(shop: Workshop) -> None:
    path = shop.write("a.md", APPLE)
    shop.catch_up()
    shop.write(".a.md.tmp", PEAR).replace(path)
    shop.apply("a.md")
    assert shop.index() == {"a.md": [PEAR]}


def test_a_named_file_is_read_even_if_size_and_time_stayed(shop: Workshop) -> None:
    path = shop.write("a.md", APPLE)
    shop.catch_up()
    before = path.stat()
    path.write_text(APPLE.replace("apple", "grape"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    shop.apply("a.md")
    assert shop.index() == {"a.md": [APPLE.replace("apple", "grape")]}


@pytest.mark.parametrize("is_known", [True, False], ids=["known name", "new name"])
def test_an_edit_through_one_hard_link_is_an_edit_of_every_name(
    shop: Workshop, is_known: bool
) -> None:
    path = shop.write("a/x.md", APPLE)
    (shop.folder / "b").mkdir()
    other = shop.folder / "b" / "y.md"
    if is_known:
        other.hardlink_to(path)
    shop.catch_up()
    if not is_known:
        other.hardlink_to(path)
    other.write_text(PEAR)
    shop.apply("b/y.md")
    assert shop.index() == {"a/x.md": [PEAR], "b/y.md": [PEAR]}


def test_an_edit_through_a_name_that_is_left_out_is_an_edit_of_the_others(shop: Workshop) -> None:
    path = shop.write("x.md", APPLE)
    (shop.folder / "y.log").hardlink_to(path)
    shop.write(".gitignore", "*.log\n")
    shop.catch_up()
    (shop.folder / "y.log").write_text(PEAR)
    shop.apply("y.log")
    assert shop.index() == {"x.md": [PEAR]}


def test_a_file_that_is_made_readable_through_one_hard_link_is_read_under_every_name(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.write("x.md", APPLE)
    (shop.folder / "y.md").hardlink_to(path)
    monkeypatch.setattr("docsearch.ingest.safe_open._read", _refused)
    shop.catch_up()
    assert {path: "permission" in why for path, why in shop.reasons().items()} == {
        "x.md": True,
        "y.md": True,
    }
    monkeypatch.undo()
    shop.apply("x.md")
    assert shop.index() == {"x.md": [APPLE], "y.md": [APPLE]}


def test_a_file_that_was_made_readable_through_a_name_that_is_gone_is_read_under_the_others(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.write("x.md", APPLE)
    (shop.folder / "y.md").hardlink_to(path)
    monkeypatch.setattr("docsearch.ingest.safe_open._read", _refused)
    shop.catch_up()
    monkeypatch.undo()
    path.unlink()
    shop.apply("x.md")
    assert shop.index() == {"y.md": [APPLE]}


def test_a_file_whose_permission_came_back_unheard_is_looked_at_again(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write("x.md", APPLE)
    (shop.folder / "nowhere.md").symlink_to("/nonexistent")
    with monkeypatch.context() as while_refused:
        while_refused.setattr("docsearch.ingest.safe_open._read", _refused)
        while_refused.setattr(os, "access", lambda *_: False)
        shop.catch_up()
        assert shop.pipeline.look_again_at() == set()
    assert shop.pipeline.look_again_at() == {"x.md"}
    shop.apply(*shop.pipeline.look_again_at())
    assert shop.index() == {"x.md": [APPLE]}
    assert shop.pipeline.look_again_at() == set()


def _refused(_file: int, _most: int) -> bytes:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_an_edit_through_a_hard_link_that_is_deleted_then_is_not_lost(shop: Workshop) -> None:
    path = shop.write("x.md", APPLE)
    other = shop.folder / "y.md"
    other.hardlink_to(path)
    shop.catch_up()
    other.write_text(PEAR)
    other.unlink()
    shop.apply("y.md")
    assert shop.index() == {"x.md": [PEAR]}


def test_a_deleted_file_goes_indexed_or_skipped(shop: Workshop) -> None:
    paths = [shop.write("a.md", APPLE), shop.write("b.md", "BROKEN")]
    shop.catch_up()
    for path in paths:
        path.unlink()
    shop.catch_up()
    assert shop.index() == {}
    assert shop.reasons() == {}


def test_a_bad_file_is_listed_and_the_rest_go_on(shop: Workshop) -> None:
    shop.write("a.md", APPLE)
    shop.write("broken.md", "BROKEN")
    shop.write("bug.md", "BUG")
    shop.write("huge.md", "HUGE")
    shop.write("large.md", "x" * 10_001)
    os.mkfifo(shop.folder / "pipe.md")
    (shop.folder / "nowhere.md").symlink_to("/nonexistent")
    shop.write("z.md", PEAR)
    shop.catch_up()
    assert shop.index() == {"a.md": [APPLE], "z.md": [PEAR]}
    reasons = shop.reasons()
    assert reasons.pop("bug.md").endswith("(ZeroDivisionError: oh); please report it")
    assert reasons == {
        "broken.md": "broken on purpose",
        "huge.md": TOO_MUCH_MEMORY,
        "large.md": "larger than the limit: 0.0 MB of at most 0.01 MB",
        "nowhere.md": "a link to nothing",
        "pipe.md": "a named pipe",
    }


def test_links_within_the_folder_are_listed_neither_with_nor_without_their_targets(
    shop: Workshop,
) -> None:
    path = shop.write("a.md", APPLE)
    (shop.folder / "link.md").symlink_to(path)
    (shop.folder / "later.md").symlink_to(shop.folder / "b.md")
    shop.catch_up()
    path.unlink()
    shop.write("b.md", PEAR)
    shop.apply("a.md", "b.md")
    assert (shop.index(), shop.reasons()) == ({"b.md": [PEAR]}, {})


def test_a_repaired_file_leaves_the_list(shop: Workshop) -> None:
    shop.write("a.md", "BROKEN")
    shop.catch_up()
    shop.write("a.md", APPLE)
    shop.catch_up()
    assert shop.reasons() == {}
    assert shop.index() == {"a.md": [APPLE]}


def rename(path: Path, name: str) -> Path:
    (path.parent / name).parent.mkdir(exist_ok=True)
    return path.rename(path.parent / name)


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def replace_by_the_same(path: Path) -> None:
    path.with_name("draft").write_bytes(path.read_bytes())
    path.with_name("draft").replace(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: rename(path, "other.pdf"),
        lambda path: rename(path, "sub/bad.pdf"),
        lambda path: path.chmod(0o600),
        touch,
        replace_by_the_same,
    ],
    ids=["rename", "move", "chmod", "touch", "save as it is"],
)
@pytest.mark.parametrize("age", [0, 60_000_000_000], ids=["new", "old"])
def test_a_file_that_broke_is_not_tried_again_while_its_bytes_are_the_same(
    shop: Workshop, change: Callable[[Path], Path | None], age: int
) -> None:
    shop.age_ns = age
    path = shop.write("bad.pdf", "BROKEN")
    shop.catch_up()
    shop.readers.read_names.clear()
    where = change(path) or path
    for _ in range(2):
        shop.catch_up()
        assert shop.reasons() == {where.relative_to(shop.folder).as_posix(): "broken on purpose"}
    shop.apply(where.relative_to(shop.folder).as_posix())
    assert shop.readers.read_names == []


def test_a_file_that_broke_is_tried_again_where_its_name_its_bytes_or_a_reader_is_another(
    shop: Workshop,
) -> None:
    path = shop.write("bad.pdf", "BROKEN")
    shop.catch_up()
    path = path.rename(shop.folder / "bad.md")
    shop.catch_up()
    assert shop.readers.read_names == ["bad.pdf", "bad.md"]
    shop.library.stale.add("bad.md")
    shop.catch_up()
    assert shop.readers.read_names[2:] == ["bad.md"]
    other = shop.write("sub/bad.md", "BUGBUG")
    before = path.stat()
    other.replace(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    shop.catch_up()
    assert shop.readers.read_names[3:] == ["bad.md"]
    path.write_text(APPLE)
    shop.catch_up()
    assert shop.index() == {"bad.md": [APPLE]}
    assert shop.reasons() == {}


def test_another_file_under_the_identity_of_one_that_broke_is_read(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.write("a/x.md", "BROKEN")
    shop.catch_up()
    before = path.stat()
    path.unlink()
    other = shop.write("b/x.md", "fig-ok")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    real = safe_open.source_of
    monkeypatch.setattr(
        discover,
        "source_of",
        lambda path, found: replace(real(path, found), file_id=(before.st_dev, before.st_ino)),
    )
    shop.catch_up()
    assert shop.index() == {"b/x.md": ["fig-ok"]}
    assert shop.reasons() == {}


def test_a_file_that_may_be_read_again_is_read(plain_folder: Path) -> None:
    shop = Workshop(plain_folder)
    path = shop.write("a.md", APPLE)
    path.chmod(0o000)
    shop.catch_up()
    assert shop.reasons() == {"a.md": "cannot be read: permission denied"}
    path.chmod(0o600)
    shop.catch_up()
    assert shop.index() == {"a.md": [APPLE]}


def test_an_indexed_file_that_breaks_or_grows_too_large_leaves_the_index(shop: Workshop) -> None:
    shop.write("a.md", APPLE)
    shop.write("b.md", PEAR)
    shop.catch_up()
    shop.write("a.md", "BROKEN")
    shop.write("b.md", "x" * 20_000)
    shop.catch_up()
    assert shop.index() == {}
    assert set(shop.reasons()) == {"a.md", "b.md"}


def test_names_of_any_bytes_are_indexed(shop: Workshop) -> None:
    names = ["line\nbreak.md", os.fsdecode(b"\xff\xfe.md"), "\x1b[31mred.md", " space "]
    for name in names:
        shop.write(name, paragraph(f"w{names.index(name)}"))
    shop.catch_up()
    assert set(shop.index()) == set(names)


def test_text_that_cannot_be_stored_is_made_storable(shop: Workshop) -> None:
    shop.write("a.md", b"broken \xff byte")
    shop.catch_up()
    assert shop.index() == {"a.md": ["broken \N{REPLACEMENT CHARACTER} byte"]}


def test_ignored_files_are_no_faults_and_leave_when_a_rule_comes(shop: Workshop) -> None:
    shop.write("a.md", APPLE)
    shop.write("b.log", PEAR)
    shop.catch_up()
    shop.write(".gitignore", "*.log\n")
    shop.apply(".gitignore")
    assert shop.index() == {"a.md": [APPLE]}
    assert shop.reasons() == {}
    shop.write(".docsearchignore", "!b.log\n")
    shop.apply(".docsearchignore")
    assert set(shop.index()) == {"a.md", "b.log"}


def test_stale_files_are_made_again_without_embedding_what_is_known(shop: Workshop) -> None:
    shop.write("a.md", APPLE)
    shop.write("b.md", PEAR)
    shop.write("broken.md", "BROKEN")
    shop.catch_up()
    shop.library.stale = {"a.md", "broken.md"}
    shop.readers.read_names.clear()
    assert shop.catch_up() == []
    assert sorted(shop.readers.read_names) == ["a.md", "broken.md"]
    assert shop.library.stale == set()


def test_a_batch_of_changes_takes_in_folders_moved_in_and_out(shop: Workshop) -> None:
    shop.write("in/a.md", APPLE)
    shop.write("in/deep/b.md", PEAR)
    shop.catch_up()
    shutil.copytree(shop.folder / "in", shop.folder / "copy")
    shutil.rmtree(shop.folder / "in")
    shop.write("unseen.md", PLUM)
    assert shop.apply("in", "copy") == []
    assert shop.index() == {"copy/a.md": [APPLE], "copy/deep/b.md": [PEAR]}


def test_a_batch_without_paths_looks_through_the_whole_folder(shop: Workshop) -> None:
    shop.write("a.md", APPLE)
    shop.pipeline.apply(None, lambda: False, shop.reports.append)
    assert shop.index() == {"a.md": [APPLE]}


def test_changes_of_ignored_and_unknown_paths_change_nothing(shop: Workshop) -> None:
    shop.write(".git/index", "x")
    shop.write("build/a.md", APPLE)
    shop.write(".gitignore", "build\n")
    shop.catch_up()
    generation = shop.library.generation
    shop.apply(".git/index", "build/a.md", "never/was.md")
    assert shop.library.generation == generation
    assert shop.index() == {}


class StopAfter:
    """Says stop from the n-th question on."""

    def __init__(self, questions: int) -> None:
        self.left = questions

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_stopping_anywhere_loses_nothing_and_the_next_run_completes(tmp_path: Path) -> None:
    whole = Workshop(tmp_path)
    for number in range(40):
        whole.write(f"{number}.md", f"{paragraph(f'w{number}')}\n\n{paragraph(f'v{number}')}")
    whole.write("bad.md", "BROKEN")
    whole.catch_up()
    stopped_midway = 0
    for questions in range(0, 130, 10):
        shop = Workshop(tmp_path)
        shop.catch_up(StopAfter(questions))
        committed = shop.index()
        assert committed.items() <= whole.index().items()
        stopped_midway += shop.reports[-1].phase is Phase.STOPPED and bool(committed)
        known = {text for texts in committed.values() for text in texts}
        assert known.isdisjoint(shop.catch_up())
        assert shop.index() == whole.index()
        assert shop.reasons() == whole.reasons()
    assert stopped_midway


def test_a_file_that_vanishes_before_it_is_read_is_no_fault(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write("a.md", APPLE)
    shop.catch_up()
    shop.write("a.md", PEAR)

    def look_then_delete(*arguments: object) -> list[object]:
        found: list[object] = list(discover.look(*arguments))  # type: ignore[arg-type]
        (shop.folder / "a.md").unlink()
        return found

    monkeypatch.setattr("docsearch.ingest.pipeline.look", look_then_delete)
    shop.catch_up()
    assert shop.index() == {}
    assert shop.reasons() == {}


def test_files_that_are_embedded_together_are_put_in_together(shop: Workshop) -> None:
    for number in range(12):
        shop.write(f"{number}.md", paragraph(f"w{number}"))
    shop.catch_up()
    assert len(shop.index()) == 12
    assert shop.library.generation == 1


def test_a_file_that_cannot_be_put_in_costs_no_other(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_files = shop.library.put_files

    def full(files: Sequence[FileContents]) -> ChunkChange:
        if any(file.source.path == "5.md" for file in files):
            raise IndexStoreError("The disk is full.")
        return put_files(files)

    for number in range(12):
        shop.write(f"{number}.md", paragraph(f"w{number}"))
    monkeypatch.setattr(shop.library, "put_files", full)
    with pytest.raises(IndexStoreError, match="full"):
        shop.catch_up()
    assert set(shop.index()) == {f"{number}.md" for number in range(12) if number != 5}
    monkeypatch.undo()
    assert shop.catch_up() == [paragraph("w5")]


def test_a_missing_folder_keeps_the_index(shop: Workshop) -> None:
    shop.write("a.md", APPLE)
    shop.catch_up()
    shop.folder.rename(shop.folder.with_name("away"))
    with pytest.raises(FolderError):
        shop.catch_up()
    with pytest.raises(FolderError):
        shop.apply("a.md")
    assert shop.index() == {"a.md": [APPLE]}


def test_a_folder_that_is_unmounted_during_the_scan_keeps_the_index(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write("a.md", APPLE)
    shop.catch_up()

    def look_at_nothing(*arguments: object) -> list[SourceFile]:
        shop.folder.rename(shop.folder.with_name("away"))
        shop.folder.mkdir()
        return []

    monkeypatch.setattr("docsearch.ingest.pipeline.look", look_at_nothing)
    with pytest.raises(FolderError):
        shop.catch_up()
    assert shop.index() == {"a.md": [APPLE]}


def test_progress_counts_up_to_the_whole(shop: Workshop) -> None:
    for number in range(40):
        shop.write(f"{number}.md", paragraph(f"w{number}"))
    shop.write("bad.md", "BROKEN")
    shop.catch_up()
    phases = [each.phase for each in shop.reports]
    assert phases[0] is Phase.SCANNING
    assert phases[-1] is Phase.READY
    assert set(phases[1:-1]) == {Phase.INDEXING}
    done = [each.files_done for each in shop.reports]
    assert done == sorted(done)
    last = shop.reports[-1]
    assert (last.files_done, last.files_total) == (41, 41)
    assert (last.chunks_done, last.chunks_embedded) == (40, 40)
    assert (last.files, last.chunks, last.skipped) == (40, 40, 1)
    assert last.generation == shop.library.generation
    assert any(each.chunks_per_second and each.seconds_left for each in shop.reports)


def test_the_newest_file_is_indexed_first(shop: Workshop) -> None:
    for number, name in enumerate(["old.md", "new.md", "middle.md"]):
        age = {"old.md": 1, "middle.md": 2, "new.md": 3}[name]
        os.utime(shop.write(name, paragraph(f"w{number}")), ns=(age, age))
    shop.catch_up()
    assert shop.readers.read_names == ["new.md", "middle.md", "old.md"]


def test_a_file_that_keeps_changing_is_listed_and_taken_in_later(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.write("a.md", APPLE)
    monkeypatch.setattr("docsearch.ingest.safe_open._read", lambda file, most: _grow(path, file))
    shop.catch_up()
    assert "kept changing" in shop.reasons()["a.md"]
    monkeypatch.undo()
    shop.catch_up()
    assert shop.reasons() == {}
    assert list(shop.index()) == ["a.md"]


def _grow(path: Path, file: int) -> bytes:
    data = os.read(file, 10_000)
    with path.open("ab") as stream:
        stream.write(b" more")
    return data

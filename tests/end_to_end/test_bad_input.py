"""The real command on folders nobody would make on purpose: a reason, an exit code, no harm."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from docsearch.readers.archive import MAX_RATIO, RATIO_COUNTS_FROM_BYTES
from tests.cli.command import Ended, Home
from tests.readers import samples

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")
GIGABYTE = 1_000_000_000
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x9b31m\u202egnp.exe"
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "docx": samples.docx,
    "odt": samples.odt,
    "epub": samples.epub,
}
BOMB = "unsafe archive: it unpacks to over 100 times its size (zip bomb)"
REASONS = {
    "zero.pdf": "empty file",
    "broken.pdf": "broken PDF: it cannot be opened",
    "encrypted.pdf": "encrypted PDF: it opens with a password only",
    **{f"bomb.{kind}": BOMB for kind in ARCHIVES},
    **{
        f"{name}.{kind}": f"unsafe archive: member name '{member}' leads out of it"
        for kind in ARCHIVES
        for name, member in (("absolute", "/etc/passwd"), ("dots", "../../up.xml"))
    },
    "gigabyte.txt": "larger than the limit: 1000.0 MB of at most 20 MB",
    "self": "a link that cannot be followed: too many levels of symbolic links",
    "out": "a link out of the folder",
    "out.md": "a link out of the folder",
    "pipe": "a named pipe",
}
ANIMALS = {
    "odd\nname.md": "walrus",
    "bad\udcff\udcfe.md": "zebra",
    "esc\x1b[31m\x1b]0;owned\x07.md": "ostrich",
    "escapes.md": "flamingo",
    "latin.txt": "Bär",
    "invalid.txt": "okapi",
    "nul.txt": "heron",
}
IGNORED = {
    ".gitignore": "hidden: its name starts with a dot",
    ".docsearchignore": "hidden: its name starts with a dot",
    "a.log": "ignored by .gitignore, line 1",
    "build/": "ignored by .gitignore, line 2",
    "keep.log": "ignored by .docsearchignore, line 1",
    "sub/.gitignore": "hidden: its name starts with a dot",
    "sub/b.tmp": "ignored by sub/.gitignore, line 2",
    "round": "a link inside the folder; its target is indexed",
    "nothing": "a link to nothing",
}


@dataclass(frozen=True)
class Indexed:
    """A folder, the home of whoever indexed it, and how that ended."""

    home: Home
    folder: Path
    ended: Ended

    def call(self, *words: str) -> Ended:
        ended = self.home.call(*words, cwd=self.folder)
        assert "Traceback" not in ended.err
        assert not CONTROLS.search(ended.out + ended.err)
        return ended


def test_indexing_ends_well(hostile: Indexed) -> None:
    assert hostile.ended.code == 0, hostile.ended.err
    assert "Traceback" not in hostile.ended.err
    assert not CONTROLS.search(hostile.ended.out + hostile.ended.err)
    told = f"{len(ANIMALS) + 1} files and {len(ANIMALS) + 1} chunks are indexed"
    assert hostile.ended.out.startswith(f"{told}, {len(REASONS)} files skipped.\n")


def test_what_was_skipped_is_listed_with_its_reason_and_nothing_is_left_to_do(
    hostile: Indexed,
) -> None:
    data = json.loads(hostile.call("status", ".", "--json", "--show-ignored").out)
    assert {each["path"]: each["reason"] for each in data["skipped"]} == REASONS
    assert {each["path"]: each["reason"] for each in data["ignored"]} == IGNORED
    assert set(data["to_do"].values()) == {0}
    shown = hostile.call("status", ".").out
    assert "to do    nothing, the index is up to date" in shown
    assert "  bomb.docx: unsafe archive" in shown
    assert "a.log" not in shown


def test_what_can_be_read_is_found_and_has_no_power(hostile: Indexed) -> None:
    asked = ("query", ".", "--no-index", "--source", "bm25", "--reranker", "none")
    animals = " ".join(ANIMALS.values())
    data = json.loads(hostile.call(*asked, "--json", animals).out)
    assert {hit["path"] for hit in data["hits"]} == set(ANIMALS)
    assert hostile.call(*asked, animals).out.count("\n") == 1 + len(ANIMALS)


def test_the_embedding_model_takes_a_query_of_100_000_hostile_characters(hostile: Indexed) -> None:
    typed = ('🦩" AND NEAR( * ^ \x1b[2J\udcff ' * 5000)[:100_000]
    ended = hostile.call("query", ".", "--no-index", "--reranker", "none", "--json", "--", typed)
    assert ended.code == 0, ended.err
    assert len(json.loads(ended.out)["hits"]) == len(ANIMALS) + 1


def test_an_empty_folder_is_no_error(tmp_path: Path, home: Home) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = home.call("index", str(empty))
    assert (ended.code, ended.out.splitlines()[0]) == (
        *(0, "0 files and 0 chunks are indexed, 0 files skipped."),
    )
    ended = home.call("query", str(empty), "walrus", "--source", "bm25")
    assert (ended.code, ended.out) == (0, "")
    assert "Nothing found." in ended.err


def test_no_name_is_not_the_folder_one_is_in(home: Home) -> None:
    ended = home.call("index", "")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "Folder: The folder's name is empty; a dot is the current directory.\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    base = tmp_path_factory.mktemp("hostile")
    home, folder = Home(base / "home"), base / "folder"
    home.folder.mkdir()
    folder.mkdir()
    _write_documents(folder)
    _write_traps(folder)
    _write_rules(folder)
    return Indexed(home, folder, home.run("index", str(folder)))


def _write_documents(folder: Path) -> None:
    for name, animal in ANIMALS.items():
        text = f"Nobody expected the {animal} to sleep here.\n"
        (folder / name).write_bytes(text.encode("latin-1" if name == "latin.txt" else "utf-8"))
    with (folder / "escapes.md").open("a") as file:
        file.write(f"\n# {ESCAPES}\n\n{ESCAPES} flamingo\n")
    with (folder / "invalid.txt").open("ab") as file:
        file.write(b"\xc3\x28 \xf0\x9f plain words again, and enough of them\n")


def _write_traps(folder: Path) -> None:
    (folder / "zero.pdf").touch()
    (folder / "broken.pdf").write_bytes(samples.pdf()[:400])
    (folder / "encrypted.pdf").write_bytes(samples.pdf(password="secret"))
    (folder / "nul.txt").write_bytes(b"a heron with a NUL\0 in it\n")
    for kind, make in ARCHIVES.items():
        _write_with(folder / f"absolute.{kind}", make(), "/etc/passwd", b"x")
        _write_with(folder / f"dots.{kind}", make(), "../../up.xml", b"<x/>")
        spaces = b" " * (RATIO_COUNTS_FROM_BYTES + MAX_RATIO * 200_000)
        _write_with(folder / f"bomb.{kind}", make(), "word/more.xml", b"<a>" + spaces + b"</a>")
    with (folder / "gigabyte.txt").open("wb") as file:
        file.truncate(GIGABYTE)
    (folder / "self").symlink_to("self")
    (folder / "round").symlink_to(folder)
    (folder / "nothing").symlink_to("nowhere")
    (folder / "out").symlink_to(folder.parent)
    secret = folder.parent / "secret.md"
    secret.write_text("The walrus of another.\n")
    (folder / "out.md").symlink_to(secret)
    os.mkfifo(folder / "pipe")


def _write_with(path: Path, whole: bytes, member: str, content: bytes) -> None:
    path.write_bytes(whole)
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr(member, content)


def _write_rules(folder: Path) -> None:
    for name, text in {
        ".gitignore": "*.log\nbuild/\n!keep.log\n",
        ".docsearchignore": "keep.log\n",
        "a.log": "walrus",
        "keep.log": "walrus",
        "build/a.md": "walrus",
        "sub/.gitignore": "!a.log\n*.tmp\n",
        "sub/a.log": "A log that a deeper rule keeps.\n",
        "sub/b.tmp": "walrus",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from docsearch.domain.document import Skipped, SourceFile
from docsearch.domain.errors import FolderError
from docsearch.ingest.areas import areas_of, is_within, may_matter
from docsearch.ingest.discover import look, require_folder, scan

LIMIT = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


def write(folder: Path, path: str, text: str = "text") -> Path:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    return target


def files(folder: Path) -> list[str]:
    return [each.path for each in scan(folder, LIMIT) if isinstance(each, SourceFile)]


def skipped(folder: Path, ignored: bool = False) -> dict[str, str]:
    entries = [each for each in scan(folder, LIMIT) if isinstance(each, Skipped)]
    return {each.path: each.reason for each in entries if each.ignored is ignored}


class TestFolder:
    def test_a_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(FolderError, match=r"There is no folder .*gone"):
            require_folder(tmp_path / "gone")

    def test_a_file_in_place_of_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(FolderError, match="is a file"):
            require_folder(write(tmp_path, "a.md"))

    def test_a_loop_of_links_in_place_of_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to("loop")
        with pytest.raises(FolderError, match="cannot be read"):
            require_folder(tmp_path / "loop")

    def test_an_unreadable_folder(self, plain_folder: Path) -> None:
        inner = plain_folder / "closed"
        inner.mkdir(mode=0o000)
        with pytest.raises(FolderError, match="permission denied"):
            require_folder(inner)

    def test_a_link_to_a_folder_is_that_folder(self, folder: Path) -> None:
        (folder.parent / "link").symlink_to(folder)
        assert require_folder(folder.parent / "link") == folder.resolve()

    def test_an_empty_folder_has_no_files(self, folder: Path) -> None:
        assert list(scan(folder, LIMIT)) == []


class TestScan:
    def test_files_come_with_size_time_and_identity(self, folder: Path) -> None:
        status = write(folder, "sub/a.md", "12345").stat()
        identity = (status.st_dev, status.st_ino)
        assert list(scan(folder, LIMIT)) == [
            SourceFile("sub/a.md", 5, status.st_mtime_ns, identity, status.st_ctime_ns)
        ]

    def test_names_of_any_bytes_lead_back_to_the_file(self, folder: Path) -> None:
        names = [b"line\nbreak", b"\xff\xfe", b"\x1b[31m", b" ", "ü".encode()]
        for name in names:
            (folder / os.fsdecode(name)).touch()
        assert {os.fsencode(path) for path in files(folder)} == set(names)

    def test_hidden_names_are_left_out(self, folder: Path) -> None:
        for path in (".hidden.md", ".git/config", "sub/.cache/a.md", "a.md"):
            write(folder, path)
        assert files(folder) == ["a.md"]
        assert set(skipped(folder, ignored=True)) == {".hidden.md", ".git/", "sub/.cache/"}

    def test_a_large_file_is_a_fault(self, folder: Path) -> None:
        write(folder, "a.md", "x" * 1000)
        write(folder, "b.md", "x" * 1001)
        assert files(folder) == ["a.md"]
        assert skipped(folder) == {"b.md": "larger than the limit: 0.0 MB of at most 0.001 MB"}

    def test_pipes_and_sockets_are_never_opened(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        os.mkfifo(folder / "pipe.md")
        os.mkfifo(folder / ".gitignore")
        monkeypatch.chdir(folder)
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind("socket.md")
        rules = "its rules cannot be read (not a regular file): what they leave out is searched"
        assert skipped(folder) == {
            ".gitignore": rules,
            "pipe.md": "a named pipe",
            "socket.md": "a socket",
        }

    def test_links_are_not_followed(self, folder: Path) -> None:
        write(folder, "a.md")
        write(folder.parent, "outside/secret.md")
        links = {
            "inside.md": folder / "a.md",
            "out.md": folder.parent / "outside" / "secret.md",
            "outdir": folder.parent / "outside",
            "up": folder.parent,
            "round": folder,
            "nothing.md": folder / "missing",
            "nowhere.md": folder.parent / "missing",
            "loop": folder / "loop",
        }
        for name, target in links.items():
            (folder / name).symlink_to(target)
        assert files(folder) == ["a.md"]
        assert skipped(folder) == {
            "out.md": "a link out of the folder",
            "outdir": "a link out of the folder",
            "up": "a link out of the folder",
            "nowhere.md": "a link to nothing",
            "loop": "a link that cannot be followed: too many levels of symbolic links",
        }
        assert set(skipped(folder, ignored=True)) == {"inside.md", "round", "nothing.md"}

    def test_of_a_chain_of_links_the_one_that_leads_out_is_listed(self, folder: Path) -> None:
        # What the others lead to changes without an event at them.
        folder.joinpath("end.md").symlink_to(folder.parent / "missing")
        folder.joinpath("d").symlink_to(folder.parent)
        for name, step in (("1.md", "end.md"), ("2.md", "1.md"), ("3.md", "d/x.md")):
            folder.joinpath(name).symlink_to(step)
        folder.joinpath("ring").symlink_to("rung")
        folder.joinpath("rung").symlink_to("ring")
        assert skipped(folder) == {
            "end.md": "a link to nothing",
            "d": "a link out of the folder",
        }
        assert set(skipped(folder, ignored=True)) == {"1.md", "2.md", "3.md", "ring", "rung"}

    def test_unreadable_folders_are_listed_and_the_rest_goes_on(self, plain_folder: Path) -> None:
        write(plain_folder, "a.md")
        write(plain_folder, "closed/b.md")
        write(plain_folder, "blind/c.md")
        (plain_folder / "closed").chmod(0o000)
        (plain_folder / "blind").chmod(0o400)
        found, faults = files(plain_folder), skipped(plain_folder)
        (plain_folder / "closed").chmod(0o700)
        (plain_folder / "blind").chmod(0o700)
        assert found == ["a.md"]
        assert faults == {
            "closed/": "the folder cannot be read: permission denied",
            "blind/c.md": "cannot be read: permission denied",
        }

    def test_a_folder_deeper_than_the_stack_is_walked(self, folder: Path) -> None:
        depth, at = 1200, os.open(folder, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir("d", dir_fd=at)
            inner = os.open("d", os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = inner
        os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=at))
        os.close(at)
        assert files(folder) == ["d/" * depth + "a.md"]
        # Whoever clears up after the tests may not be able to go so deep.
        (folder / ("d/" * depth) / "a.md").unlink()
        for level in range(depth, 0, -1):
            (folder / ("d/" * level)).rmdir()


class TestRules:
    def test_the_rule_that_left_a_file_out_is_told(self, folder: Path) -> None:
        write(folder, ".gitignore", "# logs\n*.log\nbuild/\n")
        write(folder, "sub/.docsearchignore", "draft*\n")
        for path in ("a.log", "build/x.md", "sub/draft.md", "sub/a.md", "build.md"):
            write(folder, path)
        assert files(folder) == ["build.md", "sub/a.md"]
        ignored = skipped(folder, ignored=True)
        assert ignored["a.log"] == "ignored by .gitignore, line 2"
        assert ignored["build/"] == "ignored by .gitignore, line 3"
        assert ignored["sub/draft.md"] == "ignored by sub/.docsearchignore, line 1"

    def test_a_deeper_rule_overrides_but_raises_no_dead(self, folder: Path) -> None:
        write(folder, ".gitignore", "*.log\nbuild/\n")
        write(folder, "sub/.gitignore", "!keep.log\n")
        write(folder, "build/.gitignore", "!*\n")
        for path in ("sub/keep.log", "sub/other.log", "keep.log", "build/keep.log"):
            write(folder, path)
        assert files(folder) == ["sub/keep.log"]

    def test_docsearchignore_has_the_last_word(self, folder: Path) -> None:
        write(folder, "sub/.gitignore", "*.csv\n")
        write(folder, ".docsearchignore", "!*.csv\n*.tmp\n")
        for path in ("sub/a.csv", "sub/a.tmp"):
            write(folder, path)
        assert files(folder) == ["sub/a.csv"]

    def test_rule_files_of_odd_bytes_and_line_ends(self, folder: Path) -> None:
        rules = b"\xef\xbb\xbf*.log\r\n\xff.md\n[broken\n\\\ntrailing.md   \n"
        (folder / ".gitignore").write_bytes(rules)
        for path in ("a.log", os.fsdecode(b"\xff.md"), "trailing.md", "a.md"):
            write(folder, path)
        assert files(folder) == ["a.md"]


class TestLook:
    @pytest.fixture
    def tree(self, folder: Path) -> Path:
        write(folder, ".gitignore", "build/\n*.log\n")
        for path in ("a.md", "a.log", "sub/b.md", "sub/deep/c.md", "build/d.md", ".git/e"):
            write(folder, path)
        return folder

    @pytest.mark.parametrize(
        "area", ["", "a.md", "a.log", "sub", "sub/deep", "sub/deep/c.md", "gone", "a.md/gone"]
    )
    def test_it_sees_what_a_scan_sees_there(self, tree: Path, area: str) -> None:
        whole = [each for each in scan(tree, LIMIT) if is_within(each.path, {area})]
        assert list(look(tree, {area}, LIMIT)) == whole

    @pytest.mark.parametrize("area", ["build/d.md", ".git/e", ".git", "link/b.md"])
    def test_it_finds_no_file_that_a_scan_does_not_find(self, tree: Path, area: str) -> None:
        (tree / "link").symlink_to(tree / "sub")
        assert [each for each in look(tree, {area}, LIMIT) if isinstance(each, SourceFile)] == []


class TestAreas:
    def test_a_path_below_another_goes_with_it(self) -> None:
        assert areas_of({"a", "a/b", "ab", "c/d"}) == {"a", "ab", "c/d"}

    def test_a_rule_file_stands_for_its_folder(self) -> None:
        assert areas_of({"sub/.gitignore", "sub/a.md", "b.md"}) == {"sub", "b.md"}
        assert areas_of({".docsearchignore", "b.md"}) == {""}

    @pytest.mark.parametrize(
        ("path", "inside"),
        [("a", True), ("a/b/c", True), ("a/", True), ("ab", False), ("b", False)],
    )
    def test_what_is_within(self, path: str, inside: bool) -> None:
        assert is_within(path, {"a", "x"}) is inside
        assert is_within(path, {""})

    @pytest.mark.parametrize(
        ("path", "matters"),
        [
            ("a/b.md", True),
            (".git/index", False),
            ("a/.cache/b.md", False),
            ("a/.hidden.md", False),
            ("a/.gitignore", True),
            (".docsearchignore", True),
            (".git/.gitignore", False),
        ],
    )
    def test_what_may_matter(self, path: str, matters: bool) -> None:
        assert may_matter(path) is matters

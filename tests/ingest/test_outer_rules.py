"""Rule files outside of the searched folder, and rule files that cannot be read."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from docsearch.domain.document import Skipped, SourceFile
from docsearch.ingest.discover import MAX_RULE_FILE_BYTES, scan
from docsearch.ingest.outer_rules import state_of_outer_rules
from docsearch.ingest.safe_open import NotReadableError, RawRead, read_regular


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    repository = tmp_path / "repository"
    for folder in (".git/info", "docs/guide"):
        (repository / folder).mkdir(parents=True)
    for name in ("a.md", "b.log", "guide/c.md", "guide/d.tmp", "guide/e.bak"):
        (repository / "docs" / name).write_text("text")
    return repository


def files(folder: Path) -> set[str]:
    return {each.path for each in scan(folder, 1000) if isinstance(each, SourceFile)}


def faults(folder: Path) -> dict[str, str]:
    found = scan(folder, 1000)
    return {
        each.path: each.reason for each in found if isinstance(each, Skipped) and not each.ignored
    }


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_rule_files_above_count_up_to_the_repository(repository: Path) -> None:
    write(repository.parent / ".gitignore", "*.md\n")
    write(repository / ".gitignore", "*.log\n/docs/guide/*.tmp\n/guide\n")
    write(repository / "docs" / ".gitignore", "!b.log\n")
    assert files(repository / "docs") == {"a.md", "b.log", "guide/c.md", "guide/e.bak"}
    assert files(repository / "docs" / "guide") == {"c.md", "e.bak"}


def test_the_repositorys_own_exclusions_and_the_users_count_and_weigh_less(
    repository: Path, tmp_path: Path
) -> None:
    write(repository / ".git" / "info" / "exclude", "*.log\n*.tmp\n")
    write(tmp_path / "home" / "my ignores", "*.bak\n")
    write(tmp_path / "home" / ".gitconfig", "[core]\n\texcludesFile = ~/my ignores\n")
    write(repository / ".gitignore", "!*.tmp\n")
    assert files(repository / "docs") == {"a.md", "guide/c.md", "guide/d.tmp"}
    (tmp_path / "home" / ".gitconfig").unlink()
    write(tmp_path / "home" / ".config" / "git" / "ignore", "c.*\n")
    assert files(repository) == {"docs/a.md", "docs/guide/d.tmp", "docs/guide/e.bak"}


def test_a_work_tree_has_its_exclusions_in_the_repository(repository: Path, tmp_path: Path) -> None:
    write(repository / ".git" / "info" / "exclude", "*.log\n")
    write(repository / ".git" / "worktrees" / "x" / "commondir", "../..\n")
    tree = tmp_path / "tree"
    write(tree / ".git", f"gitdir: {repository}/.git/worktrees/x\n")
    write(tree / "a.md", "text")
    write(tree / "b.log", "text")
    assert files(tree) == {"a.md"}


def test_the_repositorys_own_configuration_names_no_file(repository: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "*.md\n")
    write(repository / ".git" / "config", f"[core]\n\texcludesFile = {tmp_path}/elsewhere\n")
    before = state_of_outer_rules(repository)
    assert "docs/a.md" in files(repository)
    (tmp_path / "elsewhere").unlink()
    assert state_of_outer_rules(repository) == before


def test_of_two_files_that_the_user_names_the_last_counts(repository: Path, tmp_path: Path) -> None:
    write(tmp_path / "home" / "last", "*.bak\n")
    named = "[core]\nexcludesFile = ~/first\n[core]\nexcludesFile = ~/last\n"
    write(tmp_path / "home" / ".gitconfig", named)
    write(tmp_path / "home" / "first", "*.md\n")
    assert files(repository / "docs" / "guide") == {"c.md", "d.tmp"}


@pytest.mark.parametrize(
    "named",
    ["a\0b", "a/" * 450_000, "\udcff", "x" * 5000, "/dev/zero"],
    ids=["nul", "deep", "not UTF-8", "long", "device"],
)
def test_a_folder_whose_git_file_names_no_place_is_searched(tmp_path: Path, named: str) -> None:
    (tmp_path / ".git").write_bytes(b"gitdir: " + named.encode("utf-8", "surrogateescape"))
    write(tmp_path / "a.md", "text")
    assert "a.md" in files(tmp_path)
    assert len(repr(state_of_outer_rules(tmp_path))) < 10_000


def test_a_configuration_with_a_nul_names_no_file(repository: Path, tmp_path: Path) -> None:
    write(tmp_path / "home" / ".gitconfig", "[core]\n\texcludesFile = a\0b\n")
    assert "a.md" in files(repository / "docs")


def test_outside_of_a_repository_nothing_above_counts(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "*.md\n")
    write(tmp_path / "notes" / "a.md", "text")
    assert files(tmp_path / "notes") == {"a.md"}
    assert state_of_outer_rules(tmp_path / "notes") == ()


def test_their_edits_can_be_told(repository: Path) -> None:
    states = [state_of_outer_rules(repository / "docs")]
    write(repository / ".gitignore", "*.log\n")
    states.append(state_of_outer_rules(repository / "docs"))
    write(repository / ".git" / "info" / "exclude", "*.log\n")
    states.append(state_of_outer_rules(repository / "docs"))
    assert len(set(states)) == 3
    assert state_of_outer_rules(repository / "docs") == states[-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rules_are_read_in_the_encoding_that_their_mark_names(
    tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "Größe.md").write_text("text")
    (tmp_path / ".gitignore").write_bytes("Größe.md\n".encode(encoding))
    assert files(tmp_path) == set()
    assert faults(tmp_path) == {}


def test_rules_that_cannot_be_read_are_a_fault(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text")
    write(tmp_path / ".gitignore", "a.md\n" + "#" * MAX_RULE_FILE_BYTES)
    write(tmp_path / "sub" / ".rules", "a.md\n")
    (tmp_path / "sub" / ".docsearchignore").symlink_to(".rules")
    assert files(tmp_path) == {"a.md"}
    said = "its rules cannot be read ({}): what they leave out is searched"
    assert faults(tmp_path) == {
        ".gitignore": said.format("larger than the limit"),
        "sub/.docsearchignore": said.format("a link"),
    }


def test_rules_without_permission_are_a_fault(plain_folder: Path) -> None:
    write(plain_folder / ".gitignore", "a.md\n")
    (plain_folder / ".gitignore").chmod(0o000)
    assert "permission denied" in faults(plain_folder)[".gitignore"]


def test_a_failing_disk_under_the_users_rules_leads_nowhere_out_of_the_folder(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "home" / "ignores", "*.md\n")
    write(tmp_path / "home" / ".gitconfig", "[core]\nexcludesFile = ~/ignores\n")

    def failing(folder: Path, path: str, limit: int) -> RawRead:
        if path == "ignores":
            raise NotReadableError("input/output error") from OSError(errno.EIO, "")
        return read_regular(folder, path, limit)

    monkeypatch.setattr("docsearch.ingest.discover.read_regular", failing)
    skipped = [each for each in scan(repository, 1000) if isinstance(each, Skipped)]
    outside = {each.path: each for each in skipped}[str(tmp_path / "home" / "ignores")]
    assert outside.reason.startswith("its rules cannot be read (input/output error)")
    assert not outside.may_pass

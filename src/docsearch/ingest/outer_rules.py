"""The rule files outside of the searched folder that git would go by in it.

In: a folder. Out: where they are, the lightest first, and a state that changes when one of them
does. As in git: within a repository, the rule files of the folders above up to the repository's,
its `info/exclude`, and the file that `core.excludesFile` names in the configuration of the user or
the system. The repository's own comes with the folder, which is not trusted to name files anywhere
on the disk. Reads no rules, runs nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from docsearch.ingest.ignore import RULE_FILE_NAMES

_EXCLUDES_FILE = re.compile(r'^\s*excludesfile\s*=\s*"?(.*?)"?\s*$', re.IGNORECASE | re.MULTILINE)
_MOST_CONFIGURATION = 1_000_000
_LONGEST_PATH = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """A rule file that may be there; `inside` is the searched folder's path below its reach."""

    path: Path
    shown: str
    kind: str
    inside: tuple[str, ...]


def places(folder: Path) -> list[Place]:
    """The lightest first; none where the folder, a real path, is in no repository."""
    above = [folder, *folder.parents]
    repository = next((each for each in above if os.path.lexists(each / ".git")), None)
    if repository is None:
        return []
    git = _git_folder(repository)
    inside = folder.relative_to(repository).parts
    excludes = _excludes_file()
    exclude = git / "info" / "exclude"
    found = [
        Place(excludes, str(excludes), "excludesFile", inside),
        Place(exclude, os.path.relpath(exclude, folder), "exclude", inside),
    ]
    for depth in range(len(inside), 0, -1):
        upper = above[depth]
        found += [
            Place(upper / name, "../" * depth + name, name, inside[len(inside) - depth :])
            for name in RULE_FILE_NAMES
        ]
    return found


def state_of_outer_rules(folder: Path) -> Hashable:
    """Changes when one of the files comes, goes or is edited."""
    return tuple(_state(place.path) for place in places(Path(os.path.realpath(folder))))


def _state(path: Path) -> Hashable:
    try:
        found = path.stat()
    except OSError:
        return path, None
    return path, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _git_folder(repository: Path) -> Path:
    """A work tree or submodule has a file in its place that names it."""
    git = repository / ".git"
    if git.is_dir():
        return git
    git = repository / _read(git, _LONGEST_PATH).partition("gitdir:")[2].strip()
    common = _read(git / "commondir", _LONGEST_PATH).strip()
    return Path(os.path.realpath(git / common))


def _excludes_file() -> Path:
    """The file that the first configuration names, else git's own default."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.expanduser raises without a home
    own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    for configuration in (home / ".gitconfig", own / "config", _OF_ALL):
        if named := _named_in(configuration):
            return Path(os.path.realpath(os.path.join(home, os.path.expanduser(named))))  # noqa: PTH111, PTH118
    return Path(os.path.realpath(own / "ignore"))


_OF_ALL = Path("/etc/gitconfig")


def _named_in(configuration: Path) -> str | None:
    """The last one counts, as in git."""
    found = _EXCLUDES_FILE.findall(_read(configuration, _MOST_CONFIGURATION))
    return found[-1] if found else None


def _read(path: Path, most: int) -> str:
    """The text, "" where there is none, where it is larger, and where a NUL makes it no text."""
    with suppress(OSError, ValueError):
        if path.is_file():
            with path.open("rb") as file:
                data = file.read(most + 1)
            return os.fsdecode(data) if len(data) <= most and b"\0" not in data else ""
    return ""

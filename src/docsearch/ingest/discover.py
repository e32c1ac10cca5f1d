"""A folder on disk -> the files to index, and what is left out with the reason.

In: a folder, or some paths in it. Out: a `SourceFile` or a `Skipped` for each entry met. No file is
opened but rule files; links are never followed, so that nothing leads out of the folder.
Does not know what the index holds.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from docsearch.domain.document import Skipped, SourceFile
from docsearch.domain.errors import FolderError
from docsearch.domain.foreign import user_path
from docsearch.ingest.ignore import RULE_FILE_NAMES, IgnoreRules, RuleFile
from docsearch.ingest.outer_rules import places
from docsearch.ingest.safe_open import NotReadableError, may_pass, read_regular, source_of

MAX_RULE_FILE_BYTES = 1_000_000
"""A larger rule file is a mistake or an attack; git has no such limit."""

Entry = SourceFile | Skipped

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


_GONE = (FileNotFoundError, NotADirectoryError)


def require_folder(path: Path) -> Path:
    """The folder's real path. Raises FolderError if it is missing, a file, or unreadable."""
    try:
        folder = user_path(str(path)).resolve(strict=True)
        with os.scandir(folder):
            return folder
    except FileNotFoundError:
        raise FolderError(f"There is no folder {path}.") from None
    except NotADirectoryError:
        raise FolderError(f"{path} is a file; give the folder that it is in.") from None
    except PermissionError:
        raise FolderError(f"The folder {path} cannot be read: permission denied.") from None
    except ValueError as error:
        raise FolderError(f"{path} is no folder: {error}.") from None
    except (OSError, RuntimeError) as error:
        # RuntimeError: a loop of links, in Python 3.11 and 3.12.
        raise FolderError(f"The folder {path} cannot be read: {_words(error)}.") from error


def scan(folder: Path, max_file_bytes: int) -> Iterator[Entry]:
    """Everything in the folder, by name within each folder; a folder left out is one entry.

    Names of folders among the skipped end in a slash. Raises FolderError.
    """
    return look(require_folder(folder), {""}, max_file_bytes)


def look(
    folder: Path,
    areas: Iterable[str],
    max_file_bytes: int,
    devices: set[int] | None = None,
) -> Iterator[Entry]:
    """What `scan` would yield at and below each of these relative paths; nothing for what is gone.

    "" is the folder itself. The devices of all folders that are met go into `devices`.
    """
    walk = _Walk(folder, max_file_bytes, set() if devices is None else devices)
    for area in sorted(areas):
        yield from walk.at(area)


class _Walk:
    """One look at the folder: rules are read once for each folder on the way."""

    def __init__(self, folder: Path, max_file_bytes: int, devices: set[int]) -> None:
        self._root = folder
        self._devices = devices
        self._max_file_bytes = max_file_bytes
        self._rules: dict[str, IgnoreRules] = {}
        self._faults: list[Skipped] = []

    def at(self, path: str) -> Iterator[Entry]:
        """The entries at and below `path`, and rule files that could not be read on the way."""
        yield from self._at(path)
        faults, self._faults = self._faults, []
        yield from faults

    def _at(self, path: str) -> Iterator[Entry]:
        root = self._lstat("")
        if isinstance(root, os.stat_result):
            self._devices.add(root.st_dev)
        parts = path.split("/") if path else []
        for depth in range(1, len(parts)):
            above = "/".join(parts[:depth])
            found = self._lstat(above)
            if not isinstance(found, os.stat_result) or not self._is_entered(above, found):
                return
        yield from self._at_and_below(path) if path else self._below([""])

    def _at_and_below(self, path: str) -> Iterator[Entry]:
        found = self._lstat(path)
        if isinstance(found, os.stat_result):
            yield from self._entry(path, found)
            if self._is_entered(path, found):
                yield from self._below([path])
        elif found is not None:
            yield found

    def _below(self, folders: list[str]) -> Iterator[Entry]:
        while folders:
            folder = folders.pop()
            inner = []
            try:
                names = sorted(os.listdir(self._on_disk(folder)))  # noqa: PTH208 - names only
            except OSError as error:
                if not folder:
                    raise FolderError(f"{self._root} cannot be read: {_words(error)}.") from error
                if not isinstance(error, _GONE):
                    reason = f"the folder cannot be read: {_words(error)}"
                    yield Skipped(f"{folder}/", reason, may_pass=may_pass(error))
                continue
            for name in names:
                path = f"{folder}/{name}" if folder else name
                found = self._lstat(path)
                if isinstance(found, os.stat_result):
                    yield from self._entry(path, found)
                    if self._is_entered(path, found):
                        inner.append(path)
                elif found is not None:
                    yield found
            folders += reversed(inner)

    def _is_entered(self, path: str, found: os.stat_result) -> bool:
        if not stat.S_ISDIR(found.st_mode):
            return False
        self._devices.add(found.st_dev)
        return self._reason(path, is_folder=True) is None

    def _entry(self, path: str, found: os.stat_result) -> Iterator[Entry]:
        """The entry for one path; a folder is one only when it is left out."""
        is_folder = stat.S_ISDIR(found.st_mode)
        reason = self._reason(path, is_folder)
        if reason is not None:
            yield Skipped(f"{path}/" if is_folder else path, reason, ignored=True)
        elif stat.S_ISLNK(found.st_mode):
            yield self._link(path)
        elif stat.S_ISREG(found.st_mode):
            yield self._file(path, found)
        elif not is_folder:
            yield Skipped(path, _KINDS.get(stat.S_IFMT(found.st_mode), "not a regular file"))

    def _file(self, path: str, found: os.stat_result) -> Entry:
        if found.st_size > self._max_file_bytes:
            size, limit = found.st_size / 1e6, self._max_file_bytes / 1e6
            return Skipped(path, f"larger than the limit: {size:.1f} MB of at most {limit:g} MB")
        return source_of(path, found)

    def _link(self, path: str) -> Skipped:
        """Ignored where it leads to something in the folder: that is an entry of its own.

        The next step decides, not the end of a chain of links: another link in the folder may
        change, and no event at this one says so.
        """
        on_disk = self._on_disk(path)
        reason, target = _followed(on_disk)
        if self._leads_on(on_disk) or (target and target.is_relative_to(self._root)):
            inside = "a link inside the folder; its target is indexed"
            return Skipped(path, reason or inside, ignored=True)
        return Skipped(path, reason or "a link out of the folder")

    def _leads_on(self, link: str) -> bool:
        """Whether the next step is something else in the folder."""
        try:
            text = Path(link).readlink()
        except OSError:
            return False
        step = os.path.normpath(os.path.join(os.path.dirname(link), text))  # noqa: PTH118, PTH120
        return step != link and Path(step).is_relative_to(self._root)

    def _reason(self, path: str, is_folder: bool) -> str | None:
        folder = path.rpartition("/")[0]
        return self._rules_in(folder).reason_to_leave_out(path, is_folder)

    def _rules_in(self, folder: str) -> IgnoreRules:
        if folder not in self._rules:
            rules = self._rules_in(folder.rpartition("/")[0]) if folder else self._outer_rules()
            parts = tuple(folder.split("/")) if folder else ()
            for name in RULE_FILE_NAMES:
                path = "/".join((*parts, name))
                text = self._rule_text(self._root, path, path)
                if text:
                    rules = rules.extended(RuleFile.parse(name, parts, text))
            self._rules[folder] = rules
        return self._rules[folder]

    def _outer_rules(self) -> IgnoreRules:
        rules = IgnoreRules()
        for place in places(self._root):
            text = self._rule_text(place.path.parent, place.path.name, place.shown)
            if text:
                file = RuleFile.parse(place.shown, (), text, kind=place.kind, inside=place.inside)
                rules = rules.extended(file)
        return rules

    def _rule_text(self, folder: Path, path: str, shown: str) -> str:
        """The rules in a file, "" where there is none; one that cannot be read is a fault."""
        try:
            found = os.lstat(os.path.join(folder, path))  # noqa: PTH118 - as `_on_disk`
            if stat.S_ISDIR(found.st_mode):
                return ""
            return _as_rules(read_regular(folder, path, MAX_RULE_FILE_BYTES).data)
        except _GONE:
            return ""
        except (OSError, NotReadableError, UnicodeDecodeError) as error:
            reason = _words(error)
            cause = error if isinstance(error, OSError) else error.__cause__
        why = f"its rules cannot be read ({reason}): what they leave out is searched"
        # What may pass is looked at again, and that must not lead out of the folder.
        passes = folder == self._root and may_pass(cause)
        self._faults.append(Skipped(shown, why, may_pass=passes))
        return ""

    def _lstat(self, path: str) -> os.stat_result | Skipped | None:
        """What the system says of a path; None where there is nothing."""
        try:
            return os.lstat(self._on_disk(path))
        except _GONE:
            return None
        except OSError as error:
            return Skipped(path, f"cannot be read: {_words(error)}", may_pass=may_pass(error))

    def _on_disk(self, path: str) -> str:
        return os.path.join(self._root, path)  # noqa: PTH118 - Path would normalise odd names


def _followed(link: str) -> tuple[str | None, Path | None]:
    """Why a link leads nowhere, None where it leads somewhere; and where its chain ends."""
    try:
        return None, Path(os.path.realpath(link, strict=True))
    except FileNotFoundError:
        return "a link to nothing", Path(os.path.realpath(link))
    except OSError as error:
        # A loop has its own number; the system's words say anything else.
        return f"a link that cannot be followed: {_words(error)}", None


def _as_rules(data: bytes) -> str:
    """As git reads them, and as UTF-16 where a mark at the start says so. Raises UnicodeError."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding)
    return os.fsdecode(data)


_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def _words(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) else None
    return (words or str(error)).lower().rstrip(".")

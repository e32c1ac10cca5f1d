"""Exported networks on this disk: made once, and used only while they are whole and up to date.

In: a folder of the cache, and what an export is made of. Out: an `Export` every byte of which has
been hashed, or None. Does not know what is in a graph. All of it may be deleted at any time.

An export is made beside its place and moved there in one step, its manifest written last: one that
was interrupted, that another version made, or that was made of other weights is made again.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from filelock import FileLock

from docsearch.domain.errors import ModelError
from docsearch.domain.fingerprint import fingerprint
from docsearch.domain.foreign import json_value
from docsearch.domain.model import ModelFile
from docsearch.files import FILE_MODE, make_folder, put_in_place, read_file, replace_file
from docsearch.models.store import sha256_of

MANIFEST = "manifest.json"

_FORMAT = 2
"""Raise it when the same weights would make another graph."""

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """A whole export: its folder, and what else is to be known to use it."""

    folder: Path
    facts: Facts


class ExportStore:
    """The folder of exports: one for each model and kind of weights."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find(self, name: str, kind: str, sources: tuple[ModelFile, ...]) -> Export | None:
        """The export of these files, verified; None where it is missing, torn, or of others."""
        folder = self._folder(name, kind)
        try:
            manifest = json_value(read_file(folder / MANIFEST))
            if manifest["made_of"] != _made_of(name, kind, sources):
                return None
            for file, expected in manifest["files"].items():
                if sha256_of(folder / file) != expected:
                    return None
            return Export(folder, dict(manifest["facts"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def make(
        self,
        name: str,
        kind: str,
        sources: tuple[ModelFile, ...],
        write: Callable[[Path], Facts],
    ) -> Export:
        """The export of these files; where there is none, `write` puts it into an empty folder.

        Waits while another process makes it. Raises ModelError where the disk does not take it.
        """
        folder = self._folder(name, kind)
        try:
            make_folder(self._root)
            with FileLock(f"{folder}.lock", mode=FILE_MODE):
                found = self.find(name, kind, sources)
                return found or self._made(folder, _made_of(name, kind, sources), write)
        except OSError as error:
            raise ModelError(
                f"Cannot keep what was made of {name} in {self._root}: {error.strerror or error}."
            ) from error

    def remove(self, name: str, kind: str) -> None:
        """Have no such export; one that cannot be deleted stays, as a cache may.

        Whoever has loaded it goes on with it, where the system lets files in use be deleted.
        """
        folder = self._folder(name, kind)
        if folder.exists():
            with suppress(OSError), FileLock(f"{folder}.lock", mode=FILE_MODE):
                shutil.rmtree(folder)

    def _made(self, folder: Path, made_of: str, write: Callable[[Path], Facts]) -> Export:
        prefix = f"making-{folder.name}-"
        for left in self._root.glob(f"{prefix}*"):  # by a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(
            prefix=prefix, dir=self._root, ignore_cleanup_errors=True
        ) as room:
            draft = Path(room) / "new"
            make_folder(draft)
            facts = write(draft)
            files = {path.name: sha256_of(path) for path in sorted(draft.iterdir())}
            for name in files:
                (draft / name).chmod(FILE_MODE)  # libraries make files with the umask
            manifest = {"made_of": made_of, "files": files, "facts": dict(facts)}
            replace_file(draft / MANIFEST, json.dumps(manifest, indent=1).encode())
            if folder.exists():
                shutil.rmtree(folder)  # a folder is never replaced in one step
            put_in_place(draft, folder)
        return Export(folder, facts)

    def _folder(self, name: str, kind: str) -> Path:
        readable = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")[-60:]
        # Two names that read alike are still two.
        return self._root / f"{readable}-{fingerprint(name=name)[:8]}-{kind}"


def _made_of(name: str, kind: str, sources: tuple[ModelFile, ...]) -> str:
    try:
        library = version("openvino")
    except PackageNotFoundError:
        library = ""
    hashes = {f"file {file.name}": file.sha256 for file in sources}
    return fingerprint(format=_FORMAT, model=name, weights=kind, openvino=library, **hashes)

"""A stand-in for the index: follows a real folder by what a watcher tells, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Condition

PATIENCE_SECONDS = 30.0
"""Far more than any change takes; a test that waits so long has failed."""


class Mirror:
    """Files by relative path, with their content, as the batches so far make them out to be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.batches: list[set[str] | None] = []
        self.files = self._on_disk("")
        self._condition = Condition()

    def __call__(self, paths: set[str] | None) -> None:
        """The watcher's callback."""
        with self._condition:
            self.batches.append(paths)
            for path in {""} if paths is None else paths:
                for each in [each for each in self.files if _is_below(each, path)]:
                    del self.files[each]
                self.files.update(self._on_disk(path))
            self._condition.notify_all()

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        with self._condition:
            assert self._condition.wait_for(is_so, PATIENCE_SECONDS), self.batches

    def wait_until_true(self) -> None:
        """Until it equals what is on disk, which the test has finished changing."""
        truth = self._on_disk("")
        self.wait_for(lambda: self.files == truth)

    def _on_disk(self, path: str) -> dict[str, bytes]:
        top = os.path.join(self.folder, path) if path else os.fspath(self.folder)  # noqa: PTH118
        found = [top] if Path(top).is_file() else []
        for folder, _, names in os.walk(top):
            found += [os.path.join(folder, name) for name in names]  # noqa: PTH118
        return {
            file.removeprefix(f"{self.folder}/"): content
            for file in found
            if (content := _content(file)) is not None
        }


def _content(file: str) -> bytes | None:
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        return None


def _is_below(path: str, above: str) -> bool:
    return not above or path == above or path.startswith(f"{above}/")

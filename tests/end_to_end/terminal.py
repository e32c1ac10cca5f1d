"""A terminal for tests: runs a command in a pseudo-terminal and keeps the screen it draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

from docsearch.runtime.benches.pseudo_terminal import PseudoTerminal


class EmulatedScreen:
    """A whole terminal emulator; `raw` is all that was written to it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.raw = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    def feed(self, data: bytes) -> None:
        self.raw += data
        self._stream.feed(data)

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)


class Terminal(PseudoTerminal):
    """A command on a screen of `columns` by `rows`; use it as a context manager."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        columns: int = 100,
        rows: int = 30,
        folder: Path | None = None,
    ) -> None:
        self._emulated = EmulatedScreen(columns, rows)
        super().__init__(command, environment, self._emulated, columns, rows, folder)

    @property
    def raw(self) -> bytearray:
        """All that was written to it."""
        return self._emulated.raw

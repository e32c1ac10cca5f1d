"""The real command: in a process of its own, as a user runs it, or within the test's.

A process of its own costs seconds, most of them for imports. It is for what only a process shows:
pipes, signals, terminals, limits, what is imported, and once the whole way with real models.
"""

from __future__ import annotations

import gc
import io
import logging
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from docsearch.cli.main import run

TIMEOUT = 120


@dataclass(frozen=True)
class Home:
    """A user's home: nothing outside of it is read or written."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config" / "docsearch" / "config.toml"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "OMP_NUM_THREADS"}
        }
        return {
            **kept,
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONWARNINGS": "error",
            **more,
        }

    def call(self, *words: str, cwd: Path | None = None, **environment: str) -> Ended:
        """Within this process, with a user's environment, folder and output to a pipe."""
        out, err = io.BytesIO(), io.BytesIO()
        with (
            patch.dict(os.environ, self.environment(**environment), clear=True),
            chdir(cwd or self.folder),
            # pytest's own handlers would keep what is logged from the error output.
            patch.object(logging.getLogger(), "handlers", []),
            redirect_stdout(_as_the_command_has_it(out)),
            redirect_stderr(_as_the_command_has_it(err)),
        ):
            code = run(words)
            # What a command loads is kept from the garbage collector; here another command follows.
            gc.unfreeze()
            return Ended(code, out.getvalue().decode(), err.getvalue().decode())

    def run(self, *words: str, cwd: Path | None = None, **environment: str) -> Ended:
        """In a process of its own."""
        ended = subprocess.run(
            [sys.executable, "-m", "docsearch", *words],
            env=self.environment(**environment),
            cwd=cwd or self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@dataclass(frozen=True)
class Ended:
    """What was left when the command had ended."""

    code: int
    out: str
    err: str


def _as_the_command_has_it(stream: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding="utf-8", errors="replace", write_through=True)

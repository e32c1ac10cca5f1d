"""The real command in a process of its own, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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

    def run(self, *words: str, cwd: Path | None = None, **environment: str) -> Ended:
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

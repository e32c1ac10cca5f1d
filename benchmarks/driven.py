"""The real command in processes of its own, with an index that is not the user's.

In: the settings, and a directory to keep everything in. Out: command lines, their environment, and
how long they took. Does not know what is measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.terminal import BenchError
from docsearch.bench.rerank import Words
from docsearch.domain.settings import Settings
from docsearch.serving.paths import cache_dir, data_dir, tunings_file


@dataclass(frozen=True, slots=True)
class Driven:
    """The command as a benchmark runs it; `prompt` stands in an empty query line."""

    words: Words
    reranker: str
    environment: Mapping[str, str]
    prompt: str

    def line(self, *words: str) -> list[str]:
        """`docsearch WORDS`, by the Python that runs now."""
        return [sys.executable, "-m", "docsearch", *words]

    def screen(self, folder: Path) -> list[str]:
        """The screen on a folder."""
        return self.line(str(folder), "--reranker", self.reranker)

    def query(self, folder: Path, words: str) -> list[str]:
        """One search without the screen."""
        return self.line("query", str(folder), "--reranker", self.reranker, words)


def run(command: Sequence[str], driven: Driven) -> float:
    """Seconds from the start to the end of a process. Raises BenchError where it fails."""
    begun = time.perf_counter()
    ended = subprocess.run(
        command, env=driven.environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    taken = time.perf_counter() - begun
    if ended.returncode:
        told = ended.stderr.decode(errors="replace").strip()
        raise BenchError(f"`docsearch {' '.join(command[3:])}` failed: {told}")
    return taken


def environment_with(data: Path, settings: Settings) -> Mapping[str, str]:
    """The user's, with indexes in `data`, and nothing from the network.

    The models are the user's, and run as they were tuned.
    """
    data.mkdir()
    models, tuned = data_dir(settings) / "models", tunings_file(settings)
    exports = cache_dir(settings) / "networks"
    if models.is_dir():
        (data / "models").symlink_to(models.resolve(), target_is_directory=True)
    if tuned.is_file():
        shutil.copyfile(tuned, data / tuned.name)
    if exports.is_dir():
        # File by file: what the driven command deletes is then a link, not the user's export.
        shutil.copytree(
            exports.resolve(),
            data / "cache" / exports.name,
            copy_function=os.symlink,
            ignore=shutil.ignore_patterns("*.lock", "making-*"),
        )
    return {**os.environ, "DOCSEARCH_DATA_DIR": str(data), "DOCSEARCH_OFFLINE": "1"}

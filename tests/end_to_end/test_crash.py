"""kill -9 while indexing loses nothing that was committed, and the next start completes it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

from docsearch.domain.document import Chunk
from docsearch.domain.settings import Settings
from docsearch.engine.compose import open_library
from docsearch.ingest.plan import FIRST_TOGETHER
from docsearch.ports import Vectors
from docsearch.serving.paths import index_layout

MOMENTS = 50
SENTENCES = (
    "The boiler was serviced in {} and its pressure stood at {} millibar.",
    "Nobody remembered to water the tomatoes for {} days, so {} plants were lost.",
    "Platform {} is closed; the train to Lyon leaves {} minutes later than printed.",
    "We agreed to keep {} backups and to test {} of them every quarter.",
)


@dataclass(frozen=True)
class Indexer:
    """The forking server, and the settings under which its children index."""

    server: subprocess.Popen[str]
    folder: Path
    settings: Settings

    def begin(self) -> int:
        """Start to index; the child's process id."""
        assert self.server.stdin is not None
        self.server.stdin.write("index\n")
        self.server.stdin.flush()
        return int(self._line())

    def end(self) -> int:
        """The child's exit code, once it has ended."""
        return int(self._line())

    def _line(self) -> str:
        assert self.server.stdout is not None
        return self.server.stdout.readline()

    def contents(self) -> dict[tuple[str, int], tuple[Chunk, Vectors]]:
        """Every chunk and its vector, by path and place in the file; the index must be sound."""
        with closing(open_library(self.folder, self.settings, read_only=True)) as library:
            assert library.integrity() == []
            found = {}
            for ids, vectors in library.vectors():
                for passage, vector in zip(library.chunks(ids.tolist()), vectors, strict=True):
                    found[passage.path, passage.chunk.ordinal] = (passage.chunk, vector)
            return found

    def forget(self) -> None:
        """Remove the index."""
        shutil.rmtree(index_layout(self.folder, self.settings).folder, ignore_errors=True)


@pytest.fixture
def indexer(tmp_path: Path) -> Iterator[Indexer]:
    folder, data_dir = tmp_path / "notes", tmp_path / "data"
    folder.mkdir()
    chance = random.Random(7)
    for number in range(24):
        # Some of many chunks, most of one: many commits, and few tokens for the model to read.
        lines = [
            chance.choice(SENTENCES).format(number, chance.randint(2, 99))
            for _ in range(1 if number % 4 else 12)
        ]
        (folder / f"note-{number:02}.txt").write_text("\n\n".join(lines))
    command = [sys.executable, "-m", "tests.end_to_end.indexing_server", str(folder), str(data_dir)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        settings = Settings(data_dir=str(data_dir), offline=True, chunk_tokens=32, overlap_tokens=8)
        yield Indexer(server, folder, settings)


def test_fifty_kills_leave_an_index_equal_to_one_built_in_one_go(indexer: Indexer) -> None:
    indexer.begin()
    started = time.monotonic()
    assert indexer.end() == 0
    duration = time.monotonic() - started
    whole = indexer.contents()
    assert len(whole) >= 4 * FIRST_TOGETHER, "too few to be committed one after another"
    chance = random.Random(50)
    killed = 0
    for _ in range(MOMENTS):
        indexer.forget()
        child = indexer.begin()
        killer = Timer(chance.uniform(0, duration), kill, (child,))
        killer.start()
        killed += indexer.end() == -signal.SIGKILL
        killer.cancel()
        indexer.begin()
        assert indexer.end() == 0
        assert_same(indexer.contents(), whole)
    assert killed >= MOMENTS // 2


def kill(process: int) -> None:
    """Kill it, if it has not just ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def assert_same(
    found: dict[tuple[str, int], tuple[Chunk, Vectors]],
    whole: dict[tuple[str, int], tuple[Chunk, Vectors]],
) -> None:
    """Chunk by chunk and vector by vector.

    Other neighbours in a batch change a float's last bits, hence the tolerance.
    """
    assert {key: chunk for key, (chunk, _) in found.items()} == {
        key: chunk for key, (chunk, _) in whole.items()
    }
    for key, (_, vector) in whole.items():
        np.testing.assert_allclose(found[key][1], vector, atol=2e-6)

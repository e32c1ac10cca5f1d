"""A writer that is killed at any moment leaves an index that is whole and in step."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.library import MemoryLibrary
from tests.storage.crash_writer import step
from tests.storage.libraries import RECIPE, layout_in, open_library

KILLS = 10


def write_and_kill(folder: Path, seed: int, commits: int, seconds: float) -> int:
    """Let a writer run to some commits and a little longer; the last generation it told of."""
    command = [sys.executable, "-m", "tests.storage.crash_writer", str(folder), str(seed)]
    told = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        for _ in range(commits):
            told = int(writer.stdout.readline())
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(seconds)  # a random moment, not a wait for something
        writer.kill()
        rest = writer.stdout.read().split("\n")[:-1]
    return int(rest[-1]) if rest else told


def test_kill_at_any_moment_loses_nothing_committed(tmp_path: Path) -> None:
    chance = random.Random(20240101)
    memory = MemoryLibrary(RECIPE.dimension)
    for kill in range(KILLS):
        told = write_and_kill(tmp_path, kill, chance.randrange(12), chance.random() / 20)
        library = open_library(tmp_path)
        try:
            assert not library.read_only
            # The one after the last that was told of may have been committed as well.
            assert told <= library.generation <= max(told, memory.generation) + 1
            assert library.integrity() == []
            steps = random.Random(kill)
            while memory.generation < library.generation:
                step(memory, steps)
            assert library.files() == memory.files()
            assert library.skipped() == memory.skipped()
            ids = [chunk_id for batch, _ in memory.vectors() for chunk_id in batch.tolist()]
            assert library.chunks(ids) == memory.chunks(ids)
            assert library.counts() == memory.counts()
        finally:
            library.close()
    assert memory.generation > KILLS
    assert not list(layout_in(tmp_path).folder.glob("*-wal"))

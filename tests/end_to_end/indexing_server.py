"""Indexes a folder in forked children, one for each line on standard input.

In: a folder and a data directory. Out: the child's process id when it begins, its exit code when
it has ended. Everything is imported and the embedding model is loaded once, in the parent: a
child does nothing but index, so that is what a kill meets.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

import torch

from docsearch.domain.settings import Settings
from docsearch.engine.compose import compose
from docsearch.models.registry import ModelRegistry


def index(folder: Path, data_dir: str) -> None:
    engine = compose(
        folder,
        Settings(data_dir=data_dir, offline=True, chunk_tokens=32, overlap_tokens=8),
        watch=False,
    )
    engine.start()
    engine.wait_until_ready()
    engine.stop()


def import_what_indexing_needs() -> None:
    """Index one file, and leave no thread of ours that could hold a lock when a child is forked."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base, "notes")
        folder.mkdir()
        (folder / "note.txt").write_text("Nothing to read here.")
        index(folder, f"{base}/data")
    for thread in threading.enumerate():
        if thread.name in {"index", "inference"}:
            thread.join()


def serve(folder: Path, data_dir: str) -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            index(folder, data_dir)
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def main() -> None:
    torch.set_num_threads(1)
    folder, data_dir = sys.argv[1:]
    embedder = ModelRegistry(Path(data_dir), offline=True).load_embedder()
    with patch.object(ModelRegistry, "load_embedder", return_value=embedder):
        import_what_indexing_needs()
        serve(Path(folder), data_dir)


if __name__ == "__main__":
    main()

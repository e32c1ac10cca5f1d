"""The machine that docsearch runs on, as far as its speed depends on it.

In: nothing. Out: facts by name, as text. Imports no model library.
"""

from __future__ import annotations

import os
import platform
import re
from contextlib import suppress
from pathlib import Path

from docsearch.domain.wording import size
from docsearch.models.cores import usable_cores


def machine() -> dict[str, str]:
    """System, processor, cores that this process may use, memory, and instruction sets."""
    import numpy as np

    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": str(usable_cores()),
        "memory": _memory(),
        "CPU features": " ".join((*simd["baseline"], *simd["found"])),
    }


def _processor() -> str:
    """Its name as the system tells it, or else its architecture."""
    with suppress(OSError):
        named = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        if named:
            return f"{named[1].strip()} ({platform.machine()})"
    return platform.processor() or platform.machine()


def _memory() -> str:
    """All of it, in decimal units."""
    try:
        return size(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return "not known"

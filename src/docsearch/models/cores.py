"""The cores that there are to compute with: the one place that counts them.

In: what the system tells of this process. Out: numbers. Imports no model library.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""What a container may use of the processors: microseconds of work, or "max", in so many."""


def usable_cores(quota: Path = QUOTA) -> int:
    """Cores that this process may keep busy, at least 1: by its affinity, and its quota on Linux.

    A part of a core counts as one.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    try:
        work, period = map(int, quota.read_text("ascii").split())
        return max(1, min(cores, math.ceil(work / period)))
    except (OSError, ValueError, ZeroDivisionError):
        return cores


def usable_threads(quota: Path = QUOTA) -> int:
    """The threads to compute with: one for each core, of more than four for all but one.

    The one is left to the screen and to the index.
    """
    cores = usable_cores(quota)
    return cores if cores <= 4 else cores - 1

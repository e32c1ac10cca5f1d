"""What a measured speed depends on besides the model: the processor, and the libraries.

In: nothing. Out: a short text that changes when a speed may have. Imports no heavy library.
"""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from docsearch.domain.fingerprint import fingerprint
from docsearch.models.cores import usable_cores

LIBRARIES = ("torch", "sentence-transformers", "transformers", "openvino")

_CPU_INFO = Path("/proc/cpuinfo")
_TELLING = ("model name", "flags", "Features", "CPU implementer", "CPU part")


@cache
def machine_fingerprint() -> str:
    """Of the processor's name and abilities, the cores there are to use, and the libraries."""
    libraries = {name: _version(name) for name in LIBRARIES}
    return fingerprint(
        system=platform.system(),
        machine=platform.machine(),
        processor=_processor(),
        cores=usable_cores(),
        **libraries,
    )


def _processor() -> str:
    """What Linux tells of the first core; elsewhere the name that Python knows."""
    try:
        first, *_ = _CPU_INFO.read_text("utf-8", errors="replace").split("\n\n")
    except OSError:
        return platform.processor()
    return "\n".join(line for line in first.splitlines() if line.startswith(_TELLING))


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None

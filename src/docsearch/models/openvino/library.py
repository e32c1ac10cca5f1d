"""OpenVINO without its telemetry: the only place that imports it.

In: nothing. Out: the module. As it comes, `import openvino` writes an id for Google Analytics into
the home directory and reports to it (`~/intel/openvino_ga_cid`), unasked. The packages that do so
are barred before it is imported: it then finds them absent and goes on without. What it loses is
the conversion of models of other libraries, which docsearch does not use.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from docsearch.domain.errors import ModelError

_BARRED = ("openvino_telemetry", "openvino.tools.ovc")


def is_openvino_installed() -> bool:
    """Whether it could be imported; imports nothing."""
    return find_spec("openvino") is not None


def openvino() -> Any:
    """The module `openvino`. Raises ModelError where it is absent, broken, or has telemetry."""
    return _imported("openvino")


def operations() -> Any:
    """Its set of operations, from which graphs are made. Raises as `openvino` does."""
    openvino()
    return _imported("openvino.opset13")


def _imported(name: str) -> ModuleType:
    for barred in _BARRED:
        if sys.modules.get(barred) is not None:
            raise ModelError(f"OpenVINO is not used: {barred}, which reports to Intel, is loaded.")
        # Python's own way to say that a module is not to be had.
        sys.modules[barred] = None  # type: ignore[assignment]
    try:
        return import_module(name)
    except ImportError as error:
        raise ModelError(f"OpenVINO cannot be used: {error}") from error

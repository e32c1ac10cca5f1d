"""What makes a model's vectors or scores stale.

In: the model's files with their hashes, and how it is run. Out: a fingerprint. Imports no model
library: their versions are read from the installed packages' metadata.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version

from docsearch.domain.fingerprint import fingerprint
from docsearch.domain.model import ModelFile
from docsearch.domain.runtime import REFERENCE, Runtime, RuntimeChoice

_LIBRARIES = ("torch", "transformers", "sentence-transformers", "tokenizers")


def model_fingerprint(
    files: Iterable[ModelFile],
    choice: RuntimeChoice = REFERENCE,
    /,
    **how: str | int | float | bool | None,
) -> str:
    """Changes with the bytes of any file, with `how` it is run, and with a library's major version.

    Every file must have its hash. `choice` is what computes the numbers.
    """
    facts: dict[str, str | int | float | bool | None] = {"dtype": "float32", "device": "cpu"}
    if choice != REFERENCE:
        facts["runtime"] = str(choice)
    if choice.runtime is Runtime.OPENVINO:
        facts["library openvino"] = version("openvino").partition(".")[0]
    facts |= {f"file {file.name}": file.sha256 for file in files}
    facts |= {f"library {name}": version(name).partition(".")[0] for name in _LIBRARIES}
    return fingerprint(**facts, **how)

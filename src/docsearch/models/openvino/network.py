"""A network run by OpenVINO on the CPU.

In: the file of a graph and a precision, then batches of token ids. Out: the graph's output for
each. Does not know what the numbers mean or how the graph was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.errors import ModelError
from docsearch.domain.runtime import Precision
from docsearch.models.cores import usable_threads
from docsearch.models.openvino.library import is_openvino_installed, openvino
from docsearch.ports import Inputs

_BATCH_TOKENS = 512
"""One window of the usual size: every stream has one, and its states stay in the core's cache."""

_GROUP = "128"
"""Numbers of a token's state that share a scale in int8. Of 32 the products take longer, of 384
they are less exact."""

_KEPT_SHAPES = "100"
"""Primitives that each layer keeps compiled, one for every shape of its input. The library's 5,000
take 60 MB a query with the reranker in the box, since passages and queries are of ever new lengths.
With 100 the whole process stays near 1 GB (`benchmarks.memory`) and is as fast."""

_compiling = Lock()
"""Two compilations at a time spin while they wait for each other's threads, and hardly get on."""


class OpenVinoNetwork:
    """The `Network` port over OpenVINO.

    Each stream is one thread with a batch of its own: small batches in several streams do not wait
    for each other, as the threads of one large batch do. To be called from one thread at a time.
    """

    batch_tokens = _BATCH_TOKENS

    def __init__(self, graph: Path, precision: Precision, threads: int | None = None) -> None:
        """Compile the graph for `threads`. Raises ModelError where it cannot be read or run."""
        ov = openvino()
        threads = threads or usable_threads()
        try:
            core = ov.Core()
            model = core.read_model(str(graph))
            with _compiling:
                self._compiled = core.compile_model(model, "CPU", _settings(precision, threads))
            self._queue = ov.AsyncInferQueue(self._compiled, threads)
            self._names = [port.any_name for port in self._compiled.inputs]
        except RuntimeError as error:
            raise ModelError(f"OpenVINO cannot run {graph}: {_first_line(error)}") from error
        self.streams = threads

    def forward(self, batches: Sequence[Inputs]) -> list[NDArray[np.float32]]:
        """The output for each batch, in their order. Raises ModelError."""
        outputs: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(batches)

        def keep(request: Any, place: int) -> None:
            # The request's own memory is written over by its next batch.
            outputs[place] = np.array(request.get_output_tensor(0).data, dtype=np.float32)

        self._queue.set_callback(keep)
        try:
            try:
                for place, batch in enumerate(batches):
                    self._queue.start_async([batch[name] for name in self._names], place)
            finally:
                self._queue.wait_all()
        except RuntimeError as error:
            raise ModelError(f"OpenVINO failed: {_first_line(error)}") from error
        return outputs


@cache
def precisions() -> tuple[Precision, ...]:
    """What this machine's CPU computes in by itself, exactest first; none without OpenVINO."""
    if not is_openvino_installed():
        return ()
    try:
        able = openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ModelError, RuntimeError):
        return ()
    found = {"FP32": Precision.FLOAT32, "BF16": Precision.BFLOAT16, "INT8": Precision.INT8}
    return tuple(precision for name, precision in found.items() if name in able)


def _settings(precision: Precision, threads: int) -> dict[str, str]:
    half = precision is not Precision.FLOAT32 and Precision.BFLOAT16 in precisions()
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if half else "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP if precision is Precision.INT8 else "0",
        "NUM_STREAMS": str(threads),
        "INFERENCE_NUM_THREADS": str(threads),
        "CPU_RUNTIME_CACHE_CAPACITY": _KEPT_SHAPES,
        # A thread that is tied to a core waits where another library's thread is tied to it too.
        "ENABLE_CPU_PINNING": "NO",
    }


def _first_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(error).__name__

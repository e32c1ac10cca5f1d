"""A network run by torch: the reference for every other runtime.

In: a module, how to read its output, a precision and a device; then batches of token ids. Out: the
output for each. Does not know what the numbers mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.batches import BATCH_TOKENS
from docsearch.domain.errors import ModelError
from docsearch.domain.runtime import Precision
from docsearch.models.cores import usable_threads
from docsearch.ports import Inputs

if TYPE_CHECKING:
    import torch

_GPU_BATCH_TOKENS = 8192
"""Tokens in one forward pass, padding counted: sixteen windows of 512, a moment's work there."""

Read = Callable[[Mapping[str, "torch.Tensor"]], "torch.Tensor"]
"""From a batch's tensors to its output."""


class TorchNetwork:
    """The `Network` port over torch."""

    streams = 1

    def __init__(self, read: Read, precision: Precision, device: str = "cpu") -> None:
        """What `read` runs is on `device` already."""
        self._read = read
        self._precision = precision
        self._device = device
        self.batch_tokens = BATCH_TOKENS if device == "cpu" else _GPU_BATCH_TOKENS

    def forward(self, batches: Sequence[Inputs]) -> list[NDArray[np.float32]]:
        """The output for each batch, in their order. Raises ModelError."""
        import torch

        try:
            with torch.inference_mode(), half_precision(self._device, self._precision):
                return [self._one(batch) for batch in batches]
        except torch.OutOfMemoryError as error:
            raise ModelError(f"The memory of {self._device} is too small: {error}") from error

    def _one(self, batch: Inputs) -> NDArray[np.float32]:
        import torch

        tensors = {name: torch.from_numpy(rows).to(self._device) for name, rows in batch.items()}
        output: NDArray[np.float32] = self._read(tensors).float().cpu().numpy()
        return output


def leave_room() -> None:
    """Have torch compute with the usable threads, or fewer where it was given fewer."""
    import torch

    torch.set_num_threads(min(torch.get_num_threads(), usable_threads()))


def half_precision(device: str, precision: Precision) -> torch.autocast:
    """The context in which products are computed in `precision`."""
    import torch

    dtype = torch.float16 if precision is Precision.FLOAT16 else torch.bfloat16
    return torch.autocast(device, dtype, enabled=precision is not Precision.FLOAT32)


def device_for(precision: Precision) -> str:
    """Where torch computes in `precision`: float16 is for a GPU. Imports torch for that alone."""
    return (graphics_device() or "cpu") if precision is Precision.FLOAT16 else "cpu"


def graphics_device() -> str | None:
    """The GPU that torch can use, None where there is none; imports torch."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None


def torch_facts() -> dict[str, str]:
    """What torch makes of the processor; takes as long as importing torch."""
    import torch

    return {
        "torch uses": torch.backends.cpu.get_cpu_capability(),
        "torch threads": str(torch.get_num_threads()),
    }

"""What computes a model's numbers, and how exactly.

In: nothing. Out: `RuntimeChoice` as data. Does not know which of them this machine has.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Runtime(StrEnum):
    """The library that runs a network."""

    TORCH = "torch"
    OPENVINO = "openvino"


class Precision(StrEnum):
    """What the products of a network are computed in.

    In `INT8` the weights of the layers are integers, a scale for each output; what they are
    multiplied with is made integers as it comes, a scale for each token's groups of numbers.
    """

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"
    INT8 = "int8"


@dataclass(frozen=True, slots=True)
class RuntimeChoice:
    """One way to run a model; its text, "openvino int8", can be kept and parsed again."""

    runtime: Runtime
    precision: Precision

    def __str__(self) -> str:
        return f"{self.runtime} {self.precision}"

    @classmethod
    def parse(cls, text: str) -> RuntimeChoice:
        """The choice that `text` names. Raises ValueError for what names none."""
        runtime, _, precision = text.partition(" ")
        return cls(Runtime(runtime), Precision(precision))


REFERENCE = RuntimeChoice(Runtime.TORCH, Precision.FLOAT32)
"""What every other choice is measured against, and what is used where nothing else can be."""

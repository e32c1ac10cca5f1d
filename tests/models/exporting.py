"""A registry with exports of the tiny cross-encoder, the boxed one and the embedder on demand."""

from __future__ import annotations

from docsearch.domain.runtime import Precision, Runtime, RuntimeChoice
from docsearch.models.registry import ModelRegistry

FLOAT32 = RuntimeChoice(Runtime.OPENVINO, Precision.FLOAT32)
BFLOAT16 = RuntimeChoice(Runtime.OPENVINO, Precision.BFLOAT16)
INT8 = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)


def unseen(_done: int, _total: int) -> None:
    """A listener that is told nothing of use."""


def exported(registry: ModelRegistry, name: str, *choices: RuntimeChoice) -> ModelRegistry:
    """The registry, once it has these exports."""
    for choice in choices:
        registry.export(name, choice, unseen)
    return registry

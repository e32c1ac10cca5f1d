"""What a benchmark measured, as data that two runs can be compared by.

In: nothing. Out: `Figure`, `Step` and `BenchReport`. Does not know how anything is measured or
shown.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A benchmark is at `what`, the `done`th of `total` steps."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: `name` goes from the general to the particular.

    Such as ("50 pairs", "512 tokens", "openvino int8", "p50"), with the `unit` "ms". `baseline`
    names the figure of the same run that a `unit` of "x" is a ratio to.
    """

    name: tuple[str, ...]
    value: float
    unit: str
    higher_is_better: bool = False
    baseline: str = ""


@dataclass(frozen=True, slots=True)
class BenchReport:
    """One run: what was measured, where, with what versions and settings.

    `kind` is the benchmark's name; `began` is in ISO 8601, with its offset from UTC.
    """

    kind: str
    began: str
    machine: dict[str, str]
    versions: dict[str, str]
    settings: dict[str, str]
    figures: tuple[Figure, ...]

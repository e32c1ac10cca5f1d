"""Two runs of one benchmark side by side: what got better, what got worse, what cannot be told.

In: two reports of the same kind, the older first. Out: changes, worst first. Does not know where
the reports come from, or what their figures mean beyond which direction is the better one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from docsearch.domain.benchmark import BenchReport, Figure

NOISE = 0.15
"""Figures that differ by no more than this share count as equal: a machine is never quite quiet."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs; `gain` above 1 is so many times better, below 1 worse."""

    name: tuple[str, ...]
    before: float
    after: float
    unit: str
    gain: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact of the run that was another then; None where it was not told.

    `heading` is "machine", "versions" or "settings".
    """

    heading: str
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Regression:
    """`worse` has the worst first, `better` the best first; `same` counts what is within noise.

    `only_before` and `only_after` name figures that the other run does not have.
    """

    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    same: int
    only_before: tuple[tuple[str, ...], ...]
    only_after: tuple[tuple[str, ...], ...]
    conditions: tuple[Condition, ...]

    @property
    def is_other_machine(self) -> bool:
        """Whether the machines differ, so that times say little about docsearch."""
        return any(each.heading == "machine" for each in self.conditions)


def regression(before: BenchReport, after: BenchReport, noise: float = NOISE) -> Regression:
    """How the later run compares; a change counts when one value is above 1 + `noise` others."""
    old = {(each.name, each.unit): each for each in before.figures}
    new = {(each.name, each.unit): each for each in after.figures}
    changes = [_change(old[key], new[key]) for key in new if key in old]
    worse = [each for each in changes if each.gain * (1 + noise) < 1]
    better = [each for each in changes if each.gain > 1 + noise]
    return Regression(
        worse=tuple(sorted(worse, key=lambda each: each.gain)),
        better=tuple(sorted(better, key=lambda each: -each.gain)),
        same=len(changes) - len(worse) - len(better),
        only_before=tuple(each.name for key, each in old.items() if key not in new),
        only_after=tuple(each.name for key, each in new.items() if key not in old),
        conditions=(
            *_conditions("machine", before.machine, after.machine),
            *_conditions("versions", before.versions, after.versions),
            *_conditions("settings", before.settings, after.settings),
        ),
    )


def _change(before: Figure, after: Figure) -> Change:
    better_if_less = (before.value, after.value)
    reference, value = better_if_less[::-1] if after.higher_is_better else better_if_less
    if reference == value:
        return Change(after.name, before.value, after.value, after.unit, 1.0)
    gain = reference / value if value else math.inf
    return Change(after.name, before.value, after.value, after.unit, gain)


def _conditions(
    heading: str, before: Mapping[str, str], after: Mapping[str, str]
) -> list[Condition]:
    names = dict.fromkeys((*before, *after))
    return [
        Condition(heading, name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]

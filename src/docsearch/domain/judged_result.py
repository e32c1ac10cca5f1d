"""One result while it is being judged: the grades of its passages, and its figures at once.

In: nothing. Out: `Live` and `JudgedResult`. Does not know whose grades these are, nor how a figure
is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docsearch.domain.judgment import Placed


@dataclass(frozen=True, slots=True)
class Live:
    """Each measure's value (before, after) by its name; none while nothing relevant is judged.

    `judged` of the `shown` documents that stand in either top ten have a grade; `warning` is told
    where those are too few. `gone` judgments of the query, which count for nothing, are of passages
    that the index holds no more.
    """

    measures: Mapping[str, tuple[float, float]]
    judged: int
    shown: int
    warning: str | None = None
    gone: int = 0


@dataclass(frozen=True, slots=True)
class JudgedResult:
    """The judgments of a result's passages, by chunk id; without any there are no figures."""

    placed: Mapping[int, Placed]
    figures: Live | None = None

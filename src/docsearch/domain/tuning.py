"""Which way to run a model is used: the fastest that says what the reference says.

In: what was measured of each choice. Out: the one that is kept, and why the others are not. Pure;
does not know how anything was measured, or where it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docsearch.domain.runtime import RuntimeChoice

LEAST_OVERLAP = 0.99
MOST_NDCG_CHANGE = 0.005
LEAST_COSINE = 0.99


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near a choice is to the reference, on the same texts.

    `overlap` is the mean rank-biased overlap of the first ten, `ndcg_change` the mean NDCG@10 on
    judged queries less the reference's, `least_cosine` that of a vector to the reference's, over
    all passages and queries: of a bi-encoder alone. What does not apply is None.
    """

    overlap: float | None = None
    ndcg_change: float | None = None
    least_cosine: float | None = None

    @property
    def refusal(self) -> str | None:
        """Why this is not near enough, None where it is."""
        if self.overlap is not None and not self.overlap >= LEAST_OVERLAP:
            return f"its first ten overlap by {self.overlap:.4f}, less than {LEAST_OVERLAP}"
        if self.ndcg_change is not None and not abs(self.ndcg_change) <= MOST_NDCG_CHANGE:
            return f"its NDCG@10 is {self.ndcg_change:+.4f} off, more than {MOST_NDCG_CHANGE}"
        if self.least_cosine is not None and not self.least_cosine >= LEAST_COSINE:
            return f"a vector has a cosine of {self.least_cosine:.4f}, less than {LEAST_COSINE}"
        return None


@dataclass(frozen=True, slots=True)
class Trial:
    """One choice as it was measured.

    `seconds` is the least that the timed texts took, `times_as_fast` the reference's least in the
    same rounds as a multiple of it. `agreement` is None where it was not needed, because the choice
    is slower than one that agrees; `problem` says why nothing could be measured.
    """

    choice: RuntimeChoice
    seconds: float | None = None
    times_as_fast: float | None = None
    agreement: Agreement | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Tuning:
    """Every choice of one model on one machine, the reference first."""

    model: str
    trials: tuple[Trial, ...]

    @property
    def kept(self) -> Trial:
        """The one that is used."""
        return fastest_that_agrees(self.trials)

    def why_not(self, trial: Trial) -> str | None:
        """Why this one is not used, None for the one that is."""
        kept = self.kept
        if trial == kept:
            return None
        if trial.problem is not None:
            return trial.problem
        if trial.agreement is not None and trial.agreement.refusal is not None:
            return trial.agreement.refusal
        return f"slower than {kept.choice}"


@dataclass(frozen=True, slots=True)
class TuningProgress:
    """`done` of `total` steps of what is being done to one model; `tuning` comes with its last."""

    model: str
    doing: str
    done: int
    total: int
    tuning: Tuning | None = None


def fastest_that_agrees(trials: Sequence[Trial]) -> Trial:
    """The trial to keep; the reference, which comes first, where no other is faster and agrees."""
    reference, *others = trials
    agreeing = (
        each for each in others if each.agreement is not None and each.agreement.refusal is None
    )
    fastest = max(agreeing, key=speed_of, default=reference)
    return fastest if speed_of(fastest) > 1 else reference


def speed_of(trial: Trial) -> float:
    """How many times as fast as the reference; 0 where that is not known."""
    return trial.times_as_fast or 0.0

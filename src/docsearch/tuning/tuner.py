"""Which way to run a model is fastest on this machine, and says what the reference says: measured.

In: a model's name and a sample. Out: progress after each batch, and a `Tuning` with the last. Close
the iterator to cancel: no further batch is begun, and what was exported stays. Does not know where
the outcome is kept.

Each choice takes turns with the reference over the same texts, so that both meet the same machine,
and its best round counts. From the fastest on, those that are faster than the reference then read
the whole sample, until one agrees: the slower ones need not. Two models are in memory at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from itertools import count
from time import perf_counter

from docsearch.domain.errors import ModelError
from docsearch.domain.runtime import REFERENCE, RuntimeChoice
from docsearch.domain.tuning import Trial, Tuning, TuningProgress, speed_of
from docsearch.tuning.agreement import Numbers
from docsearch.tuning.sample import Sample
from docsearch.tuning.subjects import Read, Subject, Task, Tunable, subject


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    The reference reads the sample for `most_seconds`, and `least_tasks` of it however long that
    takes; the others then read as much.
    """

    rounds: int = 4
    most_seconds: float = 180.0
    least_tasks: int = 20


class Tuner:
    """Measures one model after another, in the thread that asks."""

    def __init__(
        self,
        models: Tunable,
        sample: Sample,
        effort: Effort | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._models = models
        self._sample = sample
        self._effort = effort or Effort()
        self._clock = clock

    def tune(self, name: str) -> Generator[TuningProgress, None, None]:
        """Measure the model with this name of its description.

        Raises ModelError where the reference cannot be run; what befalls another choice is told in
        its trial.
        """
        choices = self._models.choices(name)[1:]
        trials = [Trial(REFERENCE)]
        if choices:
            trials = yield from self._trials(name, choices)
        yield TuningProgress(name, "done", 1, 1, Tuning(name, tuple(trials)))

    def _trials(
        self, name: str, choices: tuple[RuntimeChoice, ...]
    ) -> Generator[TuningProgress, None, list[Trial]]:
        what = subject(self._models, name, self._sample)
        yield TuningProgress(name, f"loading {REFERENCE}", 0, 1)
        reference = what.load(REFERENCE)
        others, turns = [], count()
        for choice in choices:
            others.append((yield from self._timed(name, choice, what, reference, turns)))
        least = min((each.reference_seconds for each in others), default=math.inf)
        first = Trial(REFERENCE, seconds=least if math.isfinite(least) else None, times_as_fast=1.0)
        trials = [each.trial for each in others]
        faster = sorted((each for each in trials if speed_of(each) > 1), key=speed_of, reverse=True)
        if faster:
            expected = yield from self._expected(name, what, reference)
            del reference
            for trial in faster:
                compared = yield from self._compared(name, trial, what, expected)
                trials[trials.index(trial)] = compared
                if compared.agreement is not None and compared.agreement.refusal is None:
                    break
        return [first, *trials]

    def _timed(
        self,
        name: str,
        choice: RuntimeChoice,
        what: Subject,
        reference: Read,
        turns: Iterator[int],
    ) -> Generator[TuningProgress, None, _Timed]:
        rounds = self._effort.rounds
        try:
            yield TuningProgress(name, f"making {choice}", 0, rounds)
            self._models.export(name, choice, _unseen)
            read = what.load(choice)
            best, reference_best = math.inf, math.inf
            # Neither has a first time in its figures: memory is laid out, kernels are made.
            read(what.timed(next(turns)))
            for done in range(rounds):
                yield TuningProgress(name, f"timing {choice}", done, rounds)
                task = what.timed(next(turns))
                reference_best = min(reference_best, self._seconds(reference, task))
                best = min(best, self._seconds(read, task))
        except ModelError as error:
            return _Timed(Trial(choice, problem=str(error)), math.inf)
        return _Timed(Trial(choice, best, reference_best / best), reference_best)

    def _seconds(self, read: Read, task: Task) -> float:
        begun = self._clock()
        read(task)
        return self._clock() - begun

    def _expected(
        self, name: str, what: Subject, reference: Read
    ) -> Generator[TuningProgress, None, list[Numbers]]:
        taken, numbers = 0.0, list[Numbers]()
        for task in what.tasks:
            late = taken > self._effort.most_seconds
            if late and len(numbers) >= self._effort.least_tasks:
                break
            doing = f"reading the sample with {REFERENCE}"
            yield TuningProgress(name, doing, len(numbers), len(what.tasks))
            begun = self._clock()
            numbers.append(reference(task))
            taken += self._clock() - begun
        return numbers

    def _compared(
        self, name: str, trial: Trial, what: Subject, expected: list[Numbers]
    ) -> Generator[TuningProgress, None, Trial]:
        numbers: list[Numbers] = []
        try:
            read = what.load(trial.choice)
            for task in what.tasks[: len(expected)]:
                doing = f"comparing {trial.choice}"
                yield TuningProgress(name, doing, len(numbers), len(expected))
                numbers.append(read(task))
        except ModelError as error:
            return replace(trial, problem=str(error))
        return replace(trial, agreement=what.agreement(expected, numbers))


@dataclass(frozen=True, slots=True)
class _Timed:
    """A trial, and the least seconds of the reference in its rounds."""

    trial: Trial
    reference_seconds: float


def _unseen(_done: int, _total: int) -> None:
    """An export takes a second or two."""

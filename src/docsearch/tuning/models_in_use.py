"""The models that are in use, each tuned once on this machine.

In: names, or the settings. Out: progress, and a kept `Tuning` for each. Does not know how one is
measured.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

from docsearch.domain.errors import ModelError
from docsearch.domain.model import Availability
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import TuningProgress
from docsearch.models.descriptions import EMBEDDER
from docsearch.serving.tunings import Tunings
from docsearch.tuning.subjects import Tunable
from docsearch.tuning.tuner import Tuner


def in_use(settings: Settings, models: Tunable) -> tuple[str, ...]:
    """The models of the settings that run on this machine, by their own names."""
    names = []
    for name in filter(None, (EMBEDDER.name, settings.reranker_name)):
        try:
            state = models.state(name)
        except ModelError:
            # The searches tell of a name that means nothing.
            continue
        description = state.description
        # A language model has one way to run.
        local = not description.hosted and description.prompt is None
        if local and state.availability is Availability.READY:
            names.append(description.name)
    return tuple(names)


def is_due(name: str, models: Tunable, tunings: Tunings) -> bool:
    """Whether the model has not been measured here, or what it is to be run with is gone."""
    tuning = tunings.of(name)
    return tuning is None or not models.is_exported(name, tuning.kept.choice)


def tune(
    names: Iterable[str], tuner: Tuner, models: Tunable, tunings: Tunings, *, force: bool = False
) -> Generator[TuningProgress, None, None]:
    """Have every one of them tuned; the last progress of each holds its tuning.

    What was measured before is measured again only with `force`; an export that is gone is made
    again. Close the iterator to cancel: the models that are done stay so. Raises ModelError.
    """
    for name in names:
        known = None if force else tunings.of(name)
        if known is None:
            for progress in tuner.tune(name):
                if progress.tuning is not None:
                    tunings.keep(progress.tuning)
                    models.discard_exports(name, progress.tuning.kept.choice)
                yield progress
        else:
            choice = known.kept.choice
            if not models.is_exported(name, choice):
                yield TuningProgress(name, f"making {choice}", 0, 1)
                models.export(name, choice, lambda _done, _total: None)
            yield TuningProgress(name, "done", 1, 1, known)

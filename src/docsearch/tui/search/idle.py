"""What the screen does at rest: it looks beyond the candidates, and has the models tuned.

In: an answer that stands, and nothing asked, pressed or changed for a while. Out: the state with
what was found. Whatever asks for an answer, opens a screen or changes the index ends it. Does not
know how far beyond is read, nor how anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual.screen import Screen
from textual.timer import Timer

from docsearch.domain.explanation import Depth, Noise
from docsearch.domain.progress import Phase
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import TuningProgress
from docsearch.tui.background import Background
from docsearch.tui.beyond import Beyond, measured
from docsearch.tui.rerankers import Rerankers
from docsearch.tui.search.shown import Shown

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine

READING_REST_SECONDS = 4.0
"""Nothing was asked, pressed or changed for so long: the person reads, or is away."""

TUNING_REST_SECONDS = 30.0
"""Anything done sooner would disturb what is measured."""

UP_TO_DATE = (Phase.READY, Phase.READ_ONLY)


class IdleJob(Protocol):
    """Something to do at rest."""

    @property
    def seconds(self) -> float:
        """How long nothing must have happened before it may begin."""

    def begin(self) -> None:
        """Begin, unless that is out of place."""

    def leave(self) -> None:
        """Let go of the models, if it has begun."""


class Rest:
    """One timer for all jobs, which begin in the order of their seconds."""

    def __init__(self, screen: Screen[None], jobs: Sequence[IdleJob]) -> None:
        self._screen = screen
        self._jobs = sorted(jobs, key=lambda job: job.seconds)
        self._timer: Timer | None = None

    def again(self) -> None:
        """Something happened: the rest begins now."""
        self._wait_for(self._jobs, 0.0)

    def leave(self) -> None:
        """End every job."""
        for job in self._jobs:
            job.leave()

    def _wait_for(self, jobs: Sequence[IdleJob], rested: float) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if jobs:
            begin = partial(self._begin, jobs)
            self._timer = self._screen.set_timer(jobs[0].seconds - rested, begin)

    def _begin(self, jobs: Sequence[IdleJob]) -> None:
        first, *others = jobs
        self._wait_for(others, first.seconds)
        first.begin()


class ReadingOn:
    """Looks beyond the candidates of the answer that is shown.

    What fails here is told where it is asked for, by F7.
    """

    def __init__(
        self,
        screen: Screen[None],
        background: Background,
        shown: Shown,
        rerankers: Rerankers,
        settings: Settings,
    ) -> None:
        self._screen = screen
        self._background = background
        self._shown = shown
        self._rerankers = rerankers
        self._settings = settings
        self._has_begun = False

    @property
    def seconds(self) -> float:
        """See `IdleJob`."""
        return READING_REST_SECONDS

    def begin(self) -> None:
        """See `IdleJob`."""
        result = self._shown.now.result
        if result is not None and self._may():
            self._has_begun = True
            self._background.run(
                self._screen,
                "read-on",
                lambda engine: measured(engine.inspector, result),
                self._found,
            )

    def leave(self) -> None:
        """See `IdleJob`."""
        self._has_begun = False
        self._background.drop("read-on")

    def _found(self, news: Depth | Noise | Beyond) -> None:
        if isinstance(news, Beyond):
            self._shown.change(self._shown.now.read_on(news))

    def _may(self) -> bool:
        now, result = self._shown.now, self._shown.now.result
        return (
            self._settings.look_beyond
            and self._screen.is_active
            and not self._has_begun
            and self._shown.progress.phase in UP_TO_DATE
            and now.is_final
            and not now.running
            and not now.has_read_on
            and result is not None
            and bool(result.hits)
            and result.reranker is not None
            and not self._rerankers.is_service(result.reranker)
        )


class Tuning:
    """Finds how the models run fastest, once for each model and machine."""

    def __init__(
        self, screen: Screen[None], background: Background, shown: Shown, settings: Settings
    ) -> None:
        self.is_done = False
        self._screen = screen
        self._background = background
        self._shown = shown
        self._settings = settings
        self._has_begun = False

    @property
    def seconds(self) -> float:
        """See `IdleJob`."""
        return TUNING_REST_SECONDS

    def begin(self) -> None:
        """See `IdleJob`."""
        if self._may():
            self._has_begun = True
            self._background.run(self._screen, "tuning", _tuned, self._moved, newest=True)

    def leave(self) -> None:
        """See `IdleJob`."""
        if self._has_begun:
            self._has_begun, self._shown.tuning = False, None
            self._background.drop("tuning")
            if self._background.engine is not None:
                self._background.engine.tuning.stop()

    def _moved(self, progress: TuningProgress | None) -> None:
        if progress is None:
            self._has_begun, self.is_done = False, True
        self._shown.show_tuning(progress)

    def _may(self) -> bool:
        return (
            self._settings.tune
            and self._screen.is_active
            and not self._has_begun
            and not self.is_done
            and self._shown.download is None
            and self._shown.progress.phase in UP_TO_DATE
            and not self._shown.now.running
        )


def _tuned(engine: Engine) -> Iterator[TuningProgress | None]:
    """How far it is, and None at its end."""
    yield from engine.tuning.run()
    yield None

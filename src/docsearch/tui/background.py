"""The engine's work in threads beside the screen, which never blocks.

In: work under a topic, and who asks for it. Out: calls on the thread of whoever asked: one for each
value that the work yields, or one for the error that ends it. Work that is stale, because newer
work replaced it or its screen was left, makes no more calls. Does not know what the work is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import closing, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

from docsearch.domain.errors import DocsearchError
from docsearch.domain.model import ModelState
from docsearch.domain.progress import IndexProgress
from docsearch.tui.topics import Calls, Owner, Policy, Run, Topic, Unheard

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine

Value = TypeVar("Value")

EXPLAINING = "explain"
"""The topic of all explanations: one screen at a time asks for them."""

EXPLANATION_SETTLES = 0.08
"""Seconds that walking the list must pause before anything is measured."""


class Background:
    """Runs work on the engine that `open_engine` opens, which may block like the work itself."""

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        self.engine: Engine | None = None
        """None until it is open."""
        self._open_engine = open_engine
        self._opened = Event()
        self._is_closed = False
        self._topics: dict[str, Topic] = {}
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(
        self,
        owner: Owner,
        followed: Callable[[IndexProgress], object],
        known: Callable[[tuple[ModelState, ...]], object],
        failed: Callable[[DocsearchError], object],
    ) -> None:
        """Open the engine; returns at once.

        `followed` hears of the index, `known` of the rerankers there are, and `failed` why the
        engine cannot be opened.
        """
        opening = Calls(owner)
        progress = Calls(owner, newest=True)

        def follow(now: IndexProgress) -> None:
            if not self._is_closed:
                progress.make(followed, now)

        def open_and_load() -> None:
            try:
                engine = self._open_engine()
            except DocsearchError as error:
                opening.make(failed, error)
                return
            if self._is_closed:
                return
            self.engine = engine
            self._unsubscribe = engine.subscribe(follow)
            engine.start()
            self._opened.set()
            follow(engine.progress())
            opening.make(known, engine.rerankers())
            with suppress(DocsearchError):
                # The first search tells of the same fault, where it matters.
                engine.warm_up()

        Thread(target=opening.guard, args=(open_and_load,), name="engine", daemon=True).start()

    def run(
        self,
        owner: Owner,
        topic: str,
        work: Callable[[Engine], Iterable[Value]],
        found: Callable[[Value], object] = lambda _: None,
        failed: Callable[[DocsearchError], object] = lambda _: None,
        *,
        policy: Policy = Policy.LATEST,
        settle: float = 0.0,
        newest: bool = False,
    ) -> None:
        """Have this worked on once the engine is open; returns at once.

        It begins when nothing newer has come for `settle` seconds. A value is heard as soon as it
        is there; with `newest`, each holds what the one before held, and late ones are left out.
        To replace or drop the work is to close its iterator.
        """
        if not self._is_closed:
            run = Run(work, found, failed, Calls(owner, newest=newest), policy, settle)
            self._topics.setdefault(topic, Topic(topic, self._work)).add(run)

    def drop(self, *topics: str) -> None:
        """Leave what is worked on, and what waits, under these topics."""
        for topic in topics:
            if topic in self._topics:
                self._topics[topic].drop()

    def close(self) -> None:
        """Leave all work but duties; returns at once. Idempotent."""
        if not self._is_closed:
            self._is_closed = True
            self._opened.set()
            self._unsubscribe()
            for topic in self._topics.values():
                topic.close()

    def finish(self, topic: str, seconds: float | None = None) -> Unheard:
        """Close, and wait for so long at most until the duties of a topic have ended."""
        self.close()
        return self._topics[topic].finish(seconds) if topic in self._topics else Unheard((), (), 0)

    def unended(self, topic: str) -> int:
        """How much under a topic has not ended."""
        return self._topics[topic].unended if topic in self._topics else 0

    def stop(self, seconds: float) -> None:
        """Close, and end the engine's work; blocks for so long at most."""
        self.close()
        if self.engine is not None:
            self.engine.stop(seconds)

    def _work(self, run: Run) -> None:
        self._opened.wait()
        if self.engine is None or run.calls.are_stale:
            return
        try:
            with closing(_values(run.work(self.engine))) as values:
                for value in values:
                    if run.calls.are_stale:
                        return
                    run.calls.make(run.found, value)
        except DocsearchError as error:
            run.calls.make(run.failed, error)


def _values(things: Iterable[Value]) -> Generator[Value, None, None]:
    """The same as something that can be closed, which closes what it iterates over."""
    yield from things

"""Between the engine's inspector, which blocks, and the screens that show what it measures.

In: requests, each with whom to tell. Out: messages to them. Does not know what they do with them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from typing import ParamSpec, Protocol

from textual.message import Message

from docsearch.domain.errors import DocsearchError
from docsearch.tui.case_writer import CaseWriter
from docsearch.tui.closable import closable
from docsearch.tui.latest_only import IsStale, LatestOnly
from docsearch.tui.messages import (
    ContrastMoved,
    DepthFound,
    ExplanationFailed,
    FileGone,
    InspectionMoved,
    MissedMoved,
    NoiseFound,
    WhereaboutsFound,
)
from docsearch.tui.search_engine import (
    AgainstRequest,
    CaseRequest,
    ContrastRequest,
    ExplainRequest,
    Inspector,
    InspectRequest,
    OverviewRequest,
    SearchEngine,
    WhereaboutsRequest,
)

Post = Callable[[Message], object]
Params = ParamSpec("Params")

EXPLANATION_SETTLES = 0.08
"""Seconds a request must stand before it is begun, so that walking the list measures nothing."""


class Guard(Protocol):
    """Work, with what is to become of a fault of the program in it."""

    def __call__(self, work: Callable[Params, object], /) -> Callable[Params, None]:
        """The same work."""


class InspectionBridge:
    """Answers the newest request and none older, in a thread of its own.

    What a second reranker makes of a hit is measured in another, beside what the first does.
    `once_open` waits for the engine, and is None where there will be none. `guarded` wraps the
    thread's work, so that a fault of the program is not lost.
    """

    def __init__(self, once_open: Callable[[], SearchEngine | None], guarded: Guard) -> None:
        self._once_open = once_open
        self._asked = LatestOnly(guarded(self._answer), "explain", EXPLANATION_SETTLES)
        self._seconds = LatestOnly(guarded(self._answer), "against", EXPLANATION_SETTLES)
        self._read_on = LatestOnly(guarded(self._answer), "read-on")
        self._cases = CaseWriter(guarded)

    def start(self) -> None:
        """Begin to take requests."""
        self._asked.start()
        self._seconds.start()
        self._read_on.start()
        self._cases.start()

    def close(self) -> None:
        """Take no more; returns at once. Cases that were asked for are still written."""
        self._asked.close()
        self._seconds.close()
        self._read_on.close()
        self._cases.close()

    def ask(self, request: ExplainRequest, post: Post) -> None:
        """Measure this and nothing older; `post` is given every message, from another thread.

        One about a second reranker leaves the others alone, and they it.
        """
        asked = self._seconds if isinstance(request, AgainstRequest) else self._asked
        asked.ask((request, post))

    def leave(self) -> None:
        """Nobody looks any more: begin nothing further."""
        self._asked.drop()
        self._seconds.drop()

    def leave_second(self) -> None:
        """Nobody looks at the second reranker any more."""
        self._seconds.drop()

    def read_on(self, request: OverviewRequest, post: Post) -> None:
        """Measure this unasked; whoever asks for something else says `stop_reading` first."""
        self._read_on.ask((request, post), at_once=True)

    def stop_reading(self) -> None:
        """Begin nothing further that was not asked for."""
        self._read_on.drop()

    def save(self, request: CaseRequest, post: Post) -> None:
        """Keep an answer; goes on when its screen is left."""
        engine = self._once_open()
        if engine is not None:
            self._cases.ask(engine.inspector, request, post)

    def finish_cases(self, tell: Callable[[str], object]) -> None:
        """Wait for what is still being kept; see `CaseWriter.finish`."""
        self._cases.finish(tell)

    def _answer(self, asked: tuple[ExplainRequest, Post], is_stale: IsStale) -> None:
        request, post = asked
        engine = self._once_open()
        if engine is None or is_stale():
            return
        try:
            with closing(_answers(engine.inspector, request)) as answers:
                for message in answers:
                    if is_stale():
                        return
                    post(message)
        except DocsearchError as error:
            if not is_stale():
                post(ExplanationFailed(request, error))


def _answers(inspector: Inspector, request: ExplainRequest) -> Generator[Message, None, None]:
    if isinstance(request, InspectRequest):
        if inspector.is_gone(request.hit):
            yield FileGone(request)
        with closing(closable(inspector.inspect(request.result, request.hit))) as growing:
            for inspection in growing:
                yield InspectionMoved(request, inspection)
    elif isinstance(request, AgainstRequest):
        asked_under = inspector.under(request.result, request.hit, request.reranker)
        with closing(closable(asked_under)) as growing:
            for inspection in growing:
                yield InspectionMoved(request, inspection)
    elif isinstance(request, ContrastRequest):
        pair = (request.above, request.below)
        with closing(closable(inspector.contrasting(request.result, *pair))) as narrowing:
            found = None
            for found in narrowing:
                yield ContrastMoved(request, found)
        if found is not None:
            yield ContrastMoved(request, found, ended=True)
    elif isinstance(request, WhereaboutsRequest):
        asked = (request.typed, request.source, request.reranker, request.target)
        yield WhereaboutsFound(request, inspector.whereabouts(*asked, request.fusion))
    else:
        yield DepthFound(request, inspector.depth(request.result))
        noise = inspector.noise(request.result)
        if noise is not None:
            yield NoiseFound(request, noise)
        with closing(closable(inspector.missed(request.result))) as reading:
            for scored, total, missed in reading:
                yield MissedMoved(request, scored, total, missed)

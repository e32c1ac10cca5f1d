"""Between the engine's comparer, which blocks, and the screen that shows the columns.

In: requests, each with the screen to tell. Out: messages to that screen. Does not know what the
screen does with them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from threading import Thread

from textual.message import Message

from docsearch.domain.errors import DocsearchError
from docsearch.tui.closable import closable
from docsearch.tui.inspection_bridge import Guard
from docsearch.tui.latest_only import IsStale, LatestOnly
from docsearch.tui.messages import ComparisonFailed, ComparisonMoved
from docsearch.tui.search_engine import ComparisonRequest, SearchEngine

Post = Callable[[Message], object]


class ComparisonBridge:
    """Has the newest request scored and none older, each in a thread of its own.

    `once_open` waits for the engine, and is None where there will be none. `guarded` wraps the
    thread's work, so that a fault of the program is not lost.
    """

    def __init__(self, once_open: Callable[[], SearchEngine | None], guarded: Guard) -> None:
        self._once_open = once_open
        self._guarded = guarded
        self._asked = LatestOnly(self._begin, "comparisons")

    def start(self) -> None:
        """Begin to take requests."""
        self._asked.start()

    def close(self) -> None:
        """Take no more; returns at once."""
        self._asked.close()

    def ask(self, request: ComparisonRequest, post: Post) -> None:
        """Have this scored and nothing older; `post` is called from another thread."""
        self._asked.ask((request, post))

    def leave(self) -> None:
        """Nobody looks any more: begin no further batch."""
        self._asked.drop()

    def _begin(self, asked: tuple[ComparisonRequest, Post], is_stale: IsStale) -> None:
        # One of the rerankers may be a service that hangs: the next request leaves it behind.
        compare = self._guarded(partial(self._compare, asked, is_stale))
        Thread(target=compare, name="compare", daemon=True).start()

    def _compare(self, asked: tuple[ComparisonRequest, Post], is_stale: IsStale) -> None:
        request, post = asked
        engine = self._once_open()
        if engine is None:
            return
        try:
            comparing = engine.comparer.compare(request.result, request.rerankers)
            with closing(closable(comparing)) as snapshots:
                for comparison in snapshots:
                    if is_stale():
                        return
                    post(ComparisonMoved(request, comparison))
        except DocsearchError as error:
            if not is_stale():
                post(ComparisonFailed(request, error))

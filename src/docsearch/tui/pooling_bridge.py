"""Between the engine's pooling, which blocks, and the screen of a judging session.

In: queries, each with whom to tell. Out: messages to them, in the order of the queries. Does not
know what is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from queue import SimpleQueue
from threading import Thread

from textual.message import Message

from docsearch.domain.errors import DocsearchError
from docsearch.domain.pool import Pool
from docsearch.tui.closable import closable
from docsearch.tui.inspection_bridge import Guard
from docsearch.tui.messages import PoolFailed, PoolMade, PoolMoved
from docsearch.tui.search_engine import PoolRequest, SearchEngine

Post = Callable[[Message], object]


class PoolingBridge:
    """One query after another, in a thread of its own, until it is left.

    `once_open` waits for the engine, and is None where there will be none. `guarded` wraps the
    thread's work, so that a fault of the program is not lost.
    """

    def __init__(self, once_open: Callable[[], SearchEngine | None], guarded: Guard) -> None:
        self._once_open = once_open
        self._make = guarded(self._pool)
        self._asked: SimpleQueue[tuple[PoolRequest, Post, int] | None] = SimpleQueue()
        self._visit = 0
        self._thread = Thread(target=self._run, name="pools", daemon=True)

    def start(self) -> None:
        """Begin to take requests."""
        self._thread.start()

    def close(self) -> None:
        """Take no more; returns at once."""
        self.leave()
        self._asked.put(None)

    def ask(self, request: PoolRequest, post: Post) -> None:
        """Gather this after what was asked for before; `post` is called from another thread."""
        self._asked.put((request, post, self._visit))

    def leave(self) -> None:
        """Nobody looks any more: begin no further batch, nor any of the queries in the queue."""
        self._visit += 1

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            self._make(*asked)

    def _pool(self, request: PoolRequest, post: Post, visit: int) -> None:
        engine = self._once_open()
        if engine is None or visit != self._visit:
            return
        try:
            pooling = engine.pooling.pool(request.typed, request.source, request.rerankers)
            with closing(closable(pooling)) as steps:
                for each in steps:
                    if visit != self._visit:
                        return
                    if isinstance(each, Pool):
                        post(PoolMade(request, each))
                    else:
                        post(PoolMoved(request, each))
        except DocsearchError as error:
            if visit == self._visit:
                post(PoolFailed(request, error))

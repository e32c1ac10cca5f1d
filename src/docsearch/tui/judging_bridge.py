"""Between the engine's judgments, which block, and the screens where people judge.

In: grades to keep, results to look at. Out: messages to whoever asked. Every grade is written, in
the order in which it was given, also when the screen has been left meanwhile; of looks only the
newest is answered, and it sees every grade that was given before. Does not know what is shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Condition, Thread

from textual.message import Message

from docsearch.domain.errors import DocsearchError, IndexStoreError
from docsearch.domain.wording import plural
from docsearch.tui.inspection_bridge import Guard
from docsearch.tui.latest_only import IsStale, LatestOnly
from docsearch.tui.messages import JudgmentFailed, JudgmentsSeen, SoFarFailed, SoFarKnown
from docsearch.tui.search_engine import JudgeRequest, LookRequest, SearchEngine, SoFarRequest

Post = Callable[[Message], object]
Write = tuple[SearchEngine, JudgeRequest, Post]


class JudgingBridge:
    """One thread for all of it. `once_open` waits for the engine, None where there will be none.

    `guarded` wraps the thread's work, so that a fault of the program is not lost.
    """

    def __init__(self, once_open: Callable[[], SearchEngine | None], guarded: Guard) -> None:
        self._once_open = once_open
        self._write, self._look = guarded(self._keep), guarded(self._see)
        self._known = LatestOnly(guarded(self._sum_up), "judged-so-far")
        self._changed = Condition()
        self._writes: deque[Write] = deque()
        self._wanted: tuple[LookRequest, Post] | None = None
        self._closed = False
        self._unheard: list[DocsearchError] = []
        self._thread = Thread(target=self._run, name="judging", daemon=True)

    def start(self) -> None:
        """Begin to take requests."""
        self._thread.start()
        self._known.start()

    def close(self) -> None:
        """Take no more; returns at once. What was given is still written."""
        self._known.close()
        with self._changed:
            self._closed = True
            self._wanted = None
            self._changed.notify()

    def finish(self) -> None:
        """Close, and wait until all is written. Raises IndexStoreError where a grade was not."""
        self.close()
        if self._thread.is_alive():
            self._thread.join()
        if self._unheard:
            count = plural(len(self._unheard), "judgment")
            raise IndexStoreError(f"{count} not kept. {self._unheard[-1]}")

    def judge(self, request: JudgeRequest, post: Post) -> None:
        """Keep this grade; `post` is told, from another thread, where that cannot be."""
        engine = self._once_open()
        with self._changed:
            if engine is not None:
                self._writes.append((engine, request, post))
                self._changed.notify()

    def look(self, request: LookRequest, post: Post) -> None:
        """See what is judged of this result, once all that was given is written."""
        with self._changed:
            self._wanted = None if self._closed else (request, post)
            self._changed.notify()

    def so_far(self, request: SoFarRequest, post: Post) -> None:
        """Tell this of all that was judged, and nothing older; `post` is called from a thread."""
        self._known.ask((request, post))

    def leave(self) -> None:
        """Nobody looks at all of it any more."""
        self._known.drop()

    def _sum_up(self, asked: tuple[SoFarRequest, Post], is_stale: IsStale) -> None:
        request, post = asked
        engine = self._once_open()
        if engine is None or is_stale():
            return
        try:
            names, how = engine.evaluator.local_rerankers(), request.condense
            known = partial(engine.evaluator.known, request.source, names, condense=how)
            own = known(only=request.typed) if request.typed.strip() else {}
            found = SoFarKnown(request, own, known())
        except DocsearchError as error:
            if not is_stale():
                post(SoFarFailed(error))
        else:
            if not is_stale():
                post(found)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._writes or self._wanted or self._closed):
                    self._changed.wait()
                write = self._writes.popleft() if self._writes else None
                wanted = None
                if write is None:
                    if self._closed:
                        return
                    wanted, self._wanted = self._wanted, None
            if write is not None:
                self._write(*write)
            elif wanted is not None:
                self._look(*wanted)

    def _keep(self, engine: SearchEngine, request: JudgeRequest, post: Post) -> None:
        try:
            engine.judging.judge(request.typed, request.passage, request.grade)
        except DocsearchError as error:
            if self._closed:
                self._unheard.append(error)
            else:
                post(JudgmentFailed(error, request))

    def _see(self, request: LookRequest, post: Post) -> None:
        engine = self._once_open()
        if engine is None:
            return
        try:
            seen = engine.judging.look(request.result, condense=request.condense)
        except DocsearchError as error:
            post(JudgmentFailed(error))
        else:
            post(JudgmentsSeen(request, seen))

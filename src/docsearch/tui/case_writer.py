"""Case files, written one after the other, and to the end when the screen is left.

In: requests, each with whom to tell. Out: files; messages of how far they are and what became
of them. Does not know when a person leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Queue
from threading import Event, Thread

from textual.message import Message

from docsearch.domain.errors import CaseError, DocsearchError
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import plural
from docsearch.tui.exporting import unused
from docsearch.tui.messages import CaseMoved, CaseSaved
from docsearch.tui.search_engine import CaseRequest, Inspector

Post = Callable[[Message], object]
Asked = tuple[Inspector, CaseRequest, Post]

CASE = "docsearch-case"

PATIENCE = 60.0
"""Seconds that leaving waits for what is still to be written."""


class CaseWriter:
    """A queue of cases, in a thread of its own.

    `guarded` wraps the thread's work, so that a fault of the program is not lost.
    """

    def __init__(
        self, guarded: Callable[[Callable[[Asked], None]], Callable[[Asked], None]]
    ) -> None:
        self._write = guarded(self._save)
        self._queue: Queue[Asked | None] = Queue()
        self._asked = 0
        self._ended = 0
        self._unheard: list[CaseSaved] = []
        self._closed = Event()
        self._thread = Thread(target=self._run, name="case-file", daemon=True)

    def start(self) -> None:
        """Begin to take requests."""
        self._thread.start()

    def close(self) -> None:
        """Take no more; returns at once. What has been asked for is still written."""
        self._closed.set()
        self._queue.put(None)

    def ask(self, inspector: Inspector, request: CaseRequest, post: Post) -> None:
        """Write this after those asked for before; `post` is told from another thread."""
        self._asked += 1
        self._queue.put((inspector, request, post))

    def finish(self, tell: Callable[[str], object], patience: float = PATIENCE) -> None:
        """Close, and wait so many seconds for the rest; what nobody was told yet goes to `tell`.

        Raises CaseError where a case is not written.
        """
        self.close()
        left = self._asked - self._ended
        if left and self._thread.is_alive():
            tell(f"Writing {plural(left, 'case file')} before leaving.")
            self._thread.join(patience)
        for saved in self._unheard:
            for file in saved.files:
                tell(f"Case file written: {safe_line(str(file))}")
        reasons = [str(saved.error) for saved in self._unheard if saved.error is not None]
        left = self._asked - self._ended
        if left:
            reasons.append(f"{plural(left, 'case file')} not written.")
        if reasons:
            raise CaseError(" ".join(reasons))

    def _run(self) -> None:
        while (asked := self._queue.get()) is not None:
            self._write(asked)

    def _save(self, asked: Asked) -> None:
        inspector, request, post = asked
        saved = _saved(inspector, request, self._unless_closed(post))
        if self._closed.is_set():
            self._unheard.append(saved)
        else:
            post(saved)
        self._ended += 1

    def _unless_closed(self, post: Post) -> Post:
        return lambda message: None if self._closed.is_set() else post(message)


def _saved(inspector: Inspector, request: CaseRequest, post: Post) -> CaseSaved:
    inspection = request.inspection
    files = unused(request.folder, CASE, [".json", ".html"])
    try:
        if inspection is None:
            for inspection in inspector.inspect(request.result, request.hit):
                if inspection.doing is not None:
                    post(CaseMoved(f"measuring {inspection.doing}", inspection.done))
        post(CaseMoved("writing", 1.0))
        inspector.save_case(files, request.result, inspection, with_text=request.with_text)
    except DocsearchError as error:
        return CaseSaved((), error)
    return CaseSaved(files)

"""The rerankers that are in use: each loaded once, and served at the priority of whoever asks.

In: a name. Out: a `Reranker` that any thread may call, or why there is none. Does not know what is
asked of it.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from docsearch.domain.model import Availability
from docsearch.ports import Models, Reranker
from docsearch.runtime.for_good import for_good
from docsearch.runtime.inference_worker import InferenceWorker, Priority
from docsearch.runtime.served_models import InPlace, ServedReranker
from docsearch.runtime.timed_reranker import Record, TimedReranker

LEAVES = "{} is a service: query and passages leave this machine"
HELD_BACK = "Ctrl-R sends the query and passages to {}, which is a service"


class ServedRerankers:
    """Any thread may ask; a model is loaded when it first has something to do.

    A service is asked in the thread of whoever asks: it needs nothing of the models' thread, and
    may be slow to answer or never do. `record` is told how long each batch took.
    """

    def __init__(self, models: Models, worker: InferenceWorker, record: Record) -> None:
        self._models = models
        self._worker = worker
        self._record = record
        self._lock = Lock()
        self._loaders: dict[str, Callable[[], Reranker]] = {}
        self._served: dict[tuple[str, Priority], tuple[Reranker, bool]] = {}

    def at(
        self, priority: Priority, name: str | None, *, send: bool = True
    ) -> tuple[Reranker | None, str | None]:
        """The reranker to use, and what must be said of it; or None, and why there is none.

        Without `send` a service is none: nobody has asked that text be sent to it. Raises
        ModelError for a name that means nothing.
        """
        if name is None:
            return None, "reranker: off"
        with self._lock:
            if (name, priority) not in self._served:
                state = self._models.state(name)
                if state.availability is not Availability.READY:
                    return None, f"reranker: off ({state.availability})"
                # A hub id and a short name may mean the same model: it is loaded once.
                known_as = state.description.name
                hosted = state.description.hosted
                runner = InPlace() if hosted else self._worker
                served = ServedReranker(runner, known_as, self._loader(known_as), priority)
                self._served[name, priority] = served, hosted
            reranker, is_service = self._served[name, priority]
        if not is_service:
            return reranker, None
        if not send:
            return None, HELD_BACK.format(reranker.name)
        return reranker, LEAVES.format(reranker.name)

    def load(self, name: str | None) -> None:
        """Have it in memory, loaded in the thread that asks, so that nobody waits for that in turn.

        Nothing comes of one that is not here, or is a service. Raises ModelError.
        """
        if self.at(Priority.QUERY, name, send=False)[0] is not None and name is not None:
            with self._lock:
                load = self._loader(self._models.state(name).description.name)
            load()

    def _loader(self, name: str) -> Callable[[], Reranker]:
        if name not in self._loaders:
            self._loaders[name] = for_good(
                lambda: TimedReranker(self._models.load_reranker(name), self._record)
            )
        return self._loaders[name]

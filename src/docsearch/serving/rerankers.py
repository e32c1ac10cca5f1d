"""The rerankers that are in use: each loaded once, and served at the priority of whoever asks.

In: a name. Out: a `Reranker` that any thread may call, or why there is none. Does not know what is
asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from time import perf_counter

from docsearch.domain.explanation import Reading
from docsearch.domain.model import Availability
from docsearch.domain.ranking import RerankScore
from docsearch.domain.speed import Speed
from docsearch.ports import Models, PairWindows, Reranker, Vocabulary
from docsearch.serving.inference import InferenceWorker, Priority
from docsearch.serving.load_once import for_good
from docsearch.serving.models import InPlace, ServedReranker

Record = Callable[[str, str, Speed], None]
"""Called with the reranker's name, its fingerprint, and a batch."""


class TimedReranker:
    """Batches of passages that were planned are timed, as those of every reranking are.

    What is scored without a plan (sentences of a passage, say) is not like a passage, and would
    tell another speed.
    """

    def __init__(
        self, reranker: Reranker, record: Record, clock: Callable[[], float] = perf_counter
    ) -> None:
        self.name = reranker.name
        self.fingerprint = reranker.fingerprint
        self.batch_tokens = reranker.batch_tokens
        self._reranker = reranker
        self._record = record
        self._clock = clock
        self._planned: tuple[str, dict[str, int]] = ("", {})

    def characters_read(self, query: str) -> int:
        """How much of the query is read."""
        return self._reranker.characters_read(query)

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words are known."""
        return self._reranker.vocabulary(text)

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        """How the pairs will be read; remembered until the next plan."""
        plans = self._reranker.plan(query, passages)
        tokens = (sum(plan.token_counts) for plan in plans)
        self._planned = query, dict(zip(passages, tokens, strict=True))
        return plans

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        """One batch of pairs, timed where it was planned."""
        planned_query, tokens = self._planned
        begun = self._clock()
        scores = self._reranker.score(query, passages)
        seconds = self._clock() - begun
        planned = query == planned_query and all(each in tokens for each in passages)
        if planned and passages and seconds > 0:
            read = sum(tokens[each] for each in passages)
            self._record(self.name, self.fingerprint, Speed(len(passages), read, seconds))
        return scores

    def read(self, query: str, passage: str) -> Reading:
        """What is read of one pair."""
        return self._reranker.read(query, passage)

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """One batch of pairs in half precision."""
        return self._reranker.rough_scores(query, passages)


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

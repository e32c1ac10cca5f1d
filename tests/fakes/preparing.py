"""Files prepared in the thread that asks, for tests whose files do no harm."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping

from docsearch.domain.document import SourceFile
from docsearch.ingest.prepare import Job, Outcome, Preparer
from docsearch.ingest.stopping import Stop, go_on


class PreparingHere:
    """The port `Preparing`. Files whose names are in `slow` are put off until `finish`."""

    def __init__(self, preparer: Preparer, slow: Iterable[str] = ()) -> None:
        self._preparer = preparer
        self.slow = set(slow)
        self._put_off: dict[str, Job] = {}

    def prepare(self, jobs: Iterable[Job], stop: Stop) -> Generator[tuple[Job, Outcome] | None]:
        for job in jobs:
            go_on(stop)
            if job.source.path in self.slow:
                self._put_off[job.source.path] = job
                yield None
            else:
                yield job, self._preparer.prepare(job)

    @property
    def put_off(self) -> Mapping[str, SourceFile]:
        return {path: job.source for path, job in self._put_off.items()}

    def forget(self, path: str) -> None:
        self._put_off.pop(path, None)

    def finish(self, stop: Stop, others_wait: Stop) -> Iterator[tuple[Job, Outcome]]:
        while self._put_off and not others_wait():
            go_on(stop)
            job = self._put_off.pop(next(iter(self._put_off)))
            yield job, self._preparer.prepare(job)

    def warm_up(self) -> None:
        pass

    def close(self) -> None:
        self._put_off.clear()

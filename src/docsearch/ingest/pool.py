"""Jobs -> outcomes, by other processes, ahead of who takes them.

In: jobs, and how a child process makes a preparer. Out: each job with its outcome, as they come. No
file is ever read in docsearch's own process: one that crashes its reader, takes too long or too
much is told as unusable. A file that is not read soon is put off, so that it holds up no other.
No more is done ahead than `FILES_AHEAD` and `BYTES_AHEAD` allow, so that memory does not grow with
the folder.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from queue import Empty, SimpleQueue

from docsearch.domain.document import SourceFile
from docsearch.ingest.child import Bounds, Request
from docsearch.ingest.child_process import Make
from docsearch.ingest.hands import ATTEMPTS, Done, Hand, Task, Tasks
from docsearch.ingest.prepare import Job, Outcome, TakesLong, Unusable
from docsearch.ingest.put_off import PutOff
from docsearch.ingest.stopping import Stop, go_on

FILES_AHEAD = 256
"""As many small files as make a group to embed, and as many again."""

BYTES_AHEAD = 8_000_000
"""Bytes of files in work or done ahead; a larger file is taken alone."""

FEWEST_FILES = 200
FEWEST_BYTES = 1_000_000
"""Less work than either takes about as long as it takes to start another process."""

ASK_SECONDS = 0.1
"""How often it is asked, while nothing comes, whether to stop."""

PAUSE_SECONDS = 1.0
"""Where nothing comes for so long, another process helps, and what came can be committed."""

BOUNDS = Bounds()


def usual_processes(cores: int) -> int:
    """How many keep a model busy that runs on so many cores, which they share."""
    return min(4, max(2, cores // 4))


class Pool:
    """The port `Preparing`. `make` is pickled by name.

    One process stays until `close`, so that an edit is read at once; others, up to `processes`,
    come with much to do and go with it. One more reads what was put off, beside all else.
    """

    def __init__(
        self,
        make: Make,
        processes: int,
        put_off: PutOff | None = None,
        bounds: Bounds = BOUNDS,
    ) -> None:
        self._make, self._bounds = make, bounds
        self._processes = processes
        self._notes = put_off or PutOff(None)
        self._tasks: Tasks = Tasks()
        self._done: SimpleQueue[Done] = SimpleQueue()
        self._hands: list[Hand] = []
        self._round = 0
        self._slow: dict[str, Job] = {}
        self._slow_tasks: Tasks = Tasks()
        self._slow_done: SimpleQueue[Done] = SimpleQueue()
        self._slow_hand: Hand | None = None

    def warm_up(self) -> None:
        """Start the process that stays, and do not wait for it."""
        if not self._hands:
            self._add_hand()

    def close(self) -> None:
        """End every process, whatever it is at; idempotent."""
        hands = [*self._hands, *([self._slow_hand] if self._slow_hand else [])]
        for hand in hands:
            hand.end()
        self._hands, self._slow_hand = [], None
        self._slow = {}
        for hand in hands:
            hand.join()
        self._notes.close()

    def prepare(self, jobs: Iterable[Job], stop: Stop) -> Generator[tuple[Job, Outcome] | None]:
        """Each job with what became of it, nearly in order; None in a pause.

        A file that takes long is not among them but in `put_off`. Raises StoppedError, ReadingError
        where no process can be started, and ModelError.
        """
        self._round += 1
        left = iter(jobs)
        following = next(left, None)
        files = size = 0
        try:
            while files or following is not None:
                while following is not None and (not files or _has_room(files, size, following)):
                    files, size = files + 1, size + following.source.size
                    self._submit(following)
                    following = next(left, None)
                is_much = files >= FEWEST_FILES or size >= FEWEST_BYTES
                self._have_hands(self._processes if is_much else 1)
                done = self._next_done(stop)
                if done is None:
                    self._notes.being_read.sync()
                    self._have_hands(min(len(self._hands) + 1, files))
                    yield None
                    continue
                job = done.task.request.job
                files, size = files - 1, size - job.source.size
                if isinstance(done.outcome, Exception):
                    raise done.outcome
                if isinstance(done.outcome, TakesLong):
                    self._put_off(job)
                else:
                    yield job, done.outcome
        finally:
            self._tasks.clear()
            for helper in self._hands[1:]:
                helper.end()
            del self._hands[1:]

    @property
    def put_off(self) -> Mapping[str, SourceFile]:
        """The files that are still to be read, or being read, beside all else, by path."""
        return {path: job.source for path, job in self._slow.items()}

    def forget(self, path: str) -> None:
        """What comes of this file that was put off is of no use."""
        self._slow.pop(path, None)

    def finish(self, stop: Stop, others_wait: Stop) -> Iterator[tuple[Job, Outcome]]:
        """Each file that was put off with what became of it; ends early where others wait.

        Raises what `prepare` raises.
        """
        while self._slow and not others_wait():
            go_on(stop)
            try:
                done = self._slow_done.get(timeout=ASK_SECONDS)
            except Empty:
                continue
            job = done.task.request.job
            if self._slow.get(job.source.path) is not job:
                continue  # it was forgotten, or put off again as another
            if isinstance(done.outcome, Exception):
                raise done.outcome
            del self._slow[job.source.path]
            yield job, done.outcome

    def _submit(self, job: Job) -> None:
        """Hand the job on, unless docsearch was ended before while the same file was read."""
        deaths = self._notes.deaths(job.source)
        task = Task(Request(job), self._round)
        if deaths is None:
            self._tasks.put(task)
        elif deaths >= ATTEMPTS:
            self._notes.remove(job.source)
            reason = f"docsearch was ended {deaths} times while it was read"
            self._done.put(Done(task, Unusable(job.source, reason)))
        else:
            self._done.put(Done(task, TakesLong(job.source)))

    def _put_off(self, job: Job) -> None:
        self._slow[job.source.path] = job
        self._notes.add(job.source)
        self._slow_tasks.put(Task(Request(job, patient=True)))
        if self._slow_hand is None:
            self._slow_hand = Hand(
                self._make, self._bounds, self._slow_tasks, self._slow_done, self._notes
            )

    def _next_done(self, stop: Stop) -> Done | None:
        """The next of this round; None where nothing comes for a while."""
        for _ in range(round(PAUSE_SECONDS / ASK_SECONDS)):
            go_on(stop)
            try:
                done = self._done.get(timeout=ASK_SECONDS)
            except Empty:
                continue
            if done.task.round == self._round:
                return done
        return None

    def _have_hands(self, count: int) -> None:
        while len(self._hands) < min(count, self._processes):
            self._add_hand()

    def _add_hand(self) -> None:
        notes, helps = self._notes.being_read, bool(self._hands)
        hand = Hand(self._make, self._bounds, self._tasks, self._done, notes, helps=helps)
        self._hands.append(hand)


def _has_room(files: int, size: int, job: Job) -> bool:
    return files < FILES_AHEAD and size + job.source.size <= BYTES_AHEAD

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread, current_thread, get_ident, get_native_id

import pytest

from docsearch.serving.inference import (
    LESS_IMPORTANT,
    InferenceWorker,
    Priority,
    WorkerClosedError,
)

PATIENCE = 20.0


def in_thread(worker: InferenceWorker, priority: Priority, label: str, log: list[str]) -> Thread:
    thread = Thread(target=lambda: worker.run(priority, lambda: log.append(label)))
    thread.start()
    return thread


def wait_for_queue(worker: InferenceWorker, length: int) -> None:
    waited = Event()
    for _ in range(2000):
        if worker._work.qsize() >= length:
            return
        waited.wait(0.01)
    raise AssertionError("the work never arrived")


def test_a_query_overtakes_the_indexing_that_waits() -> None:
    worker, log = InferenceWorker(), list[str]()
    holding, release = Event(), Event()

    def hold() -> None:
        holding.set()
        release.wait(PATIENCE)

    first = Thread(target=lambda: worker.run(Priority.INDEXING, hold))
    first.start()
    holding.wait(PATIENCE)
    threads = [first]
    for count, (priority, label) in enumerate(
        [(Priority.INDEXING, "chunk 1"), (Priority.INDEXING, "chunk 2"), (Priority.QUERY, "query")]
    ):
        threads.append(in_thread(worker, priority, label, log))
        wait_for_queue(worker, count + 1)
    release.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert log == ["query", "chunk 1", "chunk 2"]
    worker.close()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no importance of their own")
def test_the_models_threads_give_way_to_all_others() -> None:
    def importance() -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    def of_a_thread_that_it_starts() -> int:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(importance).result()

    worker, ours = InferenceWorker(), importance()
    try:
        nicer = min(19, ours + LESS_IMPORTANT)
        assert worker.run(Priority.QUERY, importance) == nicer
        assert worker.run(Priority.QUERY, of_a_thread_that_it_starts) == nicer
        assert importance() == ours
    finally:
        worker.close()


def test_all_work_runs_on_one_thread_that_is_not_the_caller() -> None:
    worker = InferenceWorker()
    seen = {worker.run(priority, get_ident) for priority in (Priority.QUERY, Priority.INDEXING)}
    assert len(seen) == 1
    assert seen != {current_thread().ident}
    worker.close()


def test_an_error_reaches_the_caller_and_the_worker_lives_on() -> None:
    worker = InferenceWorker()
    with pytest.raises(ZeroDivisionError):
        worker.run(Priority.QUERY, lambda: 1 // 0)
    assert worker.run(Priority.QUERY, lambda: "still here") == "still here"
    worker.close()


def test_closing_frees_those_who_wait() -> None:
    worker = InferenceWorker()
    holding, release = Event(), Event()

    def hold() -> None:
        holding.set()
        release.wait(PATIENCE)

    outcome: list[type[BaseException]] = []

    def wait_in_vain() -> None:
        try:
            worker.run(Priority.INDEXING, lambda: None)
        except WorkerClosedError as error:
            outcome.append(type(error))

    busy = Thread(target=lambda: worker.run(Priority.QUERY, hold))
    busy.start()
    holding.wait(PATIENCE)
    waiting = Thread(target=wait_in_vain)
    waiting.start()
    wait_for_queue(worker, 1)
    worker.close()
    waiting.join(PATIENCE)
    assert outcome == [WorkerClosedError]
    release.set()
    busy.join(PATIENCE)
    with pytest.raises(WorkerClosedError):
        worker.run(Priority.QUERY, lambda: None)


def test_the_batch_in_hand_is_waited_for_and_no_longer_than_asked() -> None:
    worker, ended = InferenceWorker(), Event()
    holding, release = Event(), Event()

    def hold() -> None:
        holding.set()
        release.wait(PATIENCE)
        ended.set()

    thread = Thread(target=lambda: worker.run(Priority.QUERY, hold))
    thread.start()
    holding.wait(PATIENCE)
    worker.close()
    worker.wait_until_idle(0.0)
    assert not ended.is_set()
    release.set()
    worker.wait_until_idle(PATIENCE)
    assert ended.is_set()
    thread.join(PATIENCE)


def test_a_worker_that_never_worked_is_idle() -> None:
    worker = InferenceWorker()
    worker.close()
    worker.wait_until_idle(PATIENCE)
    with pytest.raises(WorkerClosedError):
        worker.run(Priority.QUERY, lambda: None)

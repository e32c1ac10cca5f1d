"""Whoever waits for the index can be interrupted, whatever thread the signal comes to."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import signal, sys, traceback
from threading import Event, Thread, get_ident

from docsearch.serving.index_worker import IndexWorker

main = get_ident()


def interrupt_once_it_waits():
    while True:
        names = [frame.name for frame in traceback.extract_stack(sys._current_frames()[main])]
        if "wait_until_ready" in names and names[-1] == "wait":
            break
    signal.pthread_kill(get_ident(), signal.SIGINT)


signal.signal(signal.SIGINT, signal.default_int_handler)
index = IndexWorker(Event().wait, lambda progress: None)
index.start()
Thread(target=interrupt_once_it_waits, daemon=True).start()
try:
    index.wait_until_ready()
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_signal_that_comes_to_another_thread_interrupts_the_one_that_waits() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout == "interrupted\n", ended.stderr[-2000:]

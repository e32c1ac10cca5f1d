"""Signals end a process that is at anything, without a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

TIMEOUT = 60.0
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])

UNWINDS_FOR_EVER = """
from threading import Event
from docsearch.cli.interrupts import INTERRUPTS
INTERRUPTS.listen()
try:
    print("at work", flush=True)
    Event().wait()
finally:
    Event().wait()
"""

SWALLOWS_IT = """
from threading import Event
from docsearch.cli import interrupts
interrupts.GRACE_SECONDS = {grace}
interrupts.INTERRUPTS.listen()
said = "at work"
while True:
    try:
        print(said, flush=True)
        Event().wait()
    except KeyboardInterrupt:
        said = "swallowed"
"""

IGNORED = """
import signal
from docsearch.cli.interrupts import INTERRUPTS
signal.signal(signal.SIGINT, signal.SIG_IGN)
INTERRUPTS.listen()
print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
"""

A_MODEL_THAT_STAYS = """
import sys
from threading import Event, Thread
Thread(target=Event().wait, name="inference").start()
sys.argv = ["docsearch", "--version"]
from docsearch.cli.main import main
main()
"""


def started(program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@SIGNALS
@pytest.mark.parametrize("program", [UNWINDS_FOR_EVER, SWALLOWS_IT.format(grace=1.5)])
def test_a_command_that_does_not_unwind_is_ended_after_the_grace(
    program: str, number: signal.Signals
) -> None:
    process = started(program)
    assert line_of(process) == "at work"
    process.send_signal(number)
    _, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, err) == (130, "Stopped.\n")


@SIGNALS
def test_a_second_signal_waits_for_no_grace(number: signal.Signals) -> None:
    process = started(SWALLOWS_IT.format(grace=3600))
    assert line_of(process) == "at work"
    process.send_signal(number)
    assert line_of(process) == "swallowed"
    process.send_signal(number)
    _, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, err) == (130, "Stopped.\n")


def test_a_signal_that_the_caller_ignores_stays_ignored() -> None:
    process = started(IGNORED)
    assert process.communicate(timeout=TIMEOUT) == ("True\n", "")


def test_a_model_that_goes_on_does_not_keep_a_finished_command() -> None:
    process = started(A_MODEL_THAT_STAYS)
    out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("docsearch ")


def test_an_output_that_nobody_reads_any_more_does_not_keep_it() -> None:
    process = started(SWALLOWS_IT.format(grace=0.1))
    assert line_of(process) == "at work"
    assert process.stderr is not None
    process.stderr.close()
    process.send_signal(signal.SIGTERM)
    with process:
        assert process.wait(TIMEOUT) == 130

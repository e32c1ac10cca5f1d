"""A process of its own tunes while the screen is at rest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from docsearch.domain.runtime import REFERENCE, Precision, Runtime, RuntimeChoice
from docsearch.domain.settings import Settings
from docsearch.domain.tuning import Agreement, Trial, Tuning, TuningProgress
from docsearch.models.descriptions import EMBEDDER
from docsearch.models.openvino.network import precisions
from docsearch.serving.tuned_models import model_registry, tunings
from docsearch.tuning.idle import IdleTuning, as_line, command

STEPS = [TuningProgress("a", "timing torch bfloat16", done, 3) for done in range(3)]
PATIENCE = 30.0

TELL_AND_END = f"""
print({as_line(STEPS[0])!r})
print("no progress"); print("[1, 2]"); print("{{"); print()
print({as_line(STEPS[1])!r})
"""
TELL_AND_WAIT = f"""
import threading
print({as_line(STEPS[0])!r}, flush=True)
threading.Event().wait()
"""


def awaiting(go: Path) -> str:
    """Tells the first step, and the second once this file is there."""
    return f"""
import pathlib, threading
print({as_line(STEPS[0])!r}, flush=True)
while not pathlib.Path({str(go)!r}).exists():
    threading.Event().wait(0.01)
print({as_line(STEPS[1])!r}, flush=True)
"""


holds = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="the system cannot hold it")


def idle(program: str, *, due: bool = True) -> IdleTuning:
    return IdleTuning((sys.executable, "-c", program), lambda: due)


def test_what_the_process_tells_is_told_and_what_it_should_not_is_not() -> None:
    assert list(idle(TELL_AND_END).run()) == STEPS[:2]


def test_nothing_is_started_where_nothing_is_due() -> None:
    assert list(idle(TELL_AND_END, due=False).run()) == []


def test_a_process_that_cannot_be_started_or_crashes_is_no_error() -> None:
    assert list(IdleTuning(("/no/such/program",), lambda: True).run()) == []
    assert list(idle("raise SystemExit(3)").run()) == []


@holds
def test_what_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    go = tmp_path / "go"
    tuning = idle(awaiting(go))
    steps = tuning.run()
    assert next(steps) == STEPS[0]
    tuning.stop()
    assert list(steps) == []
    go.touch()
    assert list(tuning.run()) == STEPS[1:2]
    assert list(tuning.run()) == STEPS[:2], "it had ended, and is due again"


def test_whoever_waits_for_a_step_is_freed_by_the_stop() -> None:
    tuning = idle(TELL_AND_WAIT)
    steps = tuning.run()
    next(steps)
    rest: list[TuningProgress] = []
    waiting = Thread(target=lambda: rest.extend(steps), daemon=True)
    waiting.start()
    tuning.stop()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    assert rest == []
    tuning.close()


@holds
def test_to_leave_the_steps_holds_the_process(tmp_path: Path) -> None:
    go = tmp_path / "go"
    tuning = idle(awaiting(go))
    with closing(_generator(tuning)) as steps:
        next(steps)
        assert list(tuning.run()) == []
    go.touch()
    assert list(tuning.run()) == STEPS[1:2]


@holds
@pytest.mark.parametrize("held", [False, True])
def test_to_close_ends_the_process(tmp_path: Path, held: bool) -> None:
    told = tmp_path / "pid"
    tuning = idle(f"import os; open({str(told)!r}, 'w').write(str(os.getpid()))\n{TELL_AND_WAIT}")
    steps = tuning.run()
    next(steps)
    if held:
        tuning.stop()
    tuning.close()
    assert list(steps) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


SCREEN = """
import os, sys
from docsearch.tuning.idle import IdleTuning
tuning = IdleTuning((sys.executable, "-c", {program!r}), lambda: True)
next(tuning.run())
tuning.stop()
os.waitid(os.P_ALL, 0, os.WSTOPPED | os.WNOWAIT)
os.kill(os.getpid(), 9)
"""


@holds
def test_what_is_held_dies_with_a_screen_that_is_killed(tmp_path: Path) -> None:
    """The screen is a shell's job: in a process group of its own."""
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    program = f"end = open({str(alive)!r}, 'w')\n{TELL_AND_WAIT}"
    screen = subprocess.Popen(
        (sys.executable, "-c", SCREEN.format(program=program)), process_group=0
    )
    with alive.open("rb") as held:
        assert screen.wait(PATIENCE) == -signal.SIGKILL
        assert held.read() == b"", "the end comes with the death of who holds the other one"


def test_a_closed_one_starts_nothing() -> None:
    tuning = idle(TELL_AND_END)
    tuning.close()
    assert list(tuning.run()) == []


def _generator(tuning: IdleTuning) -> Generator[TuningProgress, None, None]:
    yield from tuning.run()


@pytest.mark.skipif(Precision.INT8 not in precisions(), reason="needs OpenVINO")
def test_the_real_process_makes_what_is_lacking(tmp_path: Path) -> None:
    """Its settings reach it; what was measured is not measured again."""
    int8 = RuntimeChoice(Runtime.OPENVINO, Precision.INT8)
    settings = Settings(data_dir=str(tmp_path), reranker="none", offline=True)
    registry = model_registry(settings)
    near = Agreement(least_cosine=0.995)
    kept = Tuning(EMBEDDER.name, (Trial(REFERENCE, 8.0, 1.0), Trial(int8, 1.0, 8.0, near)))
    tunings(settings, registry).keep(kept)

    told = list(IdleTuning(command(settings), lambda: True).run())

    assert [each.doing for each in told] == ["making openvino int8", "done"]
    assert registry.is_exported(EMBEDDER.name, int8)
    assert json.loads(command(settings)[-1])["offline"] is True

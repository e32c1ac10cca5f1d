"""A short run of the random events; the long ones are `python -m benchmarks.events`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.mark.parametrize("how", [(), ("--polling",)], ids=["native", "polling"])
def test_after_random_events_the_index_equals_a_clean_build(how: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.events", "--seed", "3", "--events", "40", *how],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    assert json.loads(ended.stdout)["different"] == 0

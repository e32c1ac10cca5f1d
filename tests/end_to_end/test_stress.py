"""A short run of `benchmarks/stress.py`: real processes on one folder, some of them killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="its processes are forked")
def test_processes_that_edit_judge_ask_and_are_killed_lose_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.stress", "10", "7", "4", "--kills", "5"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.stdout, ended.stderr
    figures = json.loads(ended.stdout)
    wrong = ("differences", "judgments_lost", "judgments_from_nowhere", "integrity", "errors")
    assert not any(figures[each] for each in wrong), figures
    assert ended.returncode == 0
    assert sum(figures["kills"].values()) == 5
    assert figures["judgments_acknowledged"] > 10
    assert figures["passages"] >= figures["files"] > 5

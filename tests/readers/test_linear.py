"""Reading takes steps in proportion to the input, also of what no person would write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from docsearch.readers.registry import default_readers

MOST = 2.6
"""What twice the input may cost, in times: the square costs four."""


def calls(work: Callable[[], object]) -> int:
    """How many functions are called by it, those of C as well."""
    count = 0

    def step(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(step)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("a.org", "#+begin_quote\n"),
        ("a.org", "#+begin_src\n#+end_quote\n"),
        ("a.org", "* h\n"),
        ("a.org", "- x\n"),
        ("a.txt", "a\n\n"),
        ("a.py", "def f(\n"),
        ("a.html", "<p>a"),
        ("a.md", "# a\n\n[[[\n"),
    ],
)
def test_twice_the_input_takes_twice_the_steps(name: str, piece: str) -> None:
    readers = default_readers()
    readers.read((piece * 10).encode(), name)  # what is imported first is not counted
    once, twice = (
        calls(lambda count=count: readers.read((piece * count).encode(), name))  # type: ignore[misc]
        for count in (400, 800)
    )
    assert twice <= MOST * once

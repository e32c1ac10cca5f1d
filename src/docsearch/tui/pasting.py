"""What is pasted into an input of one line: all of it, as one line.

In: an input, and text from the terminal or the app's clipboard. Out: the input's changed value. The
app calls it for every input that has the focus, Textual's own too: by itself Textual takes the
first line of a paste and drops the others.
"""

from __future__ import annotations

import re

from textual.widgets import Input

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def paste_into(asked: Input, text: str) -> None:
    """Put all of the text where the cursor is, or in place of what is selected."""
    line = as_one_line(text)
    start, end = sorted(asked.selection)
    if asked.max_length:
        # Textual refuses all of what does not fit whole.
        line = line[: max(0, asked.max_length - len(asked.value) + end - start)]
    if line:
        asked.replace(line, start, end)


def as_one_line(text: str) -> str:
    """The lines joined by single spaces, without control characters; one line keeps its spaces."""
    lines = _SEQUENCE.sub("", text).replace("\t", " ").splitlines()
    if len(lines) > 1:
        lines = [words for line in lines if (words := " ".join(_CONTROL.sub("", line).split()))]
    return _CONTROL.sub("", " ".join(lines))

"""An input of one line that takes what is pasted whole, though it has several.

In: keystrokes and pastes. Out: Textual's `Input.Changed`. Does not know what is typed into it.
"""

from __future__ import annotations

import re

from textual import events
from textual.widgets import Input

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class LineInput(Input):
    """Textual's input, which takes the first line of a paste and drops the others."""

    def _on_paste(self, event: events.Paste) -> None:
        """Put all of it where the cursor is, as one line."""
        event.prevent_default()
        event.stop()
        self._put(event.text)

    def action_paste(self) -> None:
        """The same from the app's own clipboard."""
        self._put(self.app.clipboard)

    def _put(self, text: str) -> None:
        line = as_one_line(text)
        start, end = sorted(self.selection)
        if self.max_length:
            # Textual refuses all of what does not fit whole.
            line = line[: max(0, self.max_length - len(self.value) + end - start)]
        if line:
            self.replace(line, start, end)


def as_one_line(text: str) -> str:
    """The lines joined by single spaces, without control characters; one line keeps its spaces."""
    lines = _SEQUENCE.sub("", text).replace("\t", " ").splitlines()
    if len(lines) > 1:
        lines = [words for line in lines if (words := " ".join(_CONTROL.sub("", line).split()))]
    return _CONTROL.sub("", " ".join(lines))

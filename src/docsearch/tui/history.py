"""The queries of this folder, for Ctrl-↑ and Ctrl-↓.

In: queries as they were used. Out: earlier and later ones; a small private file between sessions.
Does not know keys or widgets.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from docsearch.domain.foreign import json_value
from docsearch.files import read_file, replace_file

KEPT = 500


@dataclass(frozen=True)
class History:
    """`entries`, oldest first; `at` is the one in view (their count: what is being typed)."""

    entries: tuple[str, ...] = ()
    at: int = 0
    draft: str = ""

    @classmethod
    def of(cls, entries: tuple[str, ...]) -> History:
        """Standing after the newest entry."""
        kept = entries[-KEPT:]
        return cls(kept, len(kept))

    def remembering(self, query: str) -> History:
        """With this query as the newest; one that was there moves to the end."""
        query = query.strip()
        if not query:
            return History.of(self.entries)
        return History.of((*(each for each in self.entries if each != query), query))

    def stepped(self, steps: int, typed: str) -> tuple[History, str]:
        """`steps` later (earlier if negative), and the query to show; stops at the ends."""
        draft = typed if self.at == len(self.entries) else self.draft
        at = min(len(self.entries), max(0, self.at + steps))
        shown = draft if at == len(self.entries) else self.entries[at]
        return replace(self, at=at, draft=draft), shown


def load(file: Path) -> History:
    """What was remembered; nothing where the file is missing or cannot be read."""
    try:
        entries = json_value(read_file(file))
    except (OSError, ValueError):
        return History()
    if not isinstance(entries, list):
        return History()
    return History.of(tuple(each for each in entries if isinstance(each, str)))


def save(history: History, file: Path) -> None:
    """Keep it for the next session, for the owner's eyes alone; a full disk loses it, no more."""
    with suppress(OSError):
        replace_file(file, json.dumps(history.entries).encode())

"""What watches a folder, as far as the watcher needs to know.

In: nothing. Out: the contract of every observer, and the words it may say.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from docsearch.watching.changes import RawEvent

LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE})
"""The numbers of an OSError that says: the system has no watches or descriptors left to give."""


@dataclass(frozen=True, slots=True)
class LimitReached:
    """Some folders could not be watched, for want of watches."""


Heard = Callable[[RawEvent | LimitReached], None]
"""Takes what an observer has to say, in a thread of the observer's."""

Matters = Callable[[str], bool]
"""Whether a relative path can matter. Nothing below one that cannot is looked at."""


class Observer(Protocol):
    """One at work, from the moment it is made."""

    def is_alive(self) -> bool:
        """Whether all of its threads run; one that a bug has ended tells of nothing more."""
        ...

    def stop(self) -> None:
        """End it and wait for its threads."""
        ...

"""What is to be judged of one query.

In: nothing. Out: `Pool`. Does not know who ranked its passages, nor who judges them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docsearch.domain.document import StoredChunk
from docsearch.domain.judgment import Placed


@dataclass(frozen=True, slots=True)
class Pool:
    """`passages` in an order that tells nothing about who ranked them; no text comes twice.

    `placed` are the judgments that there are of them, by chunk id. `notices` say what was left out.
    """

    query: str
    passages: tuple[StoredChunk, ...]
    placed: Mapping[int, Placed]
    notices: tuple[str, ...] = ()

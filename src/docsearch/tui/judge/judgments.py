"""Judgments, written one after another, and to the end when the screen is left.

In: grades of passages; results to look at. Out: grades kept; what is judged. Does not know where
they are kept, nor what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from docsearch.domain.document import StoredChunk
from docsearch.domain.errors import DocsearchError, IndexStoreError
from docsearch.domain.judged_result import JudgedResult
from docsearch.domain.judgment import Grade
from docsearch.domain.ranking import SearchResult
from docsearch.domain.wording import plural
from docsearch.tui.background import Background
from docsearch.tui.topics import Owner, Policy

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine

_TOPIC = "judgments"


def keep(
    owner: Owner,
    background: Background,
    typed: str,
    passage: StoredChunk,
    grade: Grade | None,
    failed: Callable[[DocsearchError], object],
) -> None:
    """Keep this grade of the passage for what was typed; None takes it away."""

    def written(engine: Engine) -> tuple[()]:
        engine.judging.judge(typed, passage, grade)
        return ()

    background.run(owner, _TOPIC, written, failed=failed, policy=Policy.DUTY)


def look(
    owner: Owner,
    background: Background,
    result: SearchResult,
    seen: Callable[[JudgedResult], object],
    failed: Callable[[DocsearchError], object],
    *,
    condense: bool,
) -> None:
    """See what is judged of this result and no older one, after every grade that was given."""
    background.run(
        owner,
        _TOPIC,
        lambda engine: [engine.judging.look(result, condense=condense)],
        seen,
        failed,
    )


def finish(background: Background) -> None:
    """Wait until every grade is written. Raises IndexStoreError where one was not."""
    lost = background.finish(_TOPIC).errors
    if lost:
        raise IndexStoreError(f"{plural(len(lost), 'judgment')} not kept. {lost[-1]}")

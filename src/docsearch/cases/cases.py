"""Case files: an answer kept with all that it depended on, and run again.

In: a result and what was measured of it; a recorded case. Out: files; what differs today. Does not
know who asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from docsearch.cases.case_file import write_case
from docsearch.cases.facts import case_facts
from docsearch.cases.recorded import RecordedCase
from docsearch.cases.replay import Progress, replayed
from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import SearchResult
from docsearch.explain.movement import movement, reranked_orders
from docsearch.serving.explaining import Explaining


class Cases:
    """May be asked from any thread; all of it blocks."""

    def __init__(self, explaining: Explaining) -> None:
        self._explaining = explaining

    def save(
        self,
        files: Sequence[Path],
        result: SearchResult,
        inspection: Inspection | None,
        *,
        with_text: bool,
        force: bool = False,
    ) -> None:
        """Keep an answer as FILE.json, or show it as FILE.html; in all files or in none.

        Without `with_text` no word of any document is in it. An existing file is replaced only with
        `force`. Takes seconds: the models' files are hashed. Raises CaseError.
        """
        explaining = self._explaining
        facts = case_facts(
            explaining.folder,
            explaining.settings,
            explaining.library,
            explaining.models,
            explaining.embedder,
            explaining.reranker_of(result),
        )
        before, after = reranked_orders(result)
        moved = movement(before, after) if after else None
        write_case(files, result, inspection, moved, facts, with_text=with_text, force=force)

    def replay(self, case: RecordedCase, reranker: str | None = None) -> Iterator[Progress]:
        """Run a case again, with this reranker in place of its own; see `replay.py`."""
        return replayed(self._explaining, case, reranker)

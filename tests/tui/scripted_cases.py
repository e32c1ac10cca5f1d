"""Case files that say what they would hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import SearchResult
from tests.tui.scripted_inspector import ScriptedInspector


class ScriptedCases:
    """`saved` records the cases that were written; an error of the inspector is theirs, too."""

    def __init__(self, inspector: ScriptedInspector) -> None:
        self._inspector = inspector
        self.saved: list[tuple[str, Inspection | None, bool]] = []

    def save(
        self,
        files: Sequence[Path],
        result: SearchResult,
        inspection: Inspection | None,
        *,
        with_text: bool,
    ) -> None:
        assert result.hits
        self._inspector.fail()
        for file in files:
            file.write_text("a case")
            self.saved.append((file.name, inspection, with_text))

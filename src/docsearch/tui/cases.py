"""Case files, written one after another, and to the end when the screen is left.

In: an answer to keep. Out: files in the working directory; how far they are, and where they are or
why not. Does not know what a case file holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from docsearch.domain.errors import CaseError, DocsearchError
from docsearch.domain.explanation import Inspection
from docsearch.domain.ranking import RankedHit, SearchResult
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import plural
from docsearch.tui.background import Background
from docsearch.tui.exporting import unused
from docsearch.tui.topics import Policy

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine

CASE = "docsearch-case"
_TOPIC = "cases"

PATIENCE = 60.0
"""Seconds that leaving waits for what is still to be written."""


@dataclass(frozen=True)
class CaseProgress:
    """A case file on its way: `doing` in words, of which the share `done`, in [0, 1], is done."""

    doing: str
    done: float


@dataclass(frozen=True)
class CaseFiles:
    """A case is in these files."""

    files: tuple[Path, ...]


class Cases:
    """What the screen keeps of its answers. `show` is given how far a case is, None at its end."""

    def __init__(
        self,
        screen: Screen[None],
        background: Background,
        show: Callable[[CaseProgress | None], object],
    ) -> None:
        self._screen = screen
        self._background = background
        self._show = show

    def offer(
        self, result: SearchResult, hit: RankedHit, inspection: Inspection | None = None
    ) -> None:
        """Ask whether to keep this, and have it written. Without `inspection` it is made."""
        from docsearch.tui.dialogs.case import CaseScreen

        folder, app = Path.cwd(), self._screen.app

        def answered(with_text: bool | None) -> None:
            if with_text is None:
                return
            app.notify("Writing the case file; the hit is measured first if need be.")
            self._background.run(
                self._screen,
                _TOPIC,
                lambda engine: written(
                    engine, folder, result, hit, inspection, with_text=with_text
                ),
                self._written,
                self._failed,
                policy=Policy.DUTY,
            )

        app.push_screen(CaseScreen(folder), answered)

    def finish(self, tell: Callable[[str], object], patience: float = PATIENCE) -> None:
        """Wait so many seconds for the rest; what nothing has said yet goes to `tell`.

        Raises CaseError where a case is not written.
        """
        self._background.close()
        left = self._background.unended(_TOPIC)
        if left:
            tell(f"Writing {plural(left, 'case file')} before leaving.")
        unheard = self._background.finish(_TOPIC, patience)
        for each in unheard.values:
            if isinstance(each, CaseFiles):
                for file in each.files:
                    tell(f"Case file written: {safe_line(str(file))}")
        reasons = [str(error) for error in unheard.errors]
        if unheard.unended:
            reasons.append(f"{plural(unheard.unended, 'case file')} not written.")
        if reasons:
            raise CaseError(" ".join(reasons))

    def _written(self, news: CaseProgress | CaseFiles) -> None:
        if isinstance(news, CaseProgress):
            self._show(news)
            return
        self._show(None)
        for file in news.files:
            title = "Case file written"
            self._screen.app.notify(safe_line(str(file)), title=title, markup=False)

    def _failed(self, error: DocsearchError) -> None:
        self._show(None)
        notify = partial(self._screen.app.notify, severity="error", markup=False)
        notify(safe_line(str(error)), title=error.title)


def written(
    engine: Engine,
    folder: Path,
    result: SearchResult,
    hit: RankedHit,
    inspection: Inspection | None,
    *,
    with_text: bool,
) -> Iterator[CaseProgress | CaseFiles]:
    """Measure the hit unless that is done, and write; blocks. Raises DocsearchError."""
    files = unused(folder, CASE, [".json", ".html"])
    whole = inspection
    for measured in engine.inspector.inspect(result, hit) if inspection is None else ():
        whole = measured
        if measured.doing is not None:
            yield CaseProgress(f"measuring {measured.doing}", measured.done)
    yield CaseProgress("writing", 1.0)
    engine.cases.save(files, result, whole, with_text=with_text)
    yield CaseFiles(files)

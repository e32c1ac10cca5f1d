"""From the search screen to several rerankers side by side, and back.

In: keys. Out: the compare view over the search screen; on its return, the selection or a file to
open. Does not know what the view shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from docsearch.tui.choices import numbered
from docsearch.tui.screens.tuning import TuningScreen

if TYPE_CHECKING:
    from docsearch.tui.screens.dialog import Choice


class ComparingScreen(TuningScreen):
    """The search screen, as far as it is about comparing rerankers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "compare", "Rerankers side by side", priority=True),
    ]

    def action_compare(self) -> None:
        """Compare the rerankers over the candidates of this search."""
        result, states = self.session.result, self._states
        if result is None or not result.hits:
            self.app.notify("There is nothing to compare yet: search for something first.")
            return
        if not result.query.words:
            self.app.notify("Filters alone are not reranked: type words, too.")
            return
        if states is None:
            self.app.notify("The rerankers are being looked for; try again in a moment.")
            return
        from docsearch.tui.comparing import Comparing
        from docsearch.tui.screens.compare import CompareScreen

        here = [name for name in numbered(states).values() if name is not None]
        start = Comparing.of(result, here, self.session.reranker, self.session.selected)
        screen = CompareScreen(
            start, self._bridge, lambda: self._states or (), self._list_rerankers
        )
        self.app.push_screen(screen, self._left)

    def _list_rerankers(self, current: str | None, chosen: Callable[[Choice | None], None]) -> None:
        self.app.push_screen(self._rerankers_screen(current), chosen)

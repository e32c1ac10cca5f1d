"""Which reranker the searches are for: by a key, from a list, or after a download.

In: choices, and messages of the bridge about models. Out: requests to the bridge; a session with
another reranker. Does not know how a model is fetched or loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from docsearch.domain.settings import Settings
from docsearch.tui import messages
from docsearch.tui.choices import next_reranker, numbered
from docsearch.tui.engine_bridge import EngineBridge
from docsearch.tui.screens.searching import SearchingScreen

if TYPE_CHECKING:
    from docsearch.tui.screens.dialog import Choice
    from docsearch.tui.screens.rerankers import RerankersScreen

MORE_RERANKERS = "Shift-F2 lists all of them, and downloads one if you like."


class RerankingScreen(SearchingScreen):
    """The search screen, as far as it is about rerankers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "next_reranker", "Next reranker", priority=True),
        Binding("f14,shift+f2", "rerankers", "All rerankers", priority=True),
        *(Binding(f"alt+{digit}", f"reranker({digit})", priority=True) for digit in range(10)),
    ]

    def __init__(self, folder: Path, settings: Settings, bridge: EngineBridge) -> None:
        super().__init__(folder, settings, bridge)
        self._offline = settings.offline

    def on_download_moved(self, message: messages.DownloadMoved) -> None:
        """Show how much has arrived."""
        self._download = message.progress
        self._show()

    def on_download_ended(self, message: messages.DownloadEnded) -> None:
        """Use the model, or say why it is not here."""
        self._download = None
        if message.error is not None:
            self.app.notify(
                str(message.error), title=message.error.title, severity="error", markup=False
            )
            self._show()
            return
        self.app.notify(f"{message.model} is on disk.", markup=False)
        self._use_reranker(message.model)

    def action_next_reranker(self) -> None:
        """Rerank with the next model that is here, or not at all."""
        states = self._states or ()
        if any(state.is_here for state in states):
            self._use_reranker(next_reranker(self.session.reranker, states))
        else:
            self.action_rerankers()

    def rerankers_here(self) -> dict[int, str | None]:
        """The reranker of each digit, none for 0."""
        return numbered(self._states or ())

    def action_reranker(self, digit: int) -> None:
        """Rerank with the model of this digit, or not at all for 0."""
        names = self.rerankers_here()
        if digit in names:
            self._use_reranker(names[digit])
        else:
            self.app.notify(f"There is no reranker {digit} on this machine. {MORE_RERANKERS}")

    def action_rerankers(self) -> None:
        """List every reranker."""
        if self._states is None:
            self.app.notify("The rerankers are being looked for; try again in a moment.")
            return
        self.app.push_screen(self._rerankers_screen(self.session.reranker), self._chosen)

    def _rerankers_screen(self, current: str | None) -> RerankersScreen:
        from docsearch.tui.screens.rerankers import RerankersScreen

        speeds = self._bridge.speeds()
        return RerankersScreen(self._states or (), current, speeds, offline=self._offline)

    def _chosen(self, choice: Choice | None) -> None:
        if choice is None:
            return
        if choice.download and choice.name is not None:
            self.app.notify(f"Downloading {choice.name}.", markup=False)
            self._bridge.pull(choice.name)
        else:
            self._use_reranker(choice.name)

    def _use_reranker(self, name: str | None) -> None:
        self.session = self.session.with_reranker(name)
        self._ask(self.session.typed, asked_for=True)

"""The rerankers there are: by a digit, as the next one, from a list, or after a download.

In: what the engine knows of its models. Out: the name of the one to use, None for none. Does not
know how a model is fetched or loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from textual.screen import Screen

from docsearch.domain.errors import DocsearchError
from docsearch.domain.fusion import Fusion
from docsearch.domain.model import ModelState
from docsearch.domain.progress import DownloadProgress
from docsearch.domain.settings import Settings
from docsearch.domain.speed import Speed
from docsearch.tui.background import Background
from docsearch.tui.choices import is_service, next_reranker, numbered
from docsearch.tui.topics import Calls, Policy

if TYPE_CHECKING:
    from docsearch.engine.engine import Engine
    from docsearch.tui.dialogs.frame import Choice

MORE_RERANKERS = "Shift-F2 lists all of them, and downloads one if you like."
NOT_YET = "The rerankers are being looked for; try again in a moment."

Use = Callable[[str | None], object]


class Rerankers:
    """`use` is called with one that has been downloaded, `show` with how much has arrived."""

    def __init__(
        self,
        screen: Screen[None],
        background: Background,
        settings: Settings,
        use: Use,
        show: Callable[[DownloadProgress | None], object],
    ) -> None:
        self.states: tuple[ModelState, ...] | None = None
        """None until they are known."""
        self._screen = screen
        self._background = background
        self._settings = settings
        self._use = use
        self._show = show

    def known(self, states: tuple[ModelState, ...]) -> None:
        """These are all, and which of them are on this machine."""
        self.states = states

    def here(self) -> dict[int, str | None]:
        """The reranker of each digit, none for 0."""
        return numbered(self.states or ())

    def names(self) -> list[str]:
        """Those on this machine that have a digit, in that order."""
        return [name for name in self.here().values() if name is not None]

    def is_service(self, name: str | None) -> bool:
        """Whether text leaves this machine for it."""
        return is_service(name, self.states or ())

    def speeds(self) -> Mapping[str, Speed]:
        """How fast each reads, by name, where it has been measured."""
        engine = self._background.engine
        return engine.speeds() if engine is not None else {}

    def usual_fusion(self, reranker: str) -> Fusion:
        """What the settings say of its order."""
        known = (state.description for state in self.states or ())
        weights = {
            name: each.first_stage_weight for each in known for name in (each.name, each.hub_id)
        }
        return self._settings.fusion_with(weights.get(reranker, 0.0))

    def use_next(self, current: str | None) -> None:
        """Use the next one that is here, or none; list them where none is here."""
        states = self.states or ()
        if any(state.is_here for state in states):
            self._use(next_reranker(current, states))
        else:
            self.choose(current, self._use)

    def use_numbered(self, digit: int) -> None:
        """Use the one of this digit, or none for 0."""
        names = self.here()
        if digit in names:
            self._use(names[digit])
        else:
            self._screen.app.notify(
                f"There is no reranker {digit} on this machine. {MORE_RERANKERS}"
            )

    def choose(self, current: str | None, use: Use) -> None:
        """List all of them; `use` what is chosen, unless it has to be downloaded first."""
        if self.states is None:
            self._screen.app.notify(NOT_YET)
            return
        from docsearch.tui.dialogs.rerankers import RerankersScreen

        def chosen(choice: Choice | None) -> None:
            if choice is not None and choice.download and choice.name is not None:
                self._download(choice.name)
            elif choice is not None:
                use(choice.name)

        offline = self._settings.offline
        listed = RerankersScreen(self.states, current, self.speeds(), offline=offline)
        self._screen.app.push_screen(listed, chosen)

    def _download(self, name: str) -> None:
        self._screen.app.notify(f"Downloading {name}.", markup=False)
        arriving = Calls(self._screen, newest=True)

        def pulled(engine: Engine) -> Iterator[tuple[ModelState, ...]]:
            engine.pull(name, lambda progress: arriving.make(self._show, progress))
            yield engine.rerankers()

        def ended(states: tuple[ModelState, ...]) -> None:
            self.states = states
            self._show(None)
            self._screen.app.notify(f"{name} is on disk.", markup=False)
            self._use(name)

        self._background.run(
            self._screen, f"pull {name}", pulled, ended, self._failed, policy=Policy.BESIDE
        )

    def _failed(self, error: DocsearchError) -> None:
        self._screen.app.notify(str(error), title=error.title, severity="error", markup=False)
        self._show(None)

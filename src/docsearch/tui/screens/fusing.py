"""What the order is made of: the search screen, as far as it is about the weights of the voices.

In: a key, and the turns of a knob. Out: the session in another order; nothing is searched or scored
anew. Does not know how an order comes of weights.
"""

from __future__ import annotations

from pathlib import Path
from time import time
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from docsearch.domain.fusion import Fusion
from docsearch.domain.settings import Settings
from docsearch.tui.engine_bridge import EngineBridge
from docsearch.tui.screens.reranking import RerankingScreen

if TYPE_CHECKING:
    from docsearch.tui.knob import Knob

NOTHING_TO_WEIGH = "Without a reranker there is nothing to weigh; F2 selects one."


class FusingScreen(RerankingScreen):
    """The search screen with the panel of the weights."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "weigh", "Adjust weights", priority=True),
    ]

    def __init__(self, folder: Path, settings: Settings, bridge: EngineBridge) -> None:
        super().__init__(folder, settings, bridge)
        self._settings = settings

    def action_weigh(self) -> None:
        """Open the panel; the order follows it at once."""
        reranker = self.session.reranker
        if reranker is None:
            self.app.notify(NOTHING_TO_WEIGH)
            return
        from docsearch.tui.knob import Knob
        from docsearch.tui.screens.fusion import FusionScreen

        knob = Knob(self._usual_with(reranker), self.session.fusion)

        def ended(kept: bool | None) -> None:
            if not kept and self.session.fusion != knob.chosen:
                self._turned(knob)
            self.session = self.session.opened_weights(False)
            self._show()

        self.session = self.session.opened_weights(True)
        self._show()
        source = self.session.source
        panel = FusionScreen(knob, reranker, source, self._turned, self.action_move)
        self.app.push_screen(panel, ended)

    def _usual_with(self, reranker: str) -> Fusion:
        """What the settings say of this reranker."""
        known = (state.description for state in self._states or ())
        weights = {
            name: each.first_stage_weight for each in known for name in (each.name, each.hub_id)
        }
        return self._settings.fusion_with(weights.get(reranker, 0.0))

    def _turned(self, knob: Knob) -> None:
        self.session = self.session.fused(knob.chosen, knob.usual, time())
        self._show()

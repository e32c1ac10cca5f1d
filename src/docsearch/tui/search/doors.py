"""The screens that open over the search screen, each for what is shown there.

In: what the search screen shows. Out: a screen, or in words why there is none. Each screen is
imported when it is asked for: the first picture does not wait for what is behind a key. Does not
know what the screens show.
"""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import TYPE_CHECKING

from textual.screen import Screen

from docsearch.tui.background import Background
from docsearch.tui.rerankers import NOT_YET, Rerankers
from docsearch.tui.search.hit_rows import Side
from docsearch.tui.search.shown import Shown
from docsearch.tui.search.state import SearchState

if TYPE_CHECKING:
    from docsearch.tui.compare.screen import CompareScreen
    from docsearch.tui.contrast.screen import ContrastScreen
    from docsearch.tui.dialogs.why_not import Asked, WhyNotScreen
    from docsearch.tui.inspector.screen import InspectorScreen, SaveCase
    from docsearch.tui.whole_list.screen import WholeListScreen

_NOT_RERANKED = (
    "Nothing was reranked, so no reranker put the one marked result above the other. "
    "F2 turns a reranker on; F8 takes a mark away."
)
_UNRANKED = (
    "One of the two marked results was not reranked here, so there is no order of the two to ask "
    "about. F8 takes a mark away."
)
_NOTHING_TO_COMPARE = "There is nothing to compare yet: search for something first."
NOTHING_TO_WEIGH = "Without a reranker there is nothing to weigh; F2 selects one."
_NOTHING_MOVED = "Nothing was reranked, so nothing moved. F2 turns a reranker on."


def inspector(
    now: SearchState,
    walked: Side,
    background: Background,
    rerankers: Rerankers,
    save_case: SaveCase,
) -> ContrastScreen | InspectorScreen | str | None:
    """Why the selected result is where it is, or why one of two marked ones is above the other.

    `walked` is the list that the arrow keys walk in the inspector.
    """
    unfinished = not_final(now)
    if unfinished or now.result is None or now.hit is None:
        return unfinished
    if now.pair is not None:
        from docsearch.tui.contrast.screen import ContrastScreen

        return ContrastScreen(now.result, *now.pair, background)
    if now.asks_for_pair:
        return _UNRANKED if now.result.reranker else _NOT_RERANKED
    from docsearch.tui.inspector.screen import InspectorScreen
    from docsearch.tui.inspector.state import InspectorState

    start = InspectorState.of(now.result, tuple(now.order(walked)), now.hit)
    return InspectorScreen(start, background, rerankers.here(), save_case)


def whole_list(now: SearchState, background: Background) -> WholeListScreen | str | None:
    """What reranking did to the whole list."""
    unfinished = not_final(now)
    if unfinished or now.result is None or not now.result.hits:
        return unfinished
    if now.result.reranker is None:
        return _NOTHING_MOVED
    from docsearch.tui.whole_list.screen import WholeListScreen
    from docsearch.tui.whole_list.state import WholeListState

    start = WholeListState.of(now.result, now.selected)
    if now.beyond is not None and now.has_read_on:
        start = start.received(now.beyond)
    return WholeListScreen(start, background)


def compare(now: SearchState, background: Background, rerankers: Rerankers) -> CompareScreen | str:
    """The rerankers side by side over the candidates of this search."""
    if now.result is None or not now.result.hits:
        return _NOTHING_TO_COMPARE
    if not now.result.query.words:
        return "Filters alone are not reranked: type words, too."
    if rerankers.states is None:
        return NOT_YET
    from docsearch.tui.compare.screen import CompareScreen
    from docsearch.tui.compare.state import CompareState

    start = CompareState.of(now.result, rerankers.names(), now.reranker, now.selected)
    return CompareScreen(start, background, rerankers)


def why_not(shown: Shown, rerankers: Rerankers, background: Background) -> WhyNotScreen:
    """Where a file was lost that is not among the results."""
    from docsearch.tui.dialogs.why_not import WhyNotScreen

    return WhyNotScreen(lambda: missed_in(shown.now, rerankers), background)


def missed_in(now: SearchState, rerankers: Rerankers) -> Asked:
    """The search that a file may be missed in."""
    from docsearch.tui.dialogs.why_not import Asked

    answered = now.result is not None and not now.running
    by_service = answered and now.result is not None and rerankers.is_service(now.result.reranker)
    # The question alone is no leave to send a service every candidate.
    is_withheld = rerankers.is_service(now.reranker) and not by_service
    return Asked(now.typed, now.source, None if is_withheld else now.reranker, now.fusion)


def weigh(
    screen: Screen[None], shown: Shown, rerankers: Rerankers, move: Callable[[int], None]
) -> None:
    """Open the panel of the weights, which the order follows; what is not kept is undone."""
    reranker = shown.now.reranker
    if reranker is None:
        screen.app.notify(NOTHING_TO_WEIGH)
        return
    from docsearch.tui.weights.screen import WeightsScreen
    from docsearch.tui.weights.state import WeightsState

    start = WeightsState(rerankers.usual_fusion(reranker), shown.now.fusion)

    def turned(now: WeightsState) -> None:
        shown.change(shown.now.fused(now.chosen, now.usual, time()))

    def ended(kept: bool | None) -> None:
        if not kept and shown.now.fusion != start.chosen:
            turned(start)
        shown.change(shown.now.opened_weights(False))

    shown.change(shown.now.opened_weights(True))
    panel = WeightsScreen(start, reranker, shown.now.source, turned, move)
    screen.app.push_screen(panel, ended)


def not_final(now: SearchState) -> str | None:
    """Why nothing can be explained yet; None where it can, or where there is nothing."""
    if now.is_final or not now.running:
        return None
    if now.progress is None:
        return "The answer is not there yet; ask again when it is."
    read, total = now.progress
    return f"The order is not final yet: {read} of {total} pairs are read. Ask again when all are."

"""The command palette: everything that a key does, by name.

In: the actions of the screen and of the app. Out: hits of the palette. Does not know how an action
is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape

from docsearch.domain.query import CandidateSource
from docsearch.tui.search.screen import SearchScreen
from docsearch.tui.themes import THEMES


class Command(NamedTuple):
    """A name to find it by, a line about it, and what it does."""

    name: str
    about: str
    run: Callable[[], object]


class SearchCommands(Provider):
    """The commands of the search screen; Textual makes one for each opening of the palette."""

    async def discover(self) -> Hits:
        """Every command, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.name, command.run, help=command.about)

    async def search(self, query: str) -> Hits:
        """The commands whose name fits what is typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.name)
            if score > 0:
                name = matcher.highlight(command.name)
                yield Hit(score, name, command.run, help=command.about)

    def _commands(self) -> Iterator[Command]:
        screen = self.screen
        if not isinstance(screen, SearchScreen):
            return
        judge = screen.action_judge
        yield Command("Open the passage", "in $EDITOR at its line, Enter", screen.action_open)
        yield Command("Why is it here", "the selected result explained, F4", screen.action_inspect)
        yield Command("Mark to compare", "then F4 on another one, F8", screen.action_mark)
        yield Command("The whole list", "what moved, what was missed, F7", screen.action_whole_list)
        yield Command("Why is it not here", "where a file was lost", screen.action_why_not)
        yield Command("Save a case file", "as data and a page, F9", screen.action_save_case)
        yield Command("Relevant", "judge the selected result, + or Alt-+", partial(judge, True))
        yield Command("Not relevant", "the same, - or Alt--", partial(judge, False))
        yield Command("Judging session", "one passage at a time", screen.action_judging_session)
        yield Command("Judged so far", "does reranking help, F10", screen.action_judged_so_far)
        yield Command("Condensed figures", "without unjudged passages", screen.action_condense)
        yield Command("Copy path:line", "of the passage, Ctrl-Y", screen.action_copy)
        yield Command("Other list", "before or after, Tab", screen.action_switch_list)
        yield Command("Biggest movers first", "and back, F3", screen.action_movers)
        yield Command("Adjust weights", "reranker, first stage, recency, F5", screen.action_weigh)
        yield Command("Search again", "Ctrl-R", screen.action_again)
        yield Command("Earlier query", "Ctrl-Up", partial(screen.action_history, -1))
        yield Command("Later query", "Ctrl-Down", partial(screen.action_history, 1))
        yield Command("Scroll the passage up", "PgUp", partial(screen.action_page, -1))
        yield Command("Scroll the passage down", "PgDn", partial(screen.action_page, 1))
        for source in CandidateSource:
            run = partial(screen.use_source, source)
            yield Command(f"Candidates from {source}", "one after the other: Ctrl-T", run)
        yield Command("Next reranker", "on this machine, or none, F2", screen.action_next_reranker)
        for digit, name in screen.rerankers.here().items():
            run = partial(screen.action_reranker, digit)
            yield Command(f"Reranker {escape(name or 'none')}", f"Alt-{digit}", run)
        yield Command("Rerankers side by side", "where they disagree, F6", screen.action_compare)
        yield Command("All rerankers", "select or download one, Shift-F2", screen.action_rerankers)
        for theme in THEMES:
            use = partial(setattr, self.app, "theme", theme.name)
            yield Command(f"Theme {theme.name}", "dark or light", use)
        yield Command("Clear the query", "Esc", screen.clear)
        yield Command("Help", "keys, query words, signs, F1", screen.action_help)
        yield Command("Leave docsearch", "Ctrl-Q", self.app.exit)

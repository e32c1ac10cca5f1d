"""A judging session: passages one at a time, one key each.

In: a plan; what the engine gathers for its queries. Out: grades to keep, at once. Does not know who
ranked a passage.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from docsearch.domain.errors import DocsearchError
from docsearch.domain.judgment import Grade
from docsearch.domain.pool import Pool
from docsearch.domain.progress import IndexProgress
from docsearch.domain.query_words import wanted_words, word_pattern
from docsearch.search.query_syntax import parse
from docsearch.tui.background import Background
from docsearch.tui.dialogs.help import HelpScreen, Section
from docsearch.tui.history import History, load, save
from docsearch.tui.judge.drawing import (
    blank_lines,
    place_lines,
    query_lines,
    session_keys,
    session_notice,
    session_title,
)
from docsearch.tui.judge.judgments import keep
from docsearch.tui.judge.state import Given, JudgeState, JudgingPlan
from docsearch.tui.topics import Policy
from docsearch.tui.widgets.block import Block, DialogBlock
from docsearch.tui.widgets.passage_view import PassageBody

_SIGNS = "+-*=/ "
_TOPIC = "pools"
_WITH_A_PASSAGE = ("grade", "skip", "back", "type", "page")


class JudgeScreen(Screen[None]):
    """Query, passage and keys; a line to type in where a query is wanted."""

    DEFAULT_CSS = """
    JudgeScreen {
        background: $background;
        & #title, & #keys { height: 1; }
        & #asked { height: auto; margin: 1 1; }
        & #place { padding: 0 1; }
        & PassageBody { height: 1fr; margin: 1 0 0 0; }
        & #blank { height: 1fr; }
        & #notice { height: auto; margin: 0 1; }
        & Input { display: none; }
        & Input, & Input:focus {
            height: 1;
            border: none;
            padding: 0 1;
            margin-top: 1;
            background: $surface;
            background-tint: $surface 0%;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("minus,0", "grade(0)", "Not relevant", priority=True),
        Binding("plus,1", "grade(1)", "Relevant", priority=True),
        Binding("asterisk,equals_sign,2", "grade(2)", "Highly relevant", priority=True),
        Binding("space", "skip", "Not now", priority=True),
        Binding("backspace", "back", "The one before", priority=True),
        Binding("slash", "type", "Another query", priority=True),
        Binding("up,pageup", "page(-1)", "Up", priority=True),
        Binding("down,pagedown", "page(1)", "Down", priority=True),
        Binding("f1", "help", "Help", priority=True),
        Binding("escape", "leave", "Leave", priority=True),
    ]

    def __init__(self, plan: JudgingPlan, background: Background, progress: IndexProgress) -> None:
        super().__init__()
        self._typed = load(plan.typed_file) if plan.typed_file else History()
        self.now = JudgeState.of(plan)
        self._plan = plan
        self._background = background
        self._progress = progress
        self._gathered: set[str] = set()

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Block(id="title")
        yield Input(placeholder="a query to judge by", compact=True, id="another")
        yield Block(id="asked")
        yield DialogBlock(id="place")
        yield PassageBody()
        yield Block(id="blank")
        yield Block(id="notice")
        yield Block(id="keys")

    def on_mount(self) -> None:
        """Begin to gather."""
        self._show()

    def on_unmount(self) -> None:
        """Gather no further."""
        self._background.drop(_TOPIC)

    def show_index(self, progress: IndexProgress) -> None:
        """The index is so far."""
        self._progress = progress
        if self.is_mounted:
            self._show()

    @on(Input.Submitted, "#another")
    def _typed_query(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if not typed:
            return
        event.input.value = ""
        if self._plan.typed_file is not None:
            self._typed = self._typed.remembering(typed)
            save(self._typed, self._plan.typed_file)
        self._change(self.now.added(typed))

    @on(Input.Changed, "#another")
    def _not_a_query(self, event: Input.Changed) -> None:
        """A key for a passage more than there are is no query."""
        ended = self.now.query is None and self.now.visited and not self.now.asks
        if ended and event.value and not event.value.strip(_SIGNS):
            event.input.value = ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While a query is typed, its characters are its own."""
        if action == "back" and self.now.query is None:
            return bool(self.now.visited) and not self.query_one("#another", Input).value
        return not (action in _WITH_A_PASSAGE and self.now.is_typing)

    def action_grade(self, grade: int) -> None:
        """Keep this grade of the passage, and go on."""
        now, given = self.now.judged(Grade(grade))
        if given is not None:
            keep(
                self,
                self._background,
                given.typed,
                given.passage,
                given.grade,
                lambda error: self._not_kept(given, error),
            )
        self._change(now)

    def action_skip(self) -> None:
        """Go on without a grade."""
        self._change(self.now.skipped())

    def action_back(self) -> None:
        """Show the passage before."""
        self._change(self.now.back())

    def action_type(self) -> None:
        """Have another query typed."""
        self._change(self.now.asking(True))

    def action_page(self, pages: int) -> None:
        """Scroll the passage."""
        self.query_one(PassageBody).page(pages)

    def action_help(self) -> None:
        """Show the help."""
        self.app.push_screen(HelpScreen(Section.JUDGING))

    def action_leave(self) -> None:
        """Back to the passage from a line that was to be typed; else leave. All is kept."""
        if self.now.asks and self.now.query is not None:
            self._change(self.now.asking(False))
        else:
            self.dismiss()

    def _not_kept(self, given: Given, error: DocsearchError) -> None:
        """Back to the passage whose grade is not kept; the search screen, too, reads them again."""
        self._change(self.now.not_kept(given, error))

    def _change(self, now: JudgeState) -> None:
        self.now = now
        self._show()

    def _gather(self) -> None:
        for query in self.now.ahead:
            if query not in self._gathered:
                self._gathered.add(query)
                self._pool(query)

    def _pool(self, query: str) -> None:
        plan = self._plan
        self._background.run(
            self,
            _TOPIC,
            lambda engine: engine.pooling.pool(query, plan.source, plan.rerankers),
            lambda news: self._change(
                self.now.pooled(news) if isinstance(news, Pool) else self.now.moved(query, news)
            ),
            lambda error: self._change(self.now.without(query, error)),
            policy=Policy.QUEUE,
        )

    def _show(self) -> None:
        self._gather()
        now, progress = self.now, self._progress
        passage = None if now.is_typing else now.passage
        line = self.query_one("#another", Input)
        line.display = now.is_typing
        if now.is_typing:
            line.focus()
        elif self.focused is not None:
            self.set_focus(None)
        self.query_one("#title", Block).show(lambda cells: (session_title(now, cells),))
        self.query_one("#asked", Block).show(lambda cells: query_lines(now, cells))
        self.query_one("#asked").display = not now.is_typing
        self.query_one("#place", Block).show(lambda cells: place_lines(passage, now, cells))
        self.query_one("#place").display = passage is not None
        body = self.query_one(PassageBody)
        body.display = passage is not None
        if passage is not None and now.query is not None:
            pattern = word_pattern(wanted_words(parse(now.query)))
            body.show(passage.chunk.text, pattern, None)
        blank = self.query_one("#blank", Block)
        blank.display = passage is None
        blank.show(lambda cells: blank_lines(now, progress, cells))
        self.query_one("#notice", Block).show(lambda cells: session_notice(now, cells))
        self.query_one("#keys", Block).show(lambda cells: (session_keys(now, cells),))

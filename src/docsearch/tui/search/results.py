"""The results: before and after side by side, or both orders in one list where it is narrow.

In: a session. Out: the lists, their titles and the thread between them. Does not know how the
session came about.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from docsearch.domain.ranking import SearchResult
from docsearch.domain.wording import mix
from docsearch.presentation.pieces import Line, Piece, Role
from docsearch.presentation.titles import Title, columns_line, title_line
from docsearch.tui.search.empty_states import reading, reranker_off
from docsearch.tui.search.hit_list import HitList
from docsearch.tui.search.hit_rows import MERGED_TITLES, Scale, Side
from docsearch.tui.search.state import SearchState
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.lines import Lines


class ListTitle(Lines):
    """The title of one of the two lists."""

    _title = Title("")

    def show(self, title: Title) -> None:
        """Show this title; the same again is painted already."""
        if title != self._title:
            self._title = title
            self.refresh()

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The title at this width."""
        return (title_line(self._title, cells),)


class ColumnTitles(ListTitle):
    """The titles of the merged list's columns."""

    def __init__(self, columns: str) -> None:
        super().__init__()
        self._columns = columns

    def lines(self, cells: int) -> tuple[Line, ...]:
        """The columns' names, and the progress of the after order."""
        return (columns_line(self._columns, self._title, cells),)


class Thread(Lines):
    """As tall as the lists beside it."""

    _drawn: tuple[int | None, int | None, int] | None = None

    def __init__(self, left: HitList, right: HitList) -> None:
        super().__init__()
        self._left, self._right = left, right

    def on_mount(self) -> None:
        """Follow both lists."""
        for each in (self._left, self._right):
            self.watch(each, "scroll_y", self.follow, init=False)

    def lines(self, cells: int) -> tuple[Line, ...]:  # noqa: ARG002 - its width is fixed
        """The drawing at the present height."""
        left, right, height = self._drawn = self._ends()
        # The lists begin below their titles.
        return ((), *connector(left, right, height - 1))

    def follow(self) -> None:
        """Draw anew where the ends have moved."""
        if self._ends() != self._drawn:
            self.refresh()

    def _ends(self) -> tuple[int | None, int | None, int]:
        right = self._right.selected_line if self._right.display else None
        return self._left.selected_line, right, self.size.height


CELLS = 3


def connector(left: int | None, right: int | None, height: int) -> tuple[Line, ...]:
    """`height` lines, blank where there is nothing to join."""
    if left is None or right is None:
        return tuple((Piece(" " * CELLS),) for _ in range(height))
    role = Role.MUTED if left == right else Role.UP if right < left else Role.DOWN
    return tuple((Piece(_cell(y, left, right), role),) for y in range(height))


def _cell(y: int, left: int, right: int) -> str:
    if left == right:
        return "───" if y == left else "   "
    if y == left:
        return "─╯ " if right < left else "─╮ "
    if y == right:
        return " ╭▸" if right < left else " ╰▸"
    return " │ " if min(left, right) < y < max(left, right) else "   "


class Results(Container):
    """Both lists of one answer."""

    DEFAULT_CSS = """
    Results {
        layout: horizontal;
        & > Vertical { width: 1fr; }
        & Thread { width: 3; height: 1fr; }
        & ListTitle, & ColumnTitles { height: 1; }
        & > #merged-column { display: none; }
        &.-merged {
            & > Vertical, & > Thread { display: none; }
            & > #merged-column { display: block; }
        }
    }
    """

    def compose(self) -> ComposeResult:
        """Before, thread, after; and the merged list, of which only one or the other is seen."""
        before, after = HitList(Side.BEFORE, id="before"), HitList(Side.AFTER, id="after")
        with Vertical():
            yield ListTitle(id="before-title")
            yield before
        yield Thread(before, after)
        with Vertical():
            yield ListTitle(id="after-title")
            yield after
            yield Block(id="reranker-off")
        with Vertical(id="merged-column"):
            yield ColumnTitles(MERGED_TITLES)
            yield HitList(Side.MERGED, id="merged")

    def show(self, session: SearchState, merged: bool) -> None:
        """Show this session's answer."""
        self.set_class(merged, "-merged")
        result = session.result
        if result is None:
            return
        scale = Scale.of(result, weighing=session.weighing)
        footnote = reading(*session.progress) if session.progress else ()
        self._show_off(session, result)
        for side in Side:
            self.query_one(f"#{side}", HitList).show(
                [session.placed(hit) for hit in session.order(side)],
                scale,
                session.selected,
                active=merged or side is session.walked,
                marks=session.marks,
                grades=session.grades,
                footnote=footnote if side is Side.AFTER else (),
            )
        self._show_titles(session, result)
        self.query_one(Thread).follow()

    def _show_off(self, session: SearchState, result: SearchResult) -> None:
        off = result.reranker is None
        self.query_one("#after").display = not off
        blank = self.query_one("#reranker-off", Block)
        blank.display = off
        if off:
            notice = result.notice or "reranker: off"

            def words(cells: int) -> tuple[Line, ...]:
                return reranker_off(notice, session.reranker, cells)

            blank.show(words)

    def _show_titles(self, session: SearchState, result: SearchResult) -> None:
        count = str(len(result.hits))
        before = Title(
            "before",
            f"bi-encoder, {result.source}",
            count,
            role=Role.BEFORE,
            walked=session.walked is Side.BEFORE,
        )
        after = after_title(session, result)
        self.query_one("#before-title", ListTitle).show(before)
        self.query_one("#after-title", ListTitle).show(after)
        self.query_one(ColumnTitles).show(after)


def after_title(session: SearchState, result: SearchResult) -> Title:
    """The title of the reranked order, with how far it has come."""
    if result.reranker is None:
        return Title("after", "no reranker")
    made_of = mix(result.reranker, result.fusion, result.source)
    detail = ("by movement, " if session.by_movement else "") + made_of
    done = len(session.order(Side.AFTER))
    total = len(result.hits)
    walked = session.walked is Side.AFTER
    if session.progress is None and done == total:
        return Title("after", detail, str(total), walked=walked)
    scored, of = session.progress or (done, total)
    return Title("after", detail, f"{scored}/{of}", scored / of if of else None, walked=walked)

"""The results: before and after side by side, or both orders in one list where it is narrow.

In: a session. Out: the lists, their titles and the thread between them. Does not know how the
session came about.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from docsearch.domain.ranking import SearchResult
from docsearch.domain.wording import mix
from docsearch.tui.rendering.blanks import reading, reranker_off
from docsearch.tui.rendering.hit_rows import MERGED_TITLES, Scale, Side
from docsearch.tui.rendering.list_titles import Title
from docsearch.tui.rendering.pieces import Line, Role
from docsearch.tui.search.state import SearchState
from docsearch.tui.widgets.block import Block
from docsearch.tui.widgets.hit_list import HitList
from docsearch.tui.widgets.list_title import ColumnTitles, ListTitle
from docsearch.tui.widgets.thread import Thread


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

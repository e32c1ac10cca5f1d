"""The keys of the search screen, and the action of each.

In: nothing. Out: bindings. Does not know what an action does. All have priority: the query line has
the focus, and would take some of them.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

BINDINGS: list[BindingType] = [
    Binding("up,ctrl+p", "move(-1)", "Result above", priority=True),
    Binding("down,ctrl+n", "move(1)", "Result below", priority=True),
    Binding("tab,shift+tab", "switch_list", "Other list", priority=True),
    Binding("pageup", "page(-1)", "Passage up", priority=True),
    Binding("pagedown", "page(1)", "Passage down", priority=True),
    Binding("ctrl+y", "copy", "Copy path:line", priority=True),
    Binding("ctrl+r", "again", "Search again", priority=True),
    Binding("ctrl+up", "history(-1)", "Earlier query", priority=True),
    Binding("ctrl+down", "history(1)", "Later query", priority=True),
    Binding("ctrl+t", "next_source", "Next candidate source", priority=True),
    Binding("f1", "help", "Help", priority=True),
    Binding("question_mark", "help_on_empty", "Help", priority=True),
    Binding("f2", "next_reranker", "Next reranker", priority=True),
    Binding("f14,shift+f2", "rerankers", "All rerankers", priority=True),
    *(Binding(f"alt+{digit}", f"reranker({digit})", priority=True) for digit in range(10)),
    Binding("f3", "movers", "Biggest movers first", priority=True),
    Binding("f4", "inspect", "Why is it here", priority=True),
    Binding("f5", "weigh", "Adjust weights", priority=True),
    Binding("f6", "compare", "Rerankers side by side", priority=True),
    Binding("f7", "whole_list", "The whole list", priority=True),
    Binding("f8", "mark", "Mark to compare", priority=True),
    Binding("f9", "save_case", "Save a case file", priority=True),
    Binding("f10", "judged_so_far", "Judged so far", priority=True),
    Binding("plus", "judge_row(True)", "Relevant", priority=True),
    Binding("minus", "judge_row(False)", "Not relevant", priority=True),
    Binding("alt+plus", "judge(True)", "Relevant", priority=True),
    Binding("alt+minus", "judge(False)", "Not relevant", priority=True),
    Binding("escape", "clear_or_leave", "Clear, then leave", priority=True),
]

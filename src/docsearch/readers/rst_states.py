"""The states of docutils' parser, with tables that are found and not taken apart.

In: nothing. Out: state classes for `docutils.parsers.rst.Parser`. Rows and columns are not asked
for, and docutils takes the square of their number to find them. Linear: each line of a table is
looked at once. Knows nothing of docsearch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes
from docutils.parsers.rst import states
from docutils.statemachine import StringList

_Isolated = tuple[StringList | list[str], list[nodes.Node], bool]
"""A table's lines, complaints instead of them, and whether a blank line follows."""


class _WholeTables:
    """Comes before a state of docutils among its bases."""

    nested_sm_kwargs: dict[str, Any]
    state_machine: Any
    grid_table_top_pat: Any
    malformed_table: Callable[..., list[nodes.Node]]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.nested_sm_kwargs = {**self.nested_sm_kwargs, "state_classes": SOURCE_STATES}

    def table(
        self,
        isolate_function: Callable[[], _Isolated],
        parser_class: type,  # noqa: ARG002 - it would look for rows and columns
    ) -> tuple[list[nodes.Node], bool]:
        """The table as an empty node at its first line."""
        block, messages, blank_finish = isolate_function()
        if not block:
            return messages, blank_finish
        table = nodes.table()
        table.line = self.state_machine.abs_line_number() - len(block) + 1
        return [table, *messages], blank_finish

    def isolate_grid_table(self) -> _Isolated:
        """The lines from here to the last border of those that start like a grid."""
        lines, start = self.state_machine.input_lines, self.state_machine.line_offset
        behind = start + 1
        while behind < len(lines) and lines[behind].startswith(("+", "|")):
            behind += 1
        borders = (
            line
            for line in range(behind - 1, start, -1)
            if self.grid_table_top_pat.match(lines[line].rstrip())
        )
        last = next(borders, None)
        end = behind - 1 if last is None else last
        self.state_machine.next_line(end - start)
        block = lines[start : end + 1]
        blank_finish = end + 1 == len(lines) or not lines[end + 1].strip()
        if last is None:
            return [], self.malformed_table(block, "No bottom border."), blank_finish
        return block, [], blank_finish


SOURCE_STATES = tuple(
    type(each.__name__, (_WholeTables, each), {}) for each in states.state_classes
)

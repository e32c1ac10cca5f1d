"""What is pasted into an input of one line: all of it, as one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input

from docsearch.tui.dialogs.why_not import WhyNotScreen
from docsearch.tui.terminal_input import as_one_line
from tests.tui.piloted import running


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("panic: disk\nat boot\n", "panic: disk at boot"),
        ("panic:\r\n\r\n\t  disk\r\n", "panic: disk"),
        ("panic\rdisk", "panic disk"),
        ("a\tb", "a b"),
        ("nul\0 and \x1b[31mred\x1b[0m", "nul and red"),
        ("one\u2028two\x0bthree", "one two three"),
        (" kept ", " kept "),
        ("\n\n", ""),
    ],
)
def test_lines_are_joined_by_spaces(pasted: str, line: str) -> None:
    assert as_one_line(pasted) == line


@given(st.text())
def test_nothing_that_moves_a_terminal_is_left(pasted: str) -> None:
    line = as_one_line(pasted)
    assert len(line.splitlines()) <= 1
    assert all(character == " " or character >= " " for character in line)


async def test_a_paste_of_several_lines_is_one_query() -> None:
    async with running() as app:
        app.app.post_message(events.Paste("panic:\n  disk full\n"))
        await app.until(lambda: app.typed == "panic: disk full")
        assert app.session.typed == "panic: disk full"


async def test_it_goes_where_the_cursor_is_and_replaces_what_is_selected() -> None:
    async with running() as app:
        query = app.screen.query_one("#query", Input)
        await app.type("old words here")
        query.selection = type(query.selection)(4, 9)
        app.app.post_message(events.Paste("new\nones"))
        await app.until(lambda: app.typed == "old new ones here")


async def test_the_target_of_why_not_takes_a_pasted_path_with_its_line_end() -> None:
    async with running() as app:
        await app.search()
        app.screen.action_why_not()
        await app.until(lambda: isinstance(app.app.screen, WhyNotScreen))
        asked = app.app.screen.query_one(Input)
        app.app.post_message(events.Paste("ops/disk.md\n"))
        await app.until(lambda: asked.value == "ops/disk.md")


async def test_the_command_palette_takes_all_lines_too() -> None:
    async with running() as app:
        await app.press("ctrl+o")
        await app.until(lambda: isinstance(app.app.screen, CommandPalette))
        asked = app.app.screen.query_one(Input)
        app.app.post_message(events.Paste("the whole\n list\n"))
        await app.until(lambda: asked.value == "the whole list")
        assert app.typed == ""


async def test_the_apps_own_clipboard_is_pasted_the_same_way_and_only_as_far_as_there_is_room() -> (
    None
):
    async with running() as app:
        query = app.screen.query_one("#query", Input)
        query.max_length = 14
        app.app.copy_to_clipboard("the dog\nbarks at noon")
        await app.press("ctrl+v")
        await app.until(lambda: app.typed == "the dog barks ")

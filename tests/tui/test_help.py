"""The help has every key and every word that the screens use without saying what it means."""

from __future__ import annotations

import pytest

from docsearch.presentation.pieces import text_of, width_of
from docsearch.tui.dialogs.help import help_lines
from tests.tui.piloted import running

WORDS = ("Alt-1 to 9, 0", "jitter", "random", "tau", "RBO", "unreliable")


@pytest.mark.parametrize("cells", [40, 74, 80])
def test_every_line_of_the_help_fits(cells: int) -> None:
    lines = help_lines(cells)
    assert all(width_of(line) <= cells for line in lines)
    heads = [text_of(line)[:19].strip() for line in lines]
    assert set(WORDS) <= set(heads)


async def test_the_end_of_the_help_is_reached_where_the_screen_is_small() -> None:
    async with running(size=(80, 24)) as app:
        await app.press("f1")
        assert "RBO" not in app.picture()
        await app.press("end")
        await app.until(lambda: "RBO" in app.picture())

"""Alt and a digit chooses a reranker, and a digit alone belongs to the query."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from docsearch.domain.model import Availability
from docsearch.tui.choices import numbered
from docsearch.tui.terminal_input import read_alt_digits
from tests.tui import samples
from tests.tui.piloted import running
from tests.tui.scripted_engine import ScriptedEngine

HERE = (samples.MODEL, "ms-marco-MiniLM-L12-v2")


def keys(sequence: str) -> list[tuple[str, str | None]]:
    """What Textual makes of these characters when a terminal sends them."""
    parser = XTermParser()
    parsed = [*parser.feed(sequence), *parser.feed("")]
    return [(each.key, each.character) for each in parsed if isinstance(each, events.Key)]


@pytest.mark.parametrize("digit", range(10))
def test_every_terminals_alt_digit_is_the_same_key_and_types_nothing(digit: int) -> None:
    read_alt_digits()
    assert keys(f"\x1b{digit}") == [(f"alt+{digit}", None)]
    assert keys(f"\x1b[{ord('0') + digit};3u") == [(f"alt+{digit}", None)]


@given(st.text("0123456789¡™£¢∞§¶•ªº", min_size=1))
def test_what_is_typed_stays_what_it_is(typed: str) -> None:
    read_alt_digits()
    assert "".join(character or "" for _, character in keys(typed)) == typed


def test_digits_count_the_rerankers_on_this_machine() -> None:
    assert numbered(samples.MODELS) == {0: None, 1: HERE[0], 2: HERE[1]}
    assert numbered([]) == {0: None}


def test_a_service_has_no_digit() -> None:
    here = samples.MODELS[1]
    service = replace(here, description=replace(here.description, name="far", hosted=True))
    assert numbered([service, here]) == {0: None, 1: samples.MODEL}


def test_there_are_nine_digits() -> None:
    many = [samples.model(f"model {number}", 10, Availability.READY) for number in range(1, 13)]
    assert numbered(many) == {0: None, **{number: f"model {number}" for number in range(1, 10)}}


async def test_alt_and_a_digit_changes_the_reranker_and_not_the_query() -> None:
    async with running() as app:
        await app.search("rye")
        for key, name in (("alt+2", HERE[1]), ("alt+0", None), ("alt+1", HERE[0])):
            await app.press(key)
            assert app.session.reranker == name
            await app.until(lambda: app.engine.asked[-1][2] == app.session.reranker)
        assert app.typed == "rye"


async def test_a_digit_is_typed() -> None:
    async with running() as app:
        await app.type("bread ")
        await app.press("1", "2")
        assert app.typed == "bread 12"
        assert app.session.reranker == samples.MODEL


async def test_a_digit_without_a_reranker_says_where_there_are_more() -> None:
    async with running() as app:
        await app.press("alt+3")
        assert "no reranker 3 on this machine" in app.notices
        assert "Shift-F2" in app.notices
        assert app.session.reranker == samples.MODEL


async def test_before_the_rerankers_are_known_only_none_has_a_digit() -> None:
    class Waiting(ScriptedEngine):
        def start(self) -> None:
            self.go_on.wait(30)

    async with running(Waiting(), started=False) as app:
        await app.press("alt+1")
        assert app.session.reranker == samples.MODEL
        await app.press("alt+0")
        assert app.session.reranker is None

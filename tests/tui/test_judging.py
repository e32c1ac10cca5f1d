"""Judging while searching: a sign after a key that selects, kept at once, shown in both lists."""

from __future__ import annotations

import pytest

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.judgment import Grade
from docsearch.tui.grades import Mark, better, worse
from docsearch.tui.judge.judgments import finish, keep
from docsearch.tui.terminal_input import read_alt_digits
from tests.tui import samples
from tests.tui.heard import Heard, started
from tests.tui.piloted import Driver, running
from tests.tui.scripted_engine import ScriptedEngine
from tests.tui.test_digits import keys

RYE, OVERNIGHT = 7, 9


def given(app: Driver) -> list[tuple[int, Grade | None]]:
    return [(chunk_id, grade) for _, chunk_id, grade in app.engine.judging.written]


def test_a_sign_goes_one_grade_further_and_round_again() -> None:
    steps = [better(None)]
    while steps[-1] is not None:
        steps.append(better(Mark(steps[-1])))
    assert steps == [Grade.RELEVANT, Grade.HIGHLY_RELEVANT, None]
    assert better(Mark(Grade.NOT_RELEVANT)) is Grade.RELEVANT
    assert worse(None) is worse(Mark(Grade.RELEVANT)) is Grade.NOT_RELEVANT
    assert worse(Mark(Grade.NOT_RELEVANT)) is None


async def test_a_sign_judges_after_a_key_that_selects_and_is_typed_before() -> None:
    async with running() as app:
        await app.press("minus", "r", "plus")
        assert app.typed == "-r+"
        assert not app.engine.judging.written
        await app.press("ctrl+a", "ctrl+k")
        await app.search()
        await app.press("minus")
        assert app.typed == samples.QUERY + "-"
        await app.press("backspace")
        await app.until(app.settled)
        await app.press("down", "plus", "plus")
        await app.until(lambda: given(app) == [(OVERNIGHT, 1), (OVERNIGHT, 2)])
        await app.press("plus", "minus")
        await app.until(lambda: given(app)[2:] == [(OVERNIGHT, None), (OVERNIGHT, 0)])
        assert app.typed == samples.QUERY
        await app.press("space", "minus")
        assert app.typed == samples.QUERY + " -"
        assert len(given(app)) == 4


@pytest.mark.parametrize("key", ["tab", "f3", "ctrl+n", "up"])
async def test_every_key_that_selects_hands_the_signs_over(key: str) -> None:
    async with running() as app:
        await app.search()
        assert "+ - judge" not in app.picture()
        await app.press(key)
        assert "+ - judge" in app.picture()
        await app.press("plus")
        await app.until(lambda: len(given(app)) == 1)


async def test_with_alt_a_sign_judges_at_any_moment() -> None:
    async with running() as app:
        await app.press("alt+plus")
        await app.search()
        await app.press("alt+plus")
        await app.until(lambda: given(app) == [(RYE, Grade.RELEVANT)])
        assert app.typed == samples.QUERY


def test_alt_and_a_sign_is_the_same_key_on_every_terminal() -> None:
    read_alt_digits()
    assert keys("\x1b+") == keys("\x1b[43;3u") == [("alt+plus", None)]
    assert keys("\x1b-") == keys("\x1b[45;3u") == [("alt+minus", None)]


async def test_the_grade_stands_in_both_lists_and_above_the_passage() -> None:
    engine = ScriptedEngine()
    engine.judging.kept[samples.QUERY, OVERNIGHT] = Grade.NOT_RELEVANT
    engine.judging.moved = {OVERNIGHT}
    async with running(engine, size=(160, 48)) as app:
        await app.search()
        await app.until(lambda: app.session.grades)
        await app.press("down", "up", "plus", "plus")
        await app.until(lambda: app.session.figures)
        for name in ("before", "after"):
            marked = {row.split()[-1]: row for row in app.rows(name) if row.strip()}
            assert "sourdough-rye.md" in marked["++"]
            assert "overnight" in marked["≈-"]
        assert "++ highly relevant  #7 → #1" in app.picture()
        await app.press("down")
        assert "≈- not relevant, moved" in app.picture()


async def test_the_figures_follow_each_grade_and_make_room_for_what_is_typed() -> None:
    async with running(size=(80, 24)) as app:
        await app.search()
        await app.press("down", "minus")
        await app.until(lambda: "no figures until something relevant is judged" in app.picture())
        assert "judged 1 of 12 in the top 10s · too few" in app.picture()
        await app.press("up", "plus")
        await app.until(lambda: "RR@10 .14→1.0 +.86" in app.picture())
        assert "NDCG@10 .33→1.0 +.67" in app.picture()
        assert "R@50 1.0→1.0 =" in app.picture()
        assert "P@5 .00→.20 +.20" in app.picture()
        await app.press("s")
        assert "NDCG" not in app.picture()
        assert "rerank" in app.picture()


async def test_condensed_lists_are_a_choice() -> None:
    async with running(size=(80, 24)) as app:
        await app.search()
        await app.press("down", "up", "plus")
        await app.until(lambda: "RR@10 .14→1.0" in app.picture())
        app.screen.action_condense()
        await app.until(lambda: "RR@10 1.0→1.0 =" in app.picture())
        assert "condensed: the rest is left out" in app.picture()
        assert app.engine.judging.condensed[-1]


async def test_judged_passages_that_are_gone_are_told() -> None:
    engine = ScriptedEngine()
    engine.judging.gone = 12
    async with running(engine, size=(80, 24)) as app:
        await app.search()
        await app.press("down", "plus")
        told = "judged 1 of 12 in the top 10s · 12 gone from the index"
        await app.until(lambda: f"{told} · too few" in app.picture())
        app.screen.action_condense()
        await app.until(lambda: f"{told} · condensed" in app.picture())


async def test_what_cannot_be_kept_is_told_and_shown_no_more() -> None:
    engine = ScriptedEngine()
    engine.judging.error = IndexStoreError("The index cannot be written.")
    async with running(engine) as app:
        await app.search()
        await app.press("down", "plus")
        await app.until(lambda: "not kept. The index cannot be written." in app.notices)
        await app.until(lambda: not app.session.grades)
        engine.judging.error = None
        await app.press("plus")
        await app.until(lambda: given(app) == [(OVERNIGHT, Grade.RELEVANT)])


async def test_an_older_look_takes_back_no_grade() -> None:
    engine = ScriptedEngine()
    engine.judging.held = True
    async with running(engine) as app:
        await app.search()
        await app.press("down", "plus", "plus")
        assert app.session.grade == Mark(Grade.HIGHLY_RELEVANT)
        engine.go_on.set()
        await app.until(lambda: app.session.figures)
        assert app.session.grade == Mark(Grade.HIGHLY_RELEVANT)


async def test_what_was_found_for_other_words_is_not_judged() -> None:
    engine = ScriptedEngine()
    async with running(engine) as app:
        await app.search()
        engine.until = 0
        await app.type(" now")
        await app.press("down", "plus")
        assert "not there yet" in app.notices
        assert not engine.judging.written
        assert app.typed.endswith("now")


def test_leaving_waits_for_every_grade_and_says_which_is_not_kept() -> None:
    engine, owner = ScriptedEngine(), Heard()
    engine.judging.held = True
    with started(engine, owner) as background:
        for number in range(5):
            keep(owner, background, "rye", samples.PASSAGES[number], Grade.RELEVANT, owner.hear)
        background.close()
        engine.go_on.set()
        finish(background)
    assert [chunk_id for _, chunk_id, _ in engine.judging.written] == [1, 2, 3, 4, 5]
    engine.judging.error = IndexStoreError("The disk is full.")
    engine.go_on.clear()
    with started(engine, owner) as background:
        keep(owner, background, "rye", samples.PASSAGES[0], None, owner.hear)
        owner.has_left = True
        background.close()
        engine.go_on.set()
        with pytest.raises(IndexStoreError, match=r"1 judgment not kept\. The disk is full\."):
            finish(background)
    assert not owner.values

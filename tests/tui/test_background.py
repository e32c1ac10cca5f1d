"""The engine blocks, the screen does not, and only what is not stale is heard."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import cast

import pytest

from docsearch.domain.errors import DamagedIndexError, DocsearchError, FolderError
from docsearch.domain.progress import IndexProgress
from docsearch.engine.engine import Engine
from docsearch.tui.background import Background
from docsearch.tui.topics import Policy
from tests.tui.heard import PATIENCE, Heard, started
from tests.tui.piloted import opening
from tests.tui.scripted_engine import ScriptedEngine

REPLACING = (Policy.LATEST, Policy.BESIDE)
IN_ORDER = (Policy.QUEUE, Policy.DUTY)


class Steps:
    """Work that yields numbers, and after the first of them waits for `go_on`."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers
        self.go_on = Event()
        self.was_closed = Event()
        self.has_ended = Event()

    def __call__(self, _engine: Engine) -> Iterator[int]:
        try:
            for number in self.numbers:
                yield number
                self.go_on.wait(PATIENCE)
        except GeneratorExit:
            self.was_closed.set()
            raise
        self.has_ended.set()


def at_once(*numbers: int) -> Steps:
    steps = Steps(*numbers)
    steps.go_on.set()
    return steps


@pytest.fixture
def owner() -> Heard:
    return Heard()


@pytest.fixture
def background() -> Iterator[Background]:
    with started(ScriptedEngine()) as background:
        yield background


def test_starting_starts_the_engine_and_says_what_there_is(owner: Heard) -> None:
    engine = ScriptedEngine()
    background = Background(opening(engine))
    background.start(owner, owner.hear, owner.hear, owner.hear)
    assert engine.started.wait(PATIENCE)
    owner.until(lambda each: each == engine.progress())
    owner.until(lambda each: each == engine.rerankers())
    engine.report(IndexProgress(generation=7))
    owner.until(lambda each: each == IndexProgress(generation=7))
    background.close()
    engine.report(IndexProgress(generation=8))
    assert not owner.waits()


def test_an_engine_that_cannot_be_opened_says_why(owner: Heard) -> None:
    def refuse() -> Engine:
        raise FolderError("There is no folder /nowhere.")

    background = Background(refuse)
    background.start(owner, owner.hear, owner.hear, owner.hear)
    owner.until(lambda each: isinstance(each, FolderError) and "/nowhere" in str(each))
    background.stop(1.0)


def test_work_waits_for_the_engine_and_stopping_stops_it(owner: Heard) -> None:
    engine, allowed = ScriptedEngine(), Event()

    def slowly() -> Engine:
        allowed.wait(PATIENCE)
        return cast("Engine", engine)

    background = Background(slowly)
    background.start(owner, lambda _: None, lambda _: None, lambda _: None)
    background.run(owner, "search", at_once(1), owner.hear)
    assert background.engine is None
    assert not owner.waits()
    allowed.set()
    owner.until(lambda each: each == 1)
    background.stop(1.0)
    assert engine.stopped


@pytest.mark.parametrize("policy", Policy)
def test_every_value_is_heard_in_order(
    background: Background, owner: Heard, policy: Policy
) -> None:
    background.run(owner, "topic", at_once(1, 2, 3), owner.hear, policy=policy)
    assert owner.until(lambda each: each == 3) == [1, 2, 3]


def test_of_values_that_hold_each_other_late_ones_are_left_out(
    background: Background, owner: Heard
) -> None:
    work = at_once(*range(50))
    background.run(owner, "topic", work, owner.hear, newest=True)
    assert work.has_ended.wait(PATIENCE)
    assert owner.until(lambda each: each == 49) == [49]


@pytest.mark.parametrize("policy", REPLACING)
def test_newer_work_replaces_the_older_which_is_closed_and_heard_no_more(
    background: Background, owner: Heard, policy: Policy
) -> None:
    old = Steps(1, 2)
    background.run(owner, "topic", old, owner.hear, policy=policy)
    owner.until(lambda each: each == 1)
    background.run(owner, "topic", at_once(10), owner.hear, policy=policy)
    old.go_on.set()
    assert owner.until(lambda each: each == 10) == [10]
    assert old.was_closed.wait(PATIENCE)


def test_what_waits_to_be_heard_when_newer_work_comes_is_not_heard(
    background: Background, owner: Heard
) -> None:
    old = at_once(1, 2)
    background.run(owner, "topic", old, owner.hear)
    assert old.has_ended.wait(PATIENCE)
    background.run(owner, "topic", at_once(10), owner.hear)
    assert owner.until(lambda each: each == 10) == [10]


def test_work_beside_does_not_wait_for_work_that_hangs(
    background: Background, owner: Heard
) -> None:
    hanging = Steps(1, 2)
    background.run(owner, "topic", hanging, owner.hear, policy=Policy.BESIDE)
    owner.until(lambda each: each == 1)
    background.run(owner, "topic", at_once(10), owner.hear, policy=Policy.BESIDE)
    assert owner.until(lambda each: each == 10) == [10]
    assert not hanging.was_closed.is_set()
    hanging.go_on.set()


@pytest.mark.parametrize("policy", IN_ORDER)
def test_work_in_order_is_done_one_after_another(
    background: Background, owner: Heard, policy: Policy
) -> None:
    first = Steps(1, 2)
    background.run(owner, "topic", first, owner.hear, policy=policy)
    background.run(owner, "topic", at_once(3), owner.hear, policy=policy)
    owner.until(lambda each: each == 1)
    assert background.unended("topic") == 2
    first.go_on.set()
    assert owner.until(lambda each: each == 3) == [2, 3]


def test_topics_do_not_wait_for_each_other(background: Background, owner: Heard) -> None:
    held = Steps(1, 2)
    background.run(owner, "one", held, owner.hear)
    owner.until(lambda each: each == 1)
    background.run(owner, "other", at_once(10), owner.hear)
    assert owner.until(lambda each: each == 10) == [10]
    held.go_on.set()
    assert owner.until(lambda each: each == 2) == [2]


def test_dropped_work_is_closed_and_heard_no_more(background: Background, owner: Heard) -> None:
    work = Steps(1, 2)
    background.run(owner, "topic", work, owner.hear)
    owner.until(lambda each: each == 1)
    background.drop("topic", "another")
    work.go_on.set()
    assert work.was_closed.wait(PATIENCE)
    assert not owner.waits()


def test_a_burst_costs_one_piece_of_work(background: Background, owner: Heard) -> None:
    begun: list[int] = []

    def work(number: int) -> Iterator[int]:
        begun.append(number)
        yield number

    for number in range(50):
        background.run(owner, "topic", lambda _, n=number: work(n), owner.hear, settle=0.05)  # type: ignore[misc]
    owner.until(lambda each: each == 49)
    assert begun == [49]


def test_work_beside_does_not_wait_for_what_is_typed_to_settle(
    background: Background, owner: Heard
) -> None:
    background.run(owner, "topic", at_once(1), owner.hear, settle=3600.0)
    background.run(owner, "topic", at_once(2), owner.hear, policy=Policy.BESIDE)
    assert owner.until(lambda each: each == 2) == [2]
    background.run(owner, "topic", at_once(3), owner.hear)
    assert owner.until(lambda each: each == 3) == [3]


def test_an_error_is_heard_by_who_asked(background: Background, owner: Heard) -> None:
    torn = DamagedIndexError("torn")

    def work(_: Engine) -> Iterator[int]:
        yield 1
        raise torn

    background.run(owner, "topic", work, owner.hear, owner.hear)
    assert owner.until(lambda each: isinstance(each, DocsearchError)) == [1, torn]


@pytest.mark.parametrize("policy", Policy)
def test_a_fault_of_the_program_is_raised_where_it_ends_the_program(
    background: Background, owner: Heard, policy: Policy
) -> None:
    def work(_: Engine) -> Iterator[int]:
        yield 1 // 0

    background.run(owner, "topic", work, owner.hear, policy=policy)
    with pytest.raises(ZeroDivisionError):
        owner.until(lambda _: False)


def test_closing_leaves_all_work_but_duties(owner: Heard) -> None:
    with started(ScriptedEngine()) as background:
        left, duty, next_duty = Steps(1, 2), Steps(3, 4), at_once(5)
        background.run(owner, "one", left, owner.hear)
        background.run(owner, "other", duty, owner.hear, policy=Policy.DUTY)
        background.run(owner, "other", next_duty, owner.hear, policy=Policy.DUTY)
        background.run(owner, "other", at_once(6), owner.hear)
        owner.until(lambda each: each == 1)
        owner.until(lambda each: each == 3)
        owner.has_left = True
        background.close()
        background.run(owner, "one", at_once(7), owner.hear)
        left.go_on.set()
        assert left.was_closed.wait(PATIENCE)
        held = background.finish("other", 0.0)
        assert (held.values, held.unended) == ((), 2)
        duty.go_on.set()
        unheard = background.finish("other")
        assert (unheard.values, unheard.errors, unheard.unended) == ((4, 5), (), 0)
        assert background.finish("nothing").unended == 0

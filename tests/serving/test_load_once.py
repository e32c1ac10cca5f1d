"""Models that are loaded once, and for good."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from docsearch.domain.errors import ModelError
from docsearch.serving.load_once import for_good


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_it_is_loaded_once_and_not_searched_for_garbage() -> None:
    loads: list[list[str]] = []

    def load() -> list[str]:
        loads.append(["a model"])
        return loads[-1]

    loaded = for_good(load)
    before = gc.get_freeze_count()
    assert loaded() is loaded()
    assert len(loads) == 1
    assert gc.get_freeze_count() > before
    assert not any(each is loads[0] for each in gc.get_objects())


def test_two_threads_at_a_time_load_it_once() -> None:
    loads: list[int] = []
    second_asks = Event()

    def load() -> str:
        loads.append(1)
        assert second_asks.wait(30)
        return "a model"

    loaded = for_good(load)

    def ask_second() -> str:
        second_asks.set()
        return loaded()

    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(each) for each in (loaded, ask_second)]
        assert [each.result(30) for each in asked] == ["a model"] * 2
    assert loads == [1]


def test_what_could_not_be_loaded_is_tried_again() -> None:
    answers: list[ModelError | str] = [ModelError("torn"), "a model"]

    def load() -> str:
        answer = answers.pop(0)
        if isinstance(answer, ModelError):
            raise answer
        return answer

    loaded = for_good(load)
    with pytest.raises(ModelError):
        loaded()
    assert loaded() == "a model"

"""Whatever happens to a folder, and however its events arrive, batches lead to its true content."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from docsearch.watching.changes import (
    LONGEST_SECONDS,
    QUIET_SECONDS,
    Batch,
    Changed,
    EventsLost,
    Settling,
)

NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
GAPS = st.sampled_from([0.0, 0.05, 0.15, 0.3, 2.0])


def below(path: str, files: Iterable[str]) -> set[str]:
    return {each for each in files if each == path or each.startswith(f"{path}/")}


class Model:
    """A folder's files and their versions, and the events that a system tells of it."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.versions = 0

    def write(self, path: str) -> list[Changed]:
        """Made or edited; what stood in the way, a file for a folder or the reverse, goes first."""
        events = self.delete(path) if below(path, self.files) != {path} else []
        for end in range(1, len(path)):
            if path[end] == "/" and path[:end] in self.files:
                events += self.delete(path[:end])
        self.versions += 1
        self.files[path] = self.versions
        return [*events, Changed((path,)), Changed((path,))]

    def delete(self, path: str) -> list[Changed]:
        """A file, or a folder with all in it, of which the system may tell only the folder."""
        gone = below(path, self.files)
        for each in gone:
            del self.files[each]
        return [Changed((path,))] if gone else []

    def move(self, path: str, target: str) -> list[Changed]:
        """Told as one event, also for a folder full of files."""
        if not below(path, self.files) or target.startswith(path) or path.startswith(target):
            return []
        events = self.delete(target)
        for end in range(1, len(target)):
            if target[end] == "/" and target[:end] in self.files:
                events += self.delete(target[:end])
        for each in below(path, self.files):
            self.files[target + each.removeprefix(path)] = self.files.pop(each)
        return [*events, Changed((path, target))]

    def take_in(self, path: str, names: list[str]) -> list[Changed]:
        """A folder moved in from outside: one event for all its files."""
        events = self.delete(path)
        for end in range(1, len(path)):
            if path[end] == "/" and path[:end] in self.files:
                events += self.delete(path[:end])
        for name in names:
            self.versions += 1
            self.files[f"{path}/{name}"] = self.versions
        return [*events, Changed((path,))]


STEPS = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(st.just("write"), PATHS),
            st.tuples(st.just("delete"), PATHS),
            st.tuples(st.just("move"), PATHS, PATHS),
            st.tuples(st.just("take_in"), PATHS, st.lists(NAMES, min_size=1, max_size=3)),
        ),
        GAPS,
        st.booleans(),
    ),
    max_size=30,
)


def apply(index: dict[str, int], batch: Batch, files: dict[str, int]) -> None:
    """What the pipeline does: look at the disk, at and below each path."""
    if batch.paths is None:
        index.clear()
        index.update(files)
        return
    for path in batch.paths:
        for each in below(path, index):
            del index[each]
        index.update({each: files[each] for each in below(path, files)})


@settings(deadline=None)
@given(STEPS)
def test_applying_every_batch_leads_to_the_folder_as_it_is(
    steps: list[tuple[tuple[str, ...], float, bool]],
) -> None:
    model, settling, index, now = Model(), Settling(), dict[str, int](), 0.0
    for (operation, *arguments), gap, lost in steps:
        for event in getattr(model, operation)(*arguments):
            settling.add(EventsLost() if lost else event, now)
        now += gap
        batch = settling.take(now)
        if batch is not None:
            apply(index, batch, model.files)
    batch = settling.take(now + LONGEST_SECONDS)
    if batch is not None:
        apply(index, batch, model.files)
    assert index == model.files
    assert settling.due() is None


@settings(deadline=None)
@given(st.lists(GAPS, min_size=1, max_size=40))
def test_a_batch_waits_for_quiet_but_never_longer_than_the_longest(gaps: list[float]) -> None:
    settling, now, first = Settling(), 0.0, 0.0
    for gap in gaps:
        if settling.due() is None:
            first = now
        settling.add(Changed(("a",)), now)
        due = settling.due()
        assert due == min(now + QUIET_SECONDS, first + LONGEST_SECONDS)
        now += gap
        assert (settling.take(now) is not None) == (now >= due)


def test_paths_of_a_batch_are_told_once() -> None:
    settling = Settling()
    for event in (Changed(("a",)), Changed(("a", "b")), Changed(("b",))):
        settling.add(event, 0.0)
    assert settling.take(QUIET_SECONDS) == Batch(frozenset({"a", "b"}))
    assert settling.take(100.0) is None


def test_lost_events_ask_for_the_whole_folder_once() -> None:
    settling = Settling()
    settling.add(Changed(("a",)), 0.0)
    settling.add(EventsLost(), 0.0)
    assert settling.take(1.0) == Batch(None)
    settling.add(Changed(("b",)), 2.0)
    assert settling.take(3.0) == Batch(frozenset({"b"}))

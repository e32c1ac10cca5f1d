"""What is on disk against what the index knows -> what is new, changed, moved and gone.

In: files as the scan found them, and as the index last saw them. Out: the differences. Opens no
file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from docsearch.domain.document import SourceFile

Identity = tuple[tuple[int, int], int, int]
"""File id, size and time: what a rename keeps, and an edit mostly does not."""

Confirm = Callable[[str, SourceFile], SourceFile | None]
"""Whether the file known at a path is now this one: as it is to be noted, or None if it is not."""


def taken_from_name(path: str) -> str:
    """What a reader or the index takes from a file's path: a name tells the format and a title."""
    return path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Move:
    """The file that was known at `origin` is now `source.path`, unchanged."""

    origin: str
    source: SourceFile

    def is_read_again(self, taken: Callable[[str], object] = taken_from_name) -> bool:
        """Whether its new name may make something else of its bytes: `taken` from it."""
        return taken(self.origin) != taken(self.source.path)


@dataclass(frozen=True, slots=True)
class Changes:
    """`moved` is in an order in which no move overwrites a file that is still to be moved."""

    new: tuple[SourceFile, ...]
    changed: tuple[SourceFile, ...]
    moved: tuple[Move, ...]
    gone: tuple[str, ...]


def compare(
    found: Iterable[SourceFile],
    known: Mapping[str, SourceFile],
    confirm: Confirm = lambda _, source: source,
) -> Changes:
    """The differences; a file replaced by another under the same name is changed.

    What looks like a move is one if `confirm` agrees: the system gives the identity of a deleted
    file to another, and tools set times back. A move may land on a known path: what was known of
    that path is then gone with it.
    """
    found_by_path = {source.path: source for source in found}
    fresh = [source for path, source in found_by_path.items() if known.get(path) != source]
    in_place = {
        path
        for path, source in known.items()
        if path in found_by_path and _identity(found_by_path[path]) == _identity(source)
    }
    left = {_identity(source): path for path, source in known.items() if path not in in_place}
    origins: dict[str, str] = {}
    for source in fresh:
        origin = None if source.path in in_place else left.pop(_identity(source), None)
        if origin is not None and (confirmed := confirm(origin, source)) is not None:
            origins[source.path] = origin
            found_by_path[source.path] = confirmed
    order = _in_safe_order(origins)
    moved_from = {origins[path] for path in order}
    rest = [source for source in fresh if source.path not in set(order)]
    is_known = [source.path in known and source.path not in moved_from for source in rest]
    return Changes(
        new=tuple(source for source, yes in zip(rest, is_known, strict=True) if not yes),
        changed=tuple(source for source, yes in zip(rest, is_known, strict=True) if yes),
        moved=tuple(Move(origins[path], found_by_path[path]) for path in order),
        gone=tuple(path for path in known if path not in found_by_path and path not in moved_from),
    )


def _identity(source: SourceFile) -> Identity:
    return source.file_id, source.size, source.modified_ns


def _in_safe_order(origins: Mapping[str, str]) -> list[str]:
    """The targets, each after the move that frees it; one move of each circle is left out."""
    target_of = {origin: target for target, origin in origins.items()}
    order: dict[str, None] = {}
    broken: set[str] = set()
    for first in origins:
        chain = [first]
        while (freed_by := target_of.get(chain[-1])) is not None and freed_by != first:
            if freed_by in order or freed_by in broken:
                break
            chain.append(freed_by)
        if freed_by == first:
            broken.add(first)
            chain.remove(first)
        order.update(dict.fromkeys(path for path in reversed(chain) if path not in broken))
    return list(order)

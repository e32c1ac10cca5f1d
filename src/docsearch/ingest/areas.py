"""Paths that changed -> the areas to look through, and what is within them.

In: relative paths. Out: answers about them. Pure. An area is a path with all that is below it; ""
is the whole folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docsearch.ingest.ignore import RULE_FILE_NAMES


def areas_of(paths: Iterable[str]) -> set[str]:
    """The fewest areas to look through when these paths have changed.

    A rule file governs its folder, so that is looked through; a path below another goes with it.
    """
    wide = {
        path.rpartition("/")[0] if path.rpartition("/")[2] in RULE_FILE_NAMES else path
        for path in paths
    }
    return {path for path in wide if not any(above in wide for above in _folders_above(path))}


def is_within(path: str, areas: set[str]) -> bool:
    """Whether a path is one of the areas or below one; a skipped folder's slash is no part."""
    path = path.rstrip("/")
    return path in areas or any(above in areas for above in _folders_above(path))


def may_matter(path: str) -> bool:
    """Whether a change of this path can change the index: it is not hidden, or holds rules."""
    *folders, name = path.split("/")
    hidden = any(each.startswith(".") for each in (*folders, name))
    return not hidden or (name in RULE_FILE_NAMES and may_matter("/".join(folders)))


def _folders_above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path

"""Which of the files that are not there are on a disk that is not there.

In: files as the index last saw them, the paths that a look came upon, and the devices it met. Out:
the paths to keep. Pure. Who deletes files leaves their folder on its disk; a disk that is unmounted
takes its files away, and leaves at most an empty folder of another disk.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Mapping

from docsearch.domain.document import SourceFile
from docsearch.domain.wording import plural


def away(
    known: Mapping[str, SourceFile], seen: Collection[str], devices: Collection[int]
) -> set[str]:
    """Paths of `known` whose device was not met, and with them every other file of that device."""
    missing: defaultdict[int, set[str]] = defaultdict(set)
    for path, source in known.items():
        missing[source.file_id[0]].add(path)
    return {
        path
        for device, paths in missing.items()
        if device and device not in devices and paths.isdisjoint(seen)
        for path in paths
    }


def in_words(kept: Collection[str]) -> str | None:
    """A sentence for the user about files that are kept though they cannot be seen."""
    if not kept:
        return None
    where = os.path.commonpath([path.rpartition("/")[0] for path in kept])
    what = f"{plural(len(kept), 'file')} in {where}" if where else plural(len(kept), "file")
    return (
        f"{what} cannot be seen: a disk is not mounted, or a network folder does not answer. What "
        "was indexed is kept and searched."
    )

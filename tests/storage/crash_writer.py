"""Writes files into a library without end, and says which are committed: the victim of a kill."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from docsearch.storage.library import Library
from docsearch.storage.vectors import FaissIndex
from tests.fakes.contents import contents, source
from tests.fakes.library import MemoryLibrary
from tests.storage.libraries import FORM_CHANGES, open_library

WORDS = ("red", "blue", "cat", "dog", "house", "tree", "rain", "sun")
SUFFIXES = (".md", ".txt", ".org")


def main() -> None:
    seed = int(sys.argv[2])
    if seed % 2:  # the next one to open it would hold the vectors in another form
        FaissIndex.most_whole_bytes = FORM_CHANGES
    library = open_library(Path(sys.argv[1]))
    chance = random.Random(seed)
    print("open", flush=True)
    while True:
        step(library, chance)
        print(library.generation, flush=True)


def step(library: Library | MemoryLibrary, chance: random.Random) -> None:
    """One transaction, or a save; which depends on `chance` and on what the library holds."""
    path = f"{chance.randrange(20)}.md"
    known = sorted(library.files())
    match chance.randrange(8):
        case 0:
            library.remove_file(path)
        case 1:
            library.skip_file(source(path), "broken")
        case 2 if known:
            library.move_file(chance.choice(known), source(path))
        case 3:
            library.save()
        case 4:
            library.put_files(
                [
                    contents(f"{chance.randrange(10)}{end}", *chance.choices(WORDS, k=9))
                    for end in SUFFIXES
                ]
            )
        case _:
            texts = [" ".join(chance.choices(WORDS, k=9)) for _ in range(chance.randrange(40))]
            library.put_file(contents(path, *texts))


if __name__ == "__main__":
    main()

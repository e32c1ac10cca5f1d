"""Several programs open the same new index at the same moment, or one opens a damaged index."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from docsearch.domain.errors import DamagedIndexError
from tests.fakes.contents import contents
from tests.storage.libraries import layout_in, open_library

PAGE = 4096

OPEN = """
import sys
from pathlib import Path
from tests.storage.libraries import open_library

library = open_library(Path(sys.argv[1]))
print("reads" if library.read_only else "writes", flush=True)
sys.stdin.readline()
library.close()
"""


def test_one_writes_and_the_others_read(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path)]
    programs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    try:
        roles = [each.stdout.readline().strip() for each in programs if each.stdout is not None]
    finally:
        for each in programs:
            each.communicate("\n", timeout=60)
    assert sorted(roles) == ["reads", "reads", "reads", "writes"]
    assert [each.returncode for each in programs] == [0] * 4
    library = open_library(tmp_path)
    assert not library.read_only
    assert library.integrity() == []
    library.close()


def test_no_page_that_a_disk_lost_makes_another_answer(tmp_path: Path) -> None:
    with closing(open_library(tmp_path)) as library:
        for number in range(30):
            texts = (f"cat {number} {part} bank April" for part in range(10))
            library.put_file(contents(f"{number}.md", *texts))
    file = layout_in(tmp_path).catalog
    whole = file.read_bytes()
    expected = answer(tmp_path)

    refused = 0
    for start in range(0, len(whole), PAGE):
        file.write_bytes(whole[:start] + bytes(PAGE) + whole[start + PAGE :])
        try:
            assert answer(tmp_path) == expected
        except DamagedIndexError:
            refused += 1

    assert refused > 0.9 * len(whole) / PAGE


def answer(tmp_path: Path) -> list[str]:
    with closing(open_library(tmp_path, read_only=True)) as library:
        found = library.search_text("cat 7 3", 50)
        return [each.chunk.text for each in library.chunks([chunk_id for chunk_id, _ in found])]


def test_the_one_who_writes_takes_away_the_scores_of_an_earlier_docsearch(tmp_path: Path) -> None:
    open_library(tmp_path).close()
    before = layout_in(tmp_path).scores_before
    for each in before:
        each.write_bytes(b"scores")
    open_library(tmp_path, read_only=True).close()
    assert all(each.exists() for each in before)
    open_library(tmp_path).close()
    assert not any(each.exists() for each in before)

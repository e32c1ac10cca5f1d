"""Several programs open the same new index at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.storage.libraries import open_library

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

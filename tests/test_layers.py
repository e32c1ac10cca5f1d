"""Each import contract of pyproject.toml is kept, and a wrong import breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WRONG = [
    ("Imports only ever point down", "storage/library.py", "docsearch.tui.app"),
    ("Imports only ever point down", "presentation/cells.py", "docsearch.cli.lines"),
    ("No package goes round in circles", "tui/widgets/lines.py", "docsearch.tui.search.screen"),
    ("Textual is the screen's", "cli/lines.py", "textual"),
    ("click is the command line's", "tui/app.py", "click"),
    ("torch and transformers are the models'", "search/rerank.py", "torch"),
    ("SQLite and FAISS are the storage's", "search/retrieve.py", "faiss"),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources and their contracts, to be broken."""
    top = tmp_path_factory.mktemp("layers")
    shutil.copytree(ROOT / "src", top / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", top)
    return top


def broken(top: Path) -> list[str]:
    """The contracts that are broken."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    path = os.pathsep.join([str(top / "src"), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(
        command,
        cwd=top,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = ran.stdout.splitlines()
    assert any(line.startswith("Contracts: ") for line in lines), ran.stdout + ran.stderr
    return [line.split(" BROKEN")[0] for line in lines if " BROKEN" in line]


def test_every_contract_is_kept(copied: Path) -> None:
    assert broken(copied) == []


@pytest.mark.parametrize(("contract", "file", "imported"), WRONG)
def test_a_wrong_import_breaks_it(contract: str, file: str, imported: str, copied: Path) -> None:
    module = copied / "src" / "docsearch" / file
    right = module.read_text()
    module.write_text(f"{right}\nimport {imported}\n")
    try:
        assert contract in broken(copied)
    finally:
        module.write_text(right)

"""How a folder stands, in words and as data, without an index."""

from __future__ import annotations

from pathlib import Path

from docsearch.cli.folder_status import FolderStatus, as_data, in_words
from docsearch.ingest.compare import Changes
from docsearch.ports import IndexedFile
from docsearch.storage.layout import IndexLayout
from tests.fakes.contents import source


def status_of(tmp_path: Path, **losses: tuple[str, ...]) -> FolderStatus:
    return FolderStatus(
        folder=tmp_path,
        layout=IndexLayout(tmp_path / "index"),
        exists=True,
        files={
            path: IndexedFile(source(path), b"", 1, "PDF", lost) for path, lost in losses.items()
        },
        stale=0,
        skipped=(),
        left_out=(),
        changes=Changes((), (), (), ()),
    )


def test_a_file_read_in_part_is_listed_with_what_is_missing(tmp_path: Path) -> None:
    status = status_of(tmp_path, b=("page 3 cannot be read", "page 5\x1b[2J cannot be read"), a=())

    lines = list(in_words(status, show_ignored=False))

    assert "in part  1; what docsearch did not read as it stands:" in lines
    assert "  b: page 3 cannot be read; page 5␛[2J cannot be read" in lines
    assert as_data(status, show_ignored=False)["read_in_part"] == [
        {"path": "b", "losses": ["page 3 cannot be read", "page 5\x1b[2J cannot be read"]}
    ]


def test_where_every_file_was_read_whole_nothing_is_said_of_parts(tmp_path: Path) -> None:
    status = status_of(tmp_path, a=())

    assert not any(line.startswith("in part") for line in in_words(status, show_ignored=False))
    assert as_data(status, show_ignored=False)["read_in_part"] == []

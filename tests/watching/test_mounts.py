from __future__ import annotations

from pathlib import Path

import pytest

from docsearch.watching.mounts import file_system_of, read_mounts

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ada/usb\\040stick vfat rw 0 0
odd line
ada@far: /home/ada/far fuse.sshfs rw 0 0
tmpfs /srv tmpfs rw 0 0
//box/share /srv cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/etc", "ext4"),
        ("/homes", "ext4"),
        ("/home", "nfs4"),
        ("/home/ada/notes", "nfs4"),
        ("/home/ada/usb stick/notes", "vfat"),
        ("/home/ada/far/away", "fuse.sshfs"),
        ("/srv/x", "cifs"),
    ],
)
def test_the_deepest_and_latest_mount_decides(folder: str, kind: str) -> None:
    assert file_system_of(Path(folder), MOUNTS) == kind


def test_without_mounts_nothing_is_known() -> None:
    assert file_system_of(Path("/home"), "") is None


def test_this_system_can_be_asked(tmp_path: Path) -> None:
    mounts = read_mounts()
    assert not mounts or file_system_of(tmp_path.resolve(), mounts)

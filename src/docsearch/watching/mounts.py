"""Which file system a folder is on, and whether that one tells what other machines change.

In: a folder's real path, and the text of /proc/mounts. Out: the type of its file system. Pure.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/mounts")

SILENT_TYPES = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "drvfs",
        "fuse.ceph",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.gvfsd-fuse",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "fuse.vmhgfs-fuse",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    }
)
"""Network and shared file systems: the kernel sees only the changes made on this machine."""

_OCTAL = re.compile(r"\\([0-7]{3})")


def file_system_of(folder: Path, mounts: str) -> str | None:
    """The type of the file system that `folder`, a real path, is on; None if no line says so.

    `mounts` has the form of /proc/mounts (fstab(5)): later lines cover earlier ones.
    """
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        point = _point(line)
        if point is None:
            continue
        depth = len(point.parts)
        if folder.is_relative_to(point) and (best is None or depth >= best[0]):
            best = depth, line.split(" ")[2]
    return None if best is None else best[1]


def mounts_within(folder: Path, mounts: str) -> tuple[str, ...]:
    """The lines of the file systems that are mounted at or below `folder`."""
    real = Path(os.path.realpath(folder))
    return tuple(
        line
        for line in mounts.splitlines()
        if (point := _point(line)) is not None and point.is_relative_to(real)
    )


def _point(line: str) -> Path | None:
    fields = line.split(" ")
    if len(fields) < 3:
        return None
    return Path(_OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[1]))


def read_mounts() -> str:
    """The mounts of this system; empty where they cannot be read (not Linux)."""
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""

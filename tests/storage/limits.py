"""Conditions of a machine that tests cannot wait for: a full disk, and a directory of another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Writes beyond `size` bytes of any file fail, as they do where there is no space left."""
    resource = pytest.importorskip("resource", reason="limits of a process are POSIX's")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nothing in `folder` can be written, whoever runs the tests.

    Permission bits do not bind the superuser, who becomes nobody for a while.
    """
    entries = [folder, *folder.rglob("*")]
    with _modes({each: 0o555 if each.is_dir() else 0o444 for each in entries}):
        yield


@contextmanager
def unreadable(folder: Path) -> Iterator[None]:
    """Nothing in `folder` can be looked at, whoever runs the tests."""
    with _modes({folder: 0o000}):
        yield


@contextmanager
def _modes(modes: Mapping[Path, int]) -> Iterator[None]:
    if os.name != "posix":
        pytest.skip("permission bits are POSIX's")
    before = {each: each.stat().st_mode for each in modes}
    for each, mode in modes.items():
        each.chmod(mode)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)
        for each, mode in before.items():
            each.chmod(mode)


@contextmanager
def open_to_all() -> Iterator[Path]:
    """An empty directory that nobody can reach too, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder

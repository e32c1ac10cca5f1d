"""Whether a disk takes a model, and what to say when it does not.

In: a folder and a size, or an OSError. Out: nothing, an error, or a sentence.
"""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from docsearch.domain.errors import ModelDownloadError
from docsearch.domain.wording import size

_SPARE_BYTES = 50_000_000
"""Left free beside the model: a disk full to the brim breaks other things."""


def require_space(folder: Path, to_come: int) -> None:
    """Raise ModelDownloadError where `to_come` bytes do not fit on the disk of `folder`."""
    free = shutil.disk_usage(folder).free
    if to_come and free < to_come + _SPARE_BYTES:
        raise ModelDownloadError(
            f"It needs {size(to_come)} on the disk of {folder}, and "
            f"{size(_SPARE_BYTES)} to spare; {size(free)} are free. Make room, "
            "or choose another place with --data-dir."
        )


def disk_fault(error: OSError) -> str:
    """What went wrong on the disk, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            "the disk is full. Make room and run it again, it goes on where it stopped; or choose "
            "another place with --data-dir."
        )
    return f"{error.strerror or error}. Check the folder, or choose another with --data-dir."

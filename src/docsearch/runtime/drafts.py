"""Files that are whole or not there: written beside their place, then put into it.

In: a place and a text. Out: a file under another name in the same folder, on the disk when this
returns; renaming it replaces the old one at once. Does not know what is written.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def draft(file: Path, text: str) -> Path:
    """The text in a new file beside `file`, for its owner alone; on OSError nothing is left."""
    with NamedTemporaryFile(
        "w", dir=file.parent, prefix=f".{file.name}.", encoding="utf-8", delete=False
    ) as written:
        try:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
        except BaseException:
            Path(written.name).unlink()
            raise
    return Path(written.name)

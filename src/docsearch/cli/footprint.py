"""What an index costs: its bytes for each megabyte of text, and the memory that making it took.

In: a folder whose index is closed. Out: a sentence. Changes nothing.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from docsearch.domain.settings import Settings
from docsearch.domain.wording import size
from docsearch.engine.compose import open_library
from docsearch.serving.paths import index_layout


def footprint(folder: Path, settings: Settings) -> str:
    """Sizes are in decimal units; a character of text counts as one byte."""
    with closing(open_library(folder, settings, read_only=True)) as library:
        text = library.text_length()
    layout = index_layout(folder, settings)
    taken = layout.bytes_on_disk()
    ratio = f", {taken / text:.1f} bytes for each of {size(text)} of text" if text else ""
    return f"The index takes {size(taken)}{ratio}; peak memory was {_peak_memory()}."


def _peak_memory() -> str:
    try:
        import resource
    except ImportError:  # not on Windows
        return "not measured"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size(peak if sys.platform == "darwin" else peak * 1024)

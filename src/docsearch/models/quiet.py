"""Keep the model libraries off the terminal, and their telemetry off the network.

In: nothing. Out: nothing; the libraries' own switches are set before they are used. A screen is
drawn on the same terminal that they would write progress bars and advice to.
"""

from __future__ import annotations

import logging
import os

_TALKATIVE = ("transformers", "sentence_transformers", "huggingface_hub", "httpx2", "httpcore2")


def hush_hub() -> None:
    """Turn off huggingface_hub's telemetry, and every library's log lines below errors."""
    # huggingface_hub reads it when it is first imported, by whichever library imports it.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def hush_transformers() -> None:
    """The same, and no progress bars from transformers and sentence-transformers."""
    hush_hub()
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

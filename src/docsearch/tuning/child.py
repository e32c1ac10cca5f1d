"""The process that tunes while the screen is at rest: what it is told, and what it tells.

    python -P -m docsearch.tuning.child SETTINGS

In: settings as JSON on the command line, of `idle.command`. Out: a line of JSON for each progress.
Ends without a word where another process tunes already, and at the first line that nobody reads.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress

from filelock import FileLock, Timeout

from docsearch.domain.errors import ModelError
from docsearch.domain.settings import Settings
from docsearch.files import FILE_MODE, make_folder
from docsearch.serving.paths import tunings_lock
from docsearch.serving.tuned_models import model_registry, tunings
from docsearch.tuning.idle import as_line
from docsearch.tuning.models_in_use import in_use, tune
from docsearch.tuning.sample import packaged_sample
from docsearch.tuning.tuner import Tuner

LEAST_IMPORTANT = 19


def main() -> None:
    """Tune whatever is due, and tell of it."""
    if hasattr(os, "nice"):
        os.nice(LEAST_IMPORTANT)
    if hasattr(signal, "SIGHUP"):
        # Whoever started the screen may ignore it; here it tells that the screen is gone.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    settings = Settings(**json.loads(sys.argv[1]))
    registry = model_registry(settings)
    steps = tune(
        in_use(settings, registry),
        Tuner(registry, packaged_sample()),
        registry,
        tunings(settings, registry),
    )
    lock = tunings_lock(settings)
    with suppress(Timeout, ModelError, OSError):
        make_folder(lock.parent)
        with FileLock(lock, timeout=0, mode=FILE_MODE):
            for progress in steps:
                sys.stdout.write(as_line(progress) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()

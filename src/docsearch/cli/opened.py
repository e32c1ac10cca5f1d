"""A folder opened for one command, and closed again however the command ends.

In: a folder and the settings. Out: an engine that has been started. Does not know what is asked
of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from docsearch.cli.progress_report import shown_progress
from docsearch.domain.progress import IndexProgress
from docsearch.domain.settings import Settings
from docsearch.engine.compose import compose
from docsearch.engine.engine import Engine


@contextmanager
def opened(folder: Path, settings: Settings, *, update: bool = True) -> Iterator[Engine]:
    """An engine at work that follows no changes; stopped at the end, however it comes.

    What was committed by then is kept. With `update` off the index is taken as it is.
    """
    engine = compose(folder, settings, watch=False, update=update)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def bring_up_to_date(engine: Engine) -> IndexProgress:
    """Wait until the index has caught up with the folder, and show how far it is meanwhile.

    The result holds what the index has at the end, and counts what had to be done for it.
    """
    done = IndexProgress()

    def note(progress: IndexProgress) -> None:
        nonlocal done
        # The snapshot that tells of an index at rest counts no work.
        if progress.files_total:
            done = progress

    with shown_progress() as show:
        endings = [engine.subscribe(note), engine.subscribe(show)]
        try:
            engine.wait_until_ready()
        finally:
            for unsubscribe in endings:
                unsubscribe()
        # An index that was ready before it was listened to has said nothing.
        show(engine.progress())
    return replace(
        engine.progress(),
        files_done=done.files_done,
        chunks_done=done.chunks_done,
        chunks_embedded=done.chunks_embedded,
    )

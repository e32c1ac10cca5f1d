"""`docsearch tune [MODEL...]`: measure in which way each model runs fastest, and keep it.

In: names of models. Out: a table or JSON on standard output, progress on standard error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from docsearch.cli.options import EVERYWHERE, configuration, setting_flags
from docsearch.domain.errors import ModelError, UsageError


@click.command("tune", short_help="Measure how each model runs fastest here, and keep it.")
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@click.option("--force", is_flag=True, help="Measure again what was measured before.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags("reranker", *EVERYWHERE)
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], *, force: bool, as_json: bool) -> None:
    """Measure in which runtime and precision each model is fastest on this machine, and keep it.

    Without a MODEL, the embedding model and the reranker of the settings. Of all choices the
    fastest is kept whose orders agree with torch in float32 on 60 judged queries that come with
    docsearch (on a slow machine at least 20): a mean rank-biased overlap of the first ten of at
    least 0.99 and an NDCG@10 within 0.005; for the embedding model also a cosine of at least 0.99
    for every text.

    Seconds are the best of several rounds over 16 long passages; "times as fast" compares them with
    float32 in the same rounds, in turns. A choice that is slower than the one kept is not compared.

    It takes minutes, once for each model and machine; the screen does the same by itself when it is
    at rest. Best run while nothing else does.
    """
    from docsearch.cli.tuning_report import as_data, shown_tuning, table
    from docsearch.runtime.compose import model_registry, tunings
    from docsearch.runtime.places import tunings_lock
    from docsearch.runtime.tuning.models_in_use import in_use, tune
    from docsearch.runtime.tuning.sample import packaged_sample
    from docsearch.runtime.tuning.tuner import Tuner

    settings = configuration(ctx).settings
    registry = model_registry(settings)
    kept = tunings(settings, registry)
    known = tuple(registry.state(name).description.name for name in names)
    for name in known:
        if not registry.choices(name):
            raise UsageError(f"{name} is a service; there is nothing to tune.")
    done = []
    with _alone(tunings_lock(settings)), shown_tuning() as show:
        steps = tune(
            dict.fromkeys(known or in_use(settings, registry)),
            Tuner(registry, packaged_sample()),
            registry,
            kept,
            force=force,
        )
        for progress in steps:
            show(progress)
            if progress.tuning is not None:
                done.append(progress.tuning)
    if as_json:
        click.echo(json.dumps([as_data(each) for each in done], indent=2))
        return
    for tuning in done:
        for line in table(tuning):
            click.echo(line)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Raises ModelError while another process tunes."""
    from filelock import FileLock, Timeout

    from docsearch.files import FILE_MODE, make_folder

    held = FileLock(lock, mode=FILE_MODE)
    try:
        make_folder(lock.parent)
        held.acquire(timeout=0)
    except Timeout:
        raise ModelError(
            "Another docsearch is tuning here, in a screen at rest or by command: two would "
            "measure each other. Wait until it is done, or close that screen."
        ) from None
    except OSError as error:
        raise ModelError(f"{lock} cannot be written: {error.strerror or error}.") from error
    try:
        yield
    finally:
        held.release()

"""`docsearch tune [MODEL...]`: measure in which way each model runs fastest, and keep it.

In: names of models. Out: a table or JSON on standard output, progress on standard error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from docsearch.cli.options import EVERYWHERE, SettingsCommand, configuration, setting_flags
from docsearch.domain.errors import ModelError, UsageError


@click.command("tune", cls=SettingsCommand, short_help="Find and remember the fastest runtime.")
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@click.option("--force", is_flag=True, help="Measure again, even if known.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@setting_flags("reranker", *EVERYWHERE)
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], *, force: bool, as_json: bool) -> None:
    """Find and remember the runtime and precision in which each model is fastest on this machine.

    Without a MODEL: the embedding model and the reranker of your settings. docsearch chooses the
    fastest runtime whose rankings agree with torch in float32 on the 60 judged queries that it
    brings (at least 20 on a slow machine): a mean rank-biased overlap of the top 10 of at least
    0.99, NDCG@10 within 0.005, and for the embedding model a cosine of at least 0.99 for each text.

    Times are the best of several rounds over 16 long passages, interleaved with float32. A runtime
    slower than the choice so far isn't checked for agreement.

    This takes minutes, once per model and machine; the screen does it by itself while idle. Run it
    when nothing else is running.
    """
    from docsearch.cli.tuning_report import as_data, shown_tuning, table
    from docsearch.serving.paths import tunings_lock
    from docsearch.serving.tuned_models import model_registry, tunings
    from docsearch.tuning.models_in_use import in_use, tune
    from docsearch.tuning.sample import packaged_sample
    from docsearch.tuning.tuner import Tuner

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

"""How long indexing takes: a first index, a start on an unchanged folder, one edit.

    python -m benchmarks.index [FOLDER]

In: the settings, a folder or none, and how much to measure. Out: steps and figures. What is
measured is the engine as it runs in the product, with its index in a directory that is removed at
the end. Its rate is a ratio to `SentenceTransformer.encode` over the same chunks in the same run.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition

import click
import numpy as np

from benchmarks.notes import write_notes
from benchmarks.reference_encoder import ReferenceEncoder
from benchmarks.runtimes import runtimes
from docsearch.bench.rerank import Words
from docsearch.bench.rerank_parts import tokenizer_file
from docsearch.cli.bench_run import Output, run_bench
from docsearch.cli.commands.bench import report_flags, threads
from docsearch.cli.main import HELP, main
from docsearch.cli.options import (
    INDEXING,
    FolderPath,
    SettingsCommand,
    configuration,
    setting_flags,
)
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.document import SourceFile, StoredChunk
from docsearch.domain.errors import FolderError
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.query import CandidateSource
from docsearch.domain.ranking import Finished
from docsearch.domain.settings import NO_RERANKER, Settings
from docsearch.engine.compose import compose, open_library
from docsearch.engine.engine import Engine
from docsearch.ingest.discover import require_folder, scan
from docsearch.ingest.prepare import Job, Prepared
from docsearch.models.descriptions import EMBEDDER, EMBEDDER_DIMENSION
from docsearch.ports import Vectors
from docsearch.serving.preparing import MakePreparer
from docsearch.serving.tuned_models import model_registry
from docsearch.storage.library import Library

NAME = "python -m benchmarks.index"
OURS = "docsearch index"
BASELINE = "SentenceTransformer.encode, fp32, batch 32"
LONG_NOTE_WORDS = 500
SHORT_NOTE_WORDS = 50
PATIENCE = 60.0
SEED = 7
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """What to measure: `rounds` of indexing and encoding in turns, over so many `notes`.

    `unchanged` are the files of the folder that is started on, and `edits` are made in it. By
    default the notes are enough to be read by other processes, as a folder of that size is.
    """

    notes: int = 200
    rounds: int = 2
    unchanged: int = 10_000
    edits: int = 5


USUAL = IndexPlan()


@click.command("index", cls=SettingsCommand, context_settings=HELP)
@click.argument("folder", metavar="[FOLDER]", type=FolderPath(), required=False)
@report_flags
@setting_flags(*INDEXING)
@click.pass_context
def command(
    ctx: click.Context, folder: Path | None, *, json_file: Path | None, compare: Path | None
) -> None:
    """Time indexing FOLDER, or generated notes, against `SentenceTransformer.encode`.

    Also times a start on an unchanged folder, and how soon an edit is in the results. The index is
    made in a temporary directory; your own isn't touched.
    """
    settings = configuration(ctx).settings
    if folder is not None:
        folder = require_folder(folder)
    conditions = {
        "folder": "generated" if folder is None else folder.resolve().name,
        "chunk tokens": str(settings.chunk_tokens),
        **runtimes(settings, EMBEDDER.name),
        **threads(),
    }
    output = Output(json_file, compare)
    run_bench("index", conditions, bench_index(settings, folder), output, settings)


def bench_index(
    settings: Settings, folder: Path | None = None, plan: IndexPlan = USUAL
) -> Generator[Step | Figure, None, None]:
    """The rate over `folder`, or over notes that are made; then the rest, over short notes.

    Each of the plan's numbers may be 0, and what it stands for is left out. Raises FolderError for
    a folder without a text, ModelError and IndexStoreError.
    """
    settings = replace(settings, reranker=NO_RERANKER)
    with tempfile.TemporaryDirectory(prefix="docsearch-bench-") as made:
        if plan.rounds and (folder is not None or plan.notes):
            yield from _rate(settings, folder, plan, Path(made))
        if plan.unchanged:
            yield from _following(settings, plan, Path(made))


def _rate(
    settings: Settings, folder: Path | None, plan: IndexPlan, made: Path
) -> Generator[Step | Figure, None, None]:
    if folder is None:
        folder = made / "notes"
        write_notes(folder, _words(settings), plan.notes, LONG_NOTE_WORDS)
    ours: list[float] = []
    theirs: list[float] = []
    reference: ReferenceEncoder | None = None
    for number in range(plan.rounds):
        yield Step("indexing", 2 * number, 2 * plan.rounds)
        data = made / f"round-{number}"
        ours.append(_seconds_to_index(folder, settings, data))
        chunks, vectors = _held(folder, settings, data)
        if not chunks:
            raise FolderError(f"There is nothing to index in {folder}.")
        if reference is None:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # without the baseline
            yield Figure((OURS, "peak memory"), peak * _RSS_UNIT / 1e6, "MB")
            reference = _reference(settings)
            reference.encode([chunks[0].chunk.reading])
        yield Step("encoding the same chunks", 2 * number + 1, 2 * plan.rounds)
        began = time.perf_counter()
        encoded = reference.encode([each.chunk.reading for each in chunks])
        theirs.append(time.perf_counter() - began)
    tokens = sum(each.chunk.token_count for each in chunks)
    for name, seconds in ((OURS, ours), (BASELINE, theirs)):
        for unit, amount in (("chunks/s", len(chunks)), ("tokens/s", tokens)):
            yield Figure((name, unit), amount / min(seconds), unit, higher_is_better=True)
    times = min(theirs) / min(ours)
    yield Figure((OURS, "against encode"), times, "x", higher_is_better=True, baseline=BASELINE)
    cosine = float((vectors * encoded).sum(axis=1).min())
    yield Figure((OURS, "least cosine to encode"), cosine, "", higher_is_better=True)


def _seconds_to_index(folder: Path, settings: Settings, data: Path) -> float:
    """From the start on no index to an index that is complete, the model in memory already."""
    engine = compose(folder, settings, watch=False, indexes=data)
    try:
        engine.warm_up()
        began = time.perf_counter()
        engine.start()
        engine.wait_until_ready()
        return time.perf_counter() - began
    finally:
        engine.stop()


def _held(folder: Path, settings: Settings, data: Path) -> tuple[list[StoredChunk], Vectors]:
    folder = folder.resolve()
    with closing(open_library(folder, settings, read_only=True, indexes=data)) as library:
        chunks = library.chunks(library.chunk_ids())
        vectors = [part for _, part in library.vectors()]
    return chunks, np.concatenate(vectors) if vectors else np.empty((0, 0), dtype=np.float32)


def _words(settings: Settings) -> Words:
    return Words(tokenizer_file(model_registry(settings)), SEED)


def _reference(settings: Settings) -> ReferenceEncoder:
    folder = model_registry(settings).state(EMBEDDER.name).folder
    assert folder is not None, "it has just been used"
    return ReferenceEncoder(Path(folder), EMBEDDER.window)


def _following(
    settings: Settings, plan: IndexPlan, made: Path
) -> Generator[Step | Figure, None, None]:
    """Start on a folder that has not changed, and follow edits of it."""
    folder, data = made / "short notes", made / "following"
    count = f"{plan.unchanged:,} files"
    yield Step(f"making {count}", 0, 2 + plan.edits)
    paths = write_notes(folder, _words(settings), plan.unchanged, SHORT_NOTE_WORDS)
    folder = folder.resolve()
    with closing(open_library(folder, settings, read_only=False, indexes=data)) as library:
        _index_without_model(folder, settings, library)
    yield Step(f"starting on {count}", 1, 2 + plan.edits)
    engine = compose(folder, settings, watch=True, indexes=data)
    heard = _Heard(engine)
    try:
        began = time.perf_counter()
        engine.start()
        engine.wait_until_ready()
        yield Figure((count, "unchanged", "catch-up"), time.perf_counter() - began, "s")
        engine.warm_up()
        seconds = []
        for number in range(plan.edits):
            yield Step("editing", 2 + number, 2 + plan.edits)
            seconds.append(heard.seconds_to_find(folder / paths[number], f"zzedit{number}zz"))
    finally:
        engine.stop()
    if seconds:
        for name, value in (("median", statistics.median(seconds)), ("slowest", max(seconds))):
            yield Figure((count, "edit to results", name), value, "s")


def _index_without_model(folder: Path, settings: Settings, library: Library) -> None:
    """What is measured afterwards does not depend on the vectors of what stays as it is."""
    preparer = MakePreparer(folder, settings, model_registry(settings).tokenizer_file())()
    chance = np.random.default_rng(1)
    for source in scan(folder, settings.max_file_bytes):
        if isinstance(source, SourceFile):
            outcome = preparer.prepare(Job(source))
            if isinstance(outcome, Prepared):
                shape = len(outcome.chunks), EMBEDDER_DIMENSION
                vectors = chance.normal(size=shape).astype(np.float32)
                vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
                library.put_file(outcome.contents(vectors))


class _Heard:
    """Waits for an engine to have followed an edit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changed = Condition()
        self._generation = -1
        engine.subscribe(self._hear)

    def seconds_to_find(self, path: Path, word: str) -> float:
        """From the writing of a new word to the end of a search that finds it."""
        before = self._generation
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{word}\n")
        began = time.perf_counter()
        with self._changed:
            if not self._changed.wait_for(lambda: self._generation > before, PATIENCE):
                raise FolderError(f"The edit of {path} was not noticed within {PATIENCE:g} s.")
        *_, last = self._engine.search(word, CandidateSource.BM25, None)
        if not (isinstance(last, Finished) and last.result.hits):
            raise FolderError(f"The edit of {path} is not among the results.")
        return time.perf_counter() - began

    def _hear(self, progress: IndexProgress) -> None:
        with self._changed:
            if progress.phase is Phase.READY:
                self._generation = progress.generation
            self._changed.notify_all()


if __name__ == "__main__":
    main(command, NAME)

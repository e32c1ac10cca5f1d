"""How long the first stage takes over very many chunks, what it finds, and what it costs.

    python -m benchmarks.search

In: sizes of index, in chunks. Out: steps and figures. Each size is a real index of synthetic chunks
(`synthetic_chunks.py`) in a directory that is removed at the end: 2.4 GB of disk for a million,
beside 1.5 GB of memory for the exact search that answers are compared with, interleaved query by
query. No model is run.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import ClassVar

import click
import numpy as np

from benchmarks.synthetic_chunks import CHUNKS_OF_FILE, RARE_ONE_IN, SyntheticChunks
from docsearch.cli.bench_run import Output, run_bench
from docsearch.cli.commands.bench import listed, report_flags, threads
from docsearch.cli.main import HELP, main
from docsearch.cli.options import EVERYWHERE, SettingsCommand, configuration, setting_flags
from docsearch.domain.benchmark import Figure, Step
from docsearch.domain.query import Filters
from docsearch.evaluation.latency import latencies
from docsearch.ports import ChunkIds, Vectors
from docsearch.storage.layout import IndexLayout
from docsearch.storage.library import Library
from docsearch.storage.vectors import FaissIndex

NAME = "python -m benchmarks.search"
SIZES = (10_000, 100_000, 1_000_000)
K = 50
OURS = "docsearch"
EXACT = "float32, exact"
FILTERS = {
    "no filter": Filters(),
    f"filter 1 in {RARE_ONE_IN}": Filters(extensions=("rst",)),
    "filter 1 in 2": Filters(extensions=("txt",)),
}

Hits = list[tuple[int, float]]

_WARM_UP = 3
_STAGES = ("build", "load", "make vectors again", "search")
_FILES_BETWEEN_NOTES = 20
_PAGE = 4096


class _Exact(FaissIndex):
    """All of them whole, however many."""

    most_whole_bytes: ClassVar[int] = sys.maxsize


@click.command("search", cls=SettingsCommand, context_settings=HELP)
@click.option(
    "--queries",
    metavar="N",
    type=click.IntRange(1),
    default=200,
    help="Queries per size. [default: 200]",
)
@click.option("--quick", is_flag=True, help="Only 10,000 chunks.")
@report_flags
@setting_flags(*EVERYWHERE)
@click.pass_context
def command(
    ctx: click.Context,
    queries: int,
    *,
    quick: bool,
    json_file: Path | None,
    compare: Path | None,
) -> None:
    """Time the first stage over 10,000, 100,000 and a million synthetic chunks.

    Each size is a real index in a temporary directory, interleaved with exact search over the same
    vectors: recall@50, times, memory, and time to load. A million chunks take gigabytes of disk and
    memory.
    """
    sizes = SIZES[:1] if quick else SIZES
    conditions = {"chunks": listed(sizes), "queries": str(queries), **threads()}
    output, settings = Output(json_file, compare), configuration(ctx).settings
    run_bench("search", conditions, bench_search(sizes, queries=queries), output, settings)


def bench_search(
    sizes: Sequence[int] = SIZES,
    *,
    queries: int = 200,
    dimension: int = 384,
    plain: bool = False,
    seed: int = 0,
) -> Generator[Step | Figure, None, None]:
    """The steps of each size, then its figures; an index is gone before the next is begun.

    `plain` vectors are independent normal ones. A query's time is that of filter and vector search
    together, the filter being that of the query before. Memory is what the process has grown by,
    where the system tells (Linux). Close it to stop: what is on disk goes. Raises IndexStoreError,
    as where the disk is full.
    """
    done, total = 0, len(_STAGES) * len(sizes)
    for size in sizes:
        chunks = SyntheticChunks(size, dimension, plain=plain, seed=seed)
        with tempfile.TemporaryDirectory(prefix="docsearch-bench-") as folder:
            bench = _Bench(Path(folder), chunks, chunks.queries(queries), f"{size:,} chunks")
            stages = (bench.build, bench.load, bench.make_again, bench.search)
            for what, measure in zip(_STAGES, stages, strict=True):
                yield Step(f"{size:,} chunks: {what}", done, total)
                for told in measure():
                    if isinstance(told, Figure):
                        yield told
                    else:
                        yield Step(f"{size:,} chunks: {what}, {told}", done, total)
                done += 1
    yield Step("done", total, total)


class _Bench:
    """One size; each of its stages tells figures, and in words how far it is."""

    def __init__(self, folder: Path, chunks: SyntheticChunks, asked: Vectors, name: str) -> None:
        """`asked` has a query in each row."""
        self._layout = IndexLayout(folder / "indexes" / "bench")
        self._chunks = chunks
        self._asked = asked
        self._name = name

    def build(self) -> Iterator[Figure | str]:
        with closing(self._opened()) as library:
            seconds = 0.0
            for number, file in enumerate(self._chunks.files()):
                if number % _FILES_BETWEEN_NOTES == 0:
                    yield f"{number * CHUNKS_OF_FILE:,}"
                begun = perf_counter()
                library.put_file(file)
                seconds += perf_counter() - begun
            begun = perf_counter()
            library.save()
            yield self._figure("build", value=seconds + perf_counter() - begun, unit="s")
        yield self._figure("disk, all", value=self._layout.bytes_on_disk() / 1e6, unit="MB")
        on_disk = self._layout.vectors.stat().st_size
        yield self._figure("disk, vectors", value=on_disk / 1e6, unit="MB")

    def load(self) -> Iterator[Figure | str]:
        before = _resident()
        begun = perf_counter()
        with closing(self._opened()) as library:
            yield self._figure("load", value=perf_counter() - begun, unit="s")
            library.search_vectors(self._asked[:1], K)
            held = library.vector_memory().size
            yield self._figure("memory, vectors", value=held / 1e6, unit="MB")
            if before is not None and (after := _resident()) is not None:
                yield self._figure("memory, all", value=(after - before) / 1e6, unit="MB")

    def make_again(self) -> Iterator[Figure | str]:
        self._layout.vectors.unlink()
        begun = perf_counter()
        with closing(self._opened()) as library:
            library.save()
            yield self._figure("make vectors again", value=perf_counter() - begun, unit="s")

    def search(self) -> Iterator[Figure | str]:
        with closing(self._opened()) as library:
            exact = _Exact(self._asked.shape[1], _never)
            for ids, vectors in library.vectors():
                exact.add(ids, vectors)
            for name, filters in FILTERS.items():
                yield name
                yield from self._compare(library, exact, name, filters)

    def _compare(
        self, library: Library, exact: FaissIndex, name: str, filters: Filters
    ) -> Iterator[Figure]:
        begun = perf_counter()
        library.matching(filters)
        first = perf_counter() - begun
        yield self._figure(name, "filter, first time", value=first * 1000, unit="ms")

        def find(index: Callable[..., Hits], query: Vectors) -> Hits:
            return index(query, K, library.matching(filters))

        ways = {OURS: partial(find, library.search_vectors), EXACT: partial(find, exact.search)}
        seconds, core_seconds, found = _in_turns(ways, self._asked)
        recall = np.mean([_share(*pair) for pair in zip(found[EXACT], found[OURS], strict=True)])
        yield self._figure(name, f"recall@{K}", value=float(recall), unit="", higher_is_better=True)
        for way in ways:
            yield from latencies((self._name, name, way), seconds[way])
            of_a_core = float(np.median(core_seconds[way]))
            yield self._figure(name, way, "p50 of a core", value=of_a_core * 1000, unit="ms")
        yield self._figure(
            name,
            OURS,
            "times as fast",
            value=float(np.median(seconds[EXACT]) / np.median(seconds[OURS])),
            unit="x",
            higher_is_better=True,
            baseline=" · ".join((self._name, name, EXACT, "p50")),
        )

    def _opened(self) -> Library:
        return Library.open(
            self._layout,
            embedder_name="synthetic",
            embedder_fingerprint="synthetic",
            chunking_fingerprint="synthetic",
            reader_fingerprint="synthetic",
            dimension=self._asked.shape[1],
        )

    def _figure(
        self,
        *name: str,
        value: float,
        unit: str,
        higher_is_better: bool = False,
        baseline: str = "",
    ) -> Figure:
        return Figure((self._name, *name), value, unit, higher_is_better, baseline)


def _share(wanted: set[int], found: set[int]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


def _in_turns(
    ways: Mapping[str, Callable[[Vectors], Hits]], asked: Vectors
) -> tuple[dict[str, list[float]], dict[str, list[float]], dict[str, list[set[int]]]]:
    """Seconds, seconds of a core and ids, by query: every way answers one before the next.

    Where others work on the machine, too, a core's seconds say how long it takes without them.
    """
    seconds: dict[str, list[float]] = defaultdict(list)
    core_seconds: dict[str, list[float]] = defaultdict(list)
    found: dict[str, list[set[int]]] = defaultdict(list)
    for query in asked[:_WARM_UP]:
        for find in ways.values():
            find(query[None])
    for number, query in enumerate(asked):
        turned = list(ways.items())[:: 1 if number % 2 else -1]
        for way, find in turned:
            begun, core_begun = perf_counter(), thread_time()
            hits = find(query[None])
            core_seconds[way].append(thread_time() - core_begun)
            seconds[way].append(perf_counter() - begun)
            found[way].append({chunk_id for chunk_id, _ in hits})
    return seconds, core_seconds, found


def _never(ids: ChunkIds) -> tuple[ChunkIds, Vectors]:
    raise AssertionError(f"{len(ids)} whole vectors were looked for elsewhere")


def _resident() -> int | None:
    """Bytes of this process that are in memory."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:
        return None
    return int(pages) * _PAGE


if __name__ == "__main__":
    main(command, NAME)

# ruff: noqa: E501
"""Answers for the screen to show: fixed words, scores and times."""

from __future__ import annotations

from dataclasses import replace

from docsearch.domain.document import Chunk, Location, StoredChunk
from docsearch.domain.model import (
    Availability,
    ModelDescription,
    ModelKind,
    ModelState,
    ScoreKind,
)
from docsearch.domain.progress import IndexProgress, Phase, WatchMode
from docsearch.domain.query import CandidateSource, Query
from docsearch.domain.ranking import (
    Finished,
    RankedHit,
    Reranked,
    RerankScore,
    Retrieved,
    SearchEvent,
    SearchResult,
    StageTimings,
)

MODEL = "ms-marco-MiniLM-L6-v2"

RYE = """## Morning, dough

- the starter, less the 20 g that go back into the fridge (don't forget, I have forgotten twice)
- 350 g rye flour type 1150
- 100 g wheat flour type 1050
- 330 g water, lukewarm

Knead five minutes with a wet hand or the machine on low. Rye doesn't get smooth. It gets sticky,
then it gets slightly less sticky, then you stop.

Rest 30 minutes in the bowl, then into the greased tin. Let it rise two hours at about 26 °C until
cracks show in the flour on top."""

_FILES = [  # path, headings, text
    (
        "cooking/spring-onion-pancakes.md",
        ("Pancakes", "Dough"),
        "Mix flour and boiling water, knead the dough until smooth, cover it and let it rest half an hour.",
    ),
    (
        "cooking/kaesespaetzle.md",
        ("Käsespätzle",),
        "Der Teig soll ruhen: 20 minutes, then press the dough into boiling salt water.",
    ),
    (
        "ops/runbooks/queue-backlog.md",
        ("Runbook", "When to let it rest"),
        "Let the queue rest for ten minutes before you drain it again; most backlogs clear by themselves.",
    ),
    (
        "notes/2026-02-11-meeting.txt",
        (),
        "We talked about how long the team should rest between two on-call weeks. No decision.",
    ),
    (
        "cooking/tarte-tatin.txt",
        (),
        "Chill the shortcrust dough for at least an hour. It shrinks if it has not rested.",
    ),
    (
        "cooking/miso-soup-ja.md",
        ("味噌汁の作り方",),
        "出汁を取ってから味噌を溶く。 dough なし, no rest needed 😀.",
    ),
    ("cooking/sourdough-rye.md", ("Rye sourdough, the usual one", "Morning, dough"), RYE),
    (
        "travel/porto/packing-list-for-the-long-weekend-in-porto.md",
        ("Porto", "Things that we always forget"),
        "Rest day on Sunday: the bakery near the river sells dough for rye bread.",
    ),
    (
        "cooking/sourdough-rye-overnight.md",
        ("Rye sourdough, overnight", "Evening"),
        "With the cold method the rye dough rests in the fridge overnight, 10 to 14 hours.",
    ),
    (
        "code/lendlib/lendlib/fees.py",
        ("class FeeSchedule", "def grace_days"),
        "def grace_days(self, item):\n\treturn self.rest.get(item.kind, 0)  # the rest of the period",
    ),
    (
        "mail/2025-12.mbox",
        ("Re: Bread on Friday",),
        "I let mine rest for two hours, then shape the dough, then again half an hour in the basket.",
    ),
    (
        "research/gluten.pdf",
        ("3 Results",),
        "Resting time had a significant effect on the extensibility of rye dough (p < 0.01).",
    ),
]

_UNITS = [0.02, 0.08, 0.001, 0.0004, 0.31, 0.003, 0.9987, 0.04, 0.86, 0.0002, 0.62, 0.77]
_RAWS = [-3.91, -2.44, -6.9, -7.82, -0.8, -5.8, 6.64, -3.18, 1.82, -8.52, 0.49, 1.21]


def passage(number: int, path: str, headings: tuple[str, ...], text: str) -> StoredChunk:
    place = Location(page=7) if path.endswith(".pdf") else Location(line=10 + 7 * number)
    chunk = Chunk(0, 0, len(text), text, 40 + 13 * number, headings, place)
    return StoredChunk(number + 1, path, chunk, None, 0)


PASSAGES = tuple(passage(number, *facts) for number, facts in enumerate(_FILES))
QUERY = "how long does rye dough rest"


def retrieved(query: str = QUERY, source: CandidateSource = CandidateSource.DENSE) -> SearchResult:
    """The bi-encoder's order."""
    hits = tuple(
        RankedHit(each, rank, round(0.712 - 0.031 * (rank - 1), 3))
        for rank, each in enumerate(PASSAGES, 1)
    )
    timings = StageTimings(
        embed=0.0123, retrieve=0.0008, fetch=0.0021, total=0.0154, first_list=0.0154, top_ten=0.0154
    )
    return SearchResult(Query(query, query), source, MODEL, hits, timings)


def reranked(scored: int, query: str = QUERY) -> SearchResult:
    """The order when the first `scored` candidates have been read."""
    result = retrieved(query)
    windows = [3 if rank == 7 else 1 for rank in range(1, len(PASSAGES) + 1)]
    read = [
        replace(hit, rerank=RerankScore(raw, unit, count, 0))
        for hit, raw, unit, count in zip(result.hits, _RAWS, _UNITS, windows, strict=True)
    ][:scored]
    read.sort(key=lambda hit: -hit.rerank.raw if hit.rerank else 0.0)
    placed = [replace(hit, after_rank=rank) for rank, hit in enumerate(read, 1)]
    timings = replace(
        result.timings,
        rerank=0.07 * scored,
        total=0.0154 + 0.07 * scored,
        top_ten=0.0154 + 0.07 * min(scored, 10),
        pairs=scored,
        windows=sum(windows[:scored]),
        batches=-(-scored // 4),
    )
    return replace(result, hits=(*placed, *result.hits[scored:]), timings=timings)


def events(query: str = QUERY) -> list[SearchEvent]:
    """A whole search, in three batches."""
    total = len(PASSAGES)
    batches = [Reranked(reranked(scored, query), scored, total) for scored in (4, 8, total)]
    return [Retrieved(retrieved(query)), *batches, Finished(reranked(total, query))]


def without_reranker(query: str = QUERY) -> list[SearchEvent]:
    """A whole search whose reranker is not on disk."""
    result = replace(retrieved(query), reranker=None, notice="reranker: off (not downloaded)")
    return [Retrieved(result), Finished(result)]


def nothing(query: str = QUERY) -> list[SearchEvent]:
    """A whole search that finds nothing."""
    return [Finished(replace(retrieved(query), hits=()))]


READY = IndexProgress(
    phase=Phase.READY, files=12, chunks=48, skipped=1, generation=3, watch=WatchMode.NATIVE
)
INDEXING = IndexProgress(
    phase=Phase.INDEXING,
    files_done=312,
    files_total=1204,
    files=312,
    chunks=4310,
    chunks_per_second=38.4,
    seconds_left=131.0,
    generation=2,
    watch=WatchMode.NATIVE,
)


def model(name: str, megabytes: float, availability: Availability) -> ModelState:
    description = ModelDescription(
        name=name,
        kind=ModelKind.CROSS_ENCODER,
        hub_id=f"cross-encoder/{name}",
        revision="c5ee24cb16019beea0893ab7796b1df96625c6b8",
        files=(),
        download_bytes=int(megabytes * 1_000_000),
        parameters=int(megabytes * 250_000),
        licence="Apache-2.0",
        languages=("English",),
        window=512,
        score=ScoreKind.LOGIT,
        note="the usual one" if name == MODEL else "",
    )
    return ModelState(description, availability)


MODELS = (
    model("ms-marco-TinyBERT-L2-v2", 17.6, Availability.NOT_DOWNLOADED),
    model(MODEL, 90.9, Availability.READY),
    model("ms-marco-MiniLM-L12-v2", 133.5, Availability.READY),
    model("bge-reranker-v2-m3", 2271, Availability.INCOMPLETE),
)

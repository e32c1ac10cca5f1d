"""Reports of benchmarks that nobody ran."""

from __future__ import annotations

from docsearch.domain.benchmark import BenchReport, Figure

MACHINE = {"processor": "a", "cores": "2"}


def report(
    *figures: Figure, machine: dict[str, str] = MACHINE, kind: str = "rerank"
) -> BenchReport:
    return BenchReport(
        kind=kind,
        began="2026-01-31T12:00:00+01:00",
        machine=machine,
        versions={"docsearch": "1"},
        settings={"rounds": "5"},
        figures=figures,
    )


def latency(value: float, name: str = "a") -> Figure:
    return Figure((name, "p50"), value, "ms")


def rate(value: float, name: str = "b") -> Figure:
    return Figure((name, "rate"), value, "chunks/s", higher_is_better=True)

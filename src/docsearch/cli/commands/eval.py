"""`docsearch eval FOLDER`: whether the reranker helps, by people's judgments.

In: a folder with judgments, a public collection, or runs of other programs. Out: tables, a figure
and a verdict on standard output, or JSON; files where they are asked for; progress on standard
error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docsearch.cli.configuration import Configuration
from docsearch.cli.named_rerankers import named_rerankers, names_in
from docsearch.cli.options import (
    SEARCHING,
    FolderPath,
    SettingsCommand,
    configuration,
    setting_flags,
)
from docsearch.domain.errors import EvaluationError, UsageError
from docsearch.domain.query import CandidateSource
from docsearch.domain.safe_text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsearch.domain.evaluation import Evaluation
    from docsearch.domain.judgment import Judged
    from docsearch.domain.settings import Settings
    from docsearch.engine.engine import Engine
    from docsearch.judging.measured import Measured
    from docsearch.judging.suggesting import Suggestion

FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is to be written; standard output gets JSON, or else tables."""

    as_json: bool
    markdown: Path | None
    html: Path | None
    svg: Path | None
    runs: Path | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is searched, the files of its judged queries, and what its documents are called."""

    folder: Path
    files: tuple[Path, Path] | None
    name: str = ""
    document_of: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured."""

    judged: Judged
    sources: tuple[CandidateSource, ...]
    rerankers: tuple[str, ...]
    condense: bool


@click.command("eval", cls=SettingsCommand, short_help="Does the reranker help here? Measure it.")
@click.argument("paths", metavar="FOLDER", nargs=-1, type=click.Path(path_type=Path))
@click.option("--sources", metavar="NAMES", help="Sources to measure. [default: dense,bm25,hybrid]")
@click.option(
    "--rerankers",
    metavar="NAMES",
    help="Rerankers to measure, or none. [default: all on this machine]",
)
@click.option(
    "--queries", type=FILE, metavar="FILE", help="Queries: `id<TAB>words`, or JSON lines."
)
@click.option(
    "--qrels", type=FILE, metavar="FILE", help="Judgments of --queries, as TREC qrels or TSV."
)
@click.option(
    "--own", is_flag=True, help="Use the judgments you made in docsearch, not FOLDER's files."
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    metavar="N",
    help="Measure N of the queries, always the same.",
)
@click.option("--condensed", is_flag=True, help="Leave unjudged passages out of every list.")
@click.option(
    "--beir",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Measure a collection in BEIR layout.",
)
@click.option("--split", metavar="NAME", help="With --beir: use this split. [default: test]")
@click.option("--trec", type=FILE, metavar="QRELS", help="Measure RUN files of other programs.")
@click.option("--suggest", is_flag=True, help="Suggest settings from what was measured.")
@click.option("--write", is_flag=True, help="With --suggest: write them to config.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", type=FILE, metavar="FILE", help="Write a Markdown report.")
@click.option("--html", type=FILE, metavar="FILE", help="Write a report as one HTML page.")
@click.option("--svg", type=FILE, metavar="FILE", help="Write the chart of quality against time.")
@click.option(
    "--export-runs",
    "runs",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write runs and judgments in TREC format.",
)
@click.option("--no-index", is_flag=True, help="Skip updating the index.")
@setting_flags(*SEARCHING)
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    *,
    sources: str | None,
    rerankers: str | None,
    queries: Path | None,
    qrels: Path | None,
    own: bool,
    sample: int | None,
    condensed: bool,
    beir: Path | None,
    split: str | None,
    trec: Path | None,
    suggest: bool,
    write: bool,
    as_json: bool,
    markdown: Path | None,
    html: Path | None,
    svg: Path | None,
    runs: Path | None,
    no_index: bool,
) -> None:
    """Measure whether the reranker helps on your judgments, and how certain that is.

    docsearch searches every judged query in each source, without a reranker and with each one: in
    the order that it shows (marked *), in the reranker's own order, and fused with the first stage
    by ranks. --source, --reranker and --fusion say which order counts as yours in the verdict.

    Judgments come from FOLDER's queries.tsv and judgments.tsv if it has both, else from those you
    made in docsearch. --beir measures a public collection, which is indexed once in the data
    directory. --trec measures RUN files in place of FOLDER, the later ones against the first.

    Ctrl-C stops; the same command continues from there.

    --suggest tries many combinations of reranker, candidates and weights on the scores at hand, and
    reports what its choice gains on queries that were held out of it.
    """
    outputs = Outputs(as_json, markdown, html, svg, runs)
    _require_places(outputs)
    found = configuration(ctx)
    settings = found.settings
    _require(suggest or not write, "--write goes with --suggest.")
    _require(trec is None or not suggest, "--suggest needs searches, not RUN files.")
    if trec is not None:
        _require(bool(paths), "--trec QRELS goes with one or more RUN files.")
        _require_none(
            "--trec, which measures what other programs made",
            {"--beir": beir, "--queries": queries, "--qrels": qrels, "--own": own}
            | {"--sample": sample, "--split": split, "--export-runs": runs}
            | {"--sources": sources, "--rerankers": rerankers},
        )
        _print(_of_runs(trec, paths, condense=condensed), outputs)
        return
    chosen = _sources(sources)
    named = None if rerankers is None else named_rerankers(rerankers, settings)
    if beir is not None:
        _require(not paths, "--beir FOLDER goes without another FOLDER.")
        _require_none("--beir, whose queries are its own", {"--queries": queries, "--own": own})
        subject = _of_collection(beir, settings, qrels, split)
    else:
        _require(len(paths) == 1, "Name one FOLDER, or --beir FOLDER, or RUN files with --trec.")
        _require((queries is None) == (qrels is None), "--queries and --qrels go together.")
        _require_none("a FOLDER: --split is for --beir", {"--split": split})
        _require(not (own and queries), "Judgments are from --qrels FILE or --own, not from both.")
        files = None if queries is None or qrels is None else (queries, qrels)
        subject = Subject(FolderPath().convert(paths[0], None, ctx), files)
        _require_files(subject, own=own)
    with _engine(subject.folder, settings, no_index=no_index) as engine:
        judged = engine.evaluator.judged(
            subject.files, own=own, origin=subject.name, document_of=subject.document_of
        )
        names = engine.evaluator.local_rerankers() if named is None else named
        plan = Plan(_sampled(judged, sample), chosen, names, condensed)
        if suggest:
            _require_enough(plan.judged)
        measured = _measured(engine, plan, subject)
        proposed = engine.evaluator.suggest(measured) if suggest else None
        _finish(measured, outputs, proposed)
        if proposed is not None:
            _tell_suggestion(engine, proposed, found, write=write, quiet=as_json)


@contextmanager
def _engine(folder: Path, settings: Settings, *, no_index: bool) -> Iterator[Engine]:
    from docsearch.cli.opened import bring_up_to_date, opened

    with opened(folder, settings, update=not no_index) as engine:
        if not no_index:
            bring_up_to_date(engine)
        yield engine


def _require_enough(judged: Judged) -> None:
    """Before anything is measured, whose figures would be lost with the refusal."""
    from docsearch.evaluation.suggest import require_enough

    require_enough(len(judged.grades))


def _sampled(judged: Judged, sample: int | None) -> Judged:
    from docsearch.evaluation.collection import sampled

    return judged if sample is None else sampled(judged, sample)


def _of_collection(
    beir: Path, settings: Settings, qrels: Path | None, split: str | None
) -> Subject:
    """The collection as a folder to index, laid out now unless it was before."""
    from docsearch.cli.explanation_progress import shown_work
    from docsearch.cli.terminal import is_terminal
    from docsearch.ingest.discover import require_folder
    from docsearch.judging.collections import collection, judged_files
    from docsearch.judging.judged_files import require_readable
    from docsearch.serving.paths import data_dir

    files = judged_files(require_folder(beir), qrels, split)
    require_readable(files)
    with shown_work() as tell:
        shown = is_terminal(sys.stderr)
        words = "laying out the collection"
        found = collection(
            beir,
            data_dir(settings),
            lambda count: tell(f"{words}: {count:,} documents" if shown else words, 0.0),
        )
    return Subject(found.documents, files, found.name, found.document_of)


def _measured(engine: Engine, plan: Plan, subject: Subject) -> Measured:
    from docsearch.cli.explanation_progress import shown_work
    from docsearch.cli.terminal import is_terminal
    from docsearch.domain.benchmark import Step

    try:
        with shown_work() as tell:
            for each in engine.evaluator.measure(
                plan.judged,
                plan.sources,
                plan.rerankers,
                condense=plan.condense,
                document_of=subject.document_of,
            ):
                if not isinstance(each, Step):
                    return each
                share = each.done / each.total if each.total else 1.0
                # A log gets a line for each tenth of it.
                whole = f"evaluating: {int(share * 10) * 10}%"
                tell(each.what if is_terminal(sys.stderr) else whole, share)
    except KeyboardInterrupt:
        click.echo("What was scored is kept; the same command goes on from there.", err=True)
        raise
    raise AssertionError("an evaluation ends with what it found")


def _of_runs(qrels: Path, runs: tuple[Path, ...], *, condense: bool) -> Evaluation:
    from docsearch.judging.judged_files import evaluation_of_runs

    return evaluation_of_runs(qrels, runs, condense=condense)


def _finish(measured: Measured, outputs: Outputs, proposed: Suggestion | None) -> None:
    if outputs.runs is not None:
        from docsearch.judging.run_files import export_runs

        files = export_runs(measured, outputs.runs)
        told = f"{len(files)} runs, qrels.txt and queries.tsv are in {outputs.runs}"
        click.echo(safe_line(told), err=True)
    _print(measured.evaluation, outputs, proposed)


def _print(evaluation: Evaluation, outputs: Outputs, proposed: Suggestion | None = None) -> None:
    from docsearch.cli.evaluation_text import evaluation_lines
    from docsearch.cli.lines import print_lines, width
    from docsearch.evaluation.figure import figure_svg
    from docsearch.judging import report

    if outputs.markdown is not None:
        report.write_report(outputs.markdown, report.markdown(evaluation))
    if outputs.html is not None:
        report.write_report(outputs.html, report.page(evaluation))
    if outputs.svg is not None:
        drawn = figure_svg(evaluation.rows)
        if drawn is None:
            raise EvaluationError("There is nothing to draw: fewer than two orders were timed.")
        report.write_report(outputs.svg, drawn)
    if outputs.as_json:
        suggested = {} if proposed is None else {"suggestion": asdict(proposed)}
        click.echo(json.dumps(report.as_data(evaluation) | suggested, indent=2))
    else:
        print_lines(evaluation_lines(evaluation, width()))


def _tell_suggestion(
    engine: Engine, proposed: Suggestion, found: Configuration, *, write: bool, quiet: bool
) -> None:
    from docsearch.cli.configuration import save
    from docsearch.cli.evaluation_text import suggestion_lines
    from docsearch.cli.lines import print_lines, width
    from docsearch.domain.evaluation import Finding

    helps = proposed.choice.found is Finding.HELPS and not proposed.is_present
    if not quiet:
        print_lines(
            suggestion_lines(proposed, found.settings, engine.evaluator.own_weight, width())
        )
    if not write:
        return
    if not helps:
        click.echo("Nothing is written: no gain was shown on queries held out.", err=True)
        return
    save(found.file, proposed.settings)
    click.echo(safe_line(f"written to {found.file}"), err=True)
    for name in proposed.settings:
        origin = found.origins[name]
        if origin.startswith(("environment", "flag")):
            click.echo(safe_line(f"{name} is set by {origin} too, which goes before it"), err=True)


def _sources(named: str | None) -> tuple[CandidateSource, ...]:
    if named is None:
        return tuple(CandidateSource)
    wanted = names_in(named)
    known = [str(each) for each in CandidateSource]
    for each in wanted:
        _require(each in known, f"There is no source {safe_line(each)!r}: {', '.join(known)}.")
    return tuple(CandidateSource(each) for each in wanted)


def _require_files(subject: Subject, *, own: bool) -> None:
    from docsearch.judging.judged_files import own_files, require_readable

    files = subject.files or (None if own else own_files(subject.folder))
    if files is not None:
        require_readable(files)


def _require_places(outputs: Outputs) -> None:
    """Refuse before anything is measured what could not be written afterwards."""
    for file in (outputs.markdown, outputs.html, outputs.svg):
        if file is not None and not file.parent.is_dir():
            raise EvaluationError(
                f"{safe_line(str(file))} cannot be written: there is no such folder."
            )


def _require_none(beside: str, options: Mapping[str, object]) -> None:
    """Refuse what would be passed over in silence."""
    for name, value in options.items():
        _require(value is None or value is False, f"{name} does not go with {beside}.")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise UsageError(otherwise)

"""Judged queries from files on disk.

In: paths, or a folder that brings its own. Out: `Judged`, or runs measured by such files. Raises
EvaluationError with the file, and the line where there is one. Does not know the index.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from docsearch.domain.errors import EvaluationError
from docsearch.domain.evaluation import Contender, Evaluation
from docsearch.domain.judgment import Judged
from docsearch.domain.safe_text import safe_line
from docsearch.domain.wording import plural
from docsearch.evaluation.assemble import Entry, evaluation
from docsearch.evaluation.collection import judged, read_queries
from docsearch.evaluation.trec import Qrels, Run, read_qrels, read_run

QUERIES, JUDGMENTS = "queries.tsv", "judgments.tsv"
"""The files of a folder that brings its own judgments."""


def own_files(folder: Path) -> tuple[Path, Path] | None:
    """The folder's own queries and judgments, where it has both."""
    both = folder / QUERIES, folder / JUDGMENTS
    return both if all(each.is_file() for each in both) else None


def judged_from(queries: Path, qrels: Path, origin: str, documents: Container[str]) -> Judged:
    """The judged queries of two files; `documents` are the ids that can be found."""
    found = read_queries(text_of(queries), queries.name)
    return judged(origin, found, qrels_from(qrels), documents)


def require_readable(files: tuple[Path, Path]) -> None:
    """Raise EvaluationError, before anything is indexed, for what could not be read afterwards."""
    queries, qrels = files
    read_queries(text_of(queries), queries.name)
    qrels_from(qrels)


def queries_of(path: Path) -> tuple[str, ...]:
    """Queries to judge: one a line; or with ids, as `read_queries` takes them.

    Raises EvaluationError for a file that is no text, or holds none.
    """
    name, text = safe_line(path.name), text_of(path).removeprefix("\ufeff")
    if any(character == "\0" or "\udc80" <= character <= "\udcff" for character in text):
        raise EvaluationError(f"{name} is no text in UTF-8: queries are one a line.")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise EvaluationError(f"{name} holds no queries: write one a line.")
    if any("\t" in line or line.startswith("{") for line in lines):
        return tuple(read_queries(text, path.name).values())
    return tuple(lines)


def qrels_from(path: Path) -> Qrels:
    """The judgments of a file."""
    return read_qrels(text_of(path), path.name)


def run_from(path: Path) -> Run:
    """The ranking of a file."""
    return read_run(text_of(path), path.name)


def text_of(path: Path) -> str:
    """The file's text; bytes that are not UTF-8 become what they are in paths of the index."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise EvaluationError(f"{safe_line(str(path))} cannot be read: {error.strerror}.") from None


def evaluation_of_runs(qrels: Path, runs: Sequence[Path], *, condense: bool) -> Evaluation:
    """Runs of other programs, measured; each against the first. Ids of queries serve as words.

    A run that says nothing of a judged query has found nothing for it, which is told.
    """
    graded = qrels_from(qrels)
    read = [run_from(each) for each in runs]
    found = {document for run in read for ranked in run.rankings.values() for document in ranked}
    words = {query: query for query in graded.grades}
    judged_queries = judged(qrels.name, words, graded, found, "no run has")
    strays = {query for run in read for query in run.rankings if query not in words}
    notices = []
    if strays:
        told = plural(len(strays), "query", "queries")
        notices.append(f"{told} of the runs without judgments left out, such as {_first(strays)}")
    for run, path in zip(read, runs, strict=True):
        lacking = {query for query in judged_queries.grades if query not in run.rankings}
        if lacking:
            told = plural(len(judged_queries.grades), "judged query", "judged queries")
            notices.append(
                f"{safe_line(path.name)} ranks nothing for {len(lacking):,} of {told}, "
                f"such as {_first(lacking)}: it counts as having found nothing there"
            )
    tags = unique([run.tag for run in read], [each.name for each in runs])
    entries = [
        Entry(Contender(tag), run.rankings, 0 if at else None)
        for at, (tag, run) in enumerate(zip(tags, read, strict=True))
    ]
    return evaluation(judged_queries, entries, condense=condense, notices=notices)


def _first(ids: Iterable[str]) -> str:
    return safe_line(min(ids))


def unique(tags: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    """The tags, or the files' names where two runs have the same tag."""
    return tags if len(set(tags)) == len(tags) else names

"""Rankings and judgments written for other programs, in TREC form.

In: what an evaluation measured. Out: `qrels.txt`, `queries.tsv` and a run for each row in a folder.
Raises EvaluationError where they cannot be written.
"""

from __future__ import annotations

import re
from pathlib import Path

from docsearch.domain.errors import EvaluationError
from docsearch.domain.evaluation import Contender, Evaluation
from docsearch.domain.safe_text import safe_line
from docsearch.evaluation.metrics import Rankings, condensed
from docsearch.evaluation.trec import write_qrels, write_run
from docsearch.files import replace_file
from docsearch.judging.measured import Measured


def export_runs(measured: Measured, folder: Path) -> list[Path]:
    """The runs' files, in the order of the evaluation's rows; what has these names is replaced.

    Of an evaluation of condensed lists they are condensed.
    """
    found = measured.evaluation
    texts = {
        "qrels.txt": write_qrels(measured.judged.grades),
        "queries.tsv": _queries(measured),
    }
    names = []
    for row, ranked in zip(found.rows, measured.runs, strict=True):
        names.append(_unused(f"{slug(row.contender)}.run", texts))
        texts[names[-1]] = write_run(_counted(ranked, measured, found), slug(row.contender))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            replace_file(folder / name, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise EvaluationError(
            f"The runs cannot be written to {safe_line(str(folder))}: {error.strerror}."
        ) from None
    return [folder / name for name in names]


def slug(contender: Contender) -> str:
    """A name for files and tags: letters, digits, dots and dashes."""
    words = f"{contender.source} {contender.name}".replace("½", "0.5").replace("¼", "0.25")
    return re.sub(r"[^A-Za-z0-9.]+", "-", words.replace("¾", "0.75")).strip("-.") or "run"


def _unused(name: str, taken: dict[str, str]) -> str:
    stem, count = name.removesuffix(".run"), 2
    while name in taken:
        name, count = f"{stem}-{count}.run", count + 1
    return name


def _counted(ranked: Rankings, measured: Measured, found: Evaluation) -> Rankings:
    return condensed(ranked, measured.judged.grades) if found.condensed else ranked


def _queries(measured: Measured) -> str:
    words = measured.judged.queries
    return "".join(
        f"{safe_line(query)}\t{safe_line(' '.join(text.split()))}\n"
        for query, text in words.items()
    )

"""The question-passage pairs to learn from.

In: the folder of `NAME.jsonl.gz` files. Out: `Question`s, each with its passage and the dataset's
own distractors.
Does not know: how questions become lists of candidates, or anything of the judged sets.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Question:
    """A query, the passage that answers it, and passages its dataset says do not."""

    source: str
    text: str
    positive: str
    negatives: tuple[str, ...]


# How many questions of each source are used; sources not named here are left out.
QUESTIONS_PER_SOURCE = {
    "boolq": 1_500,
    "climate_fever": 800,
    "covidqa_deepset": 200,
    "debian_descriptions": 800,
    "drop_sample": 200,
    "halueval_hotpot": 900,
    "healthver": 800,
    "hotpotqa_dev": 250,
    "medquad": 800,
    "musique_1k": 150,
    "nq_open_oracle": 2_600,
    "paper_title_abstract": 1_300,
    "pubmedqa_a": 200,
    "pubmedqa_l": 500,
    "scitldr": 800,
    "selqa_devtest": 2_000,
    "twowiki_1k": 250,
}


def read_questions(folder: Path, per_source: dict[str, int], seed: int) -> list[Question]:
    """The asked number of questions of each source, drawn with `seed`, source by source."""
    questions: list[Question] = []
    for source in sorted(per_source):
        found = list(_read_source(folder / f"{source}.jsonl.gz", source))
        random.Random(f"{seed}-{source}").shuffle(found)  # noqa: S311
        questions += found[: per_source[source]]
    return questions


def _read_source(path: Path, source: str) -> Iterator[Question]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Question(source, row["query"], row["positive"], tuple(row.get("negatives", ())))

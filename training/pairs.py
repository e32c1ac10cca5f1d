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
    "boolq": 500,
    "climate_fever": 300,
    "covidqa_deepset": 150,
    "debian_descriptions": 300,
    "drop_sample": 100,
    "halueval_hotpot": 300,
    "healthver": 300,
    "hotpotqa_dev": 250,
    "medquad": 400,
    "musique_1k": 100,
    "nq_open_oracle": 900,
    "paper_title_abstract": 900,
    "pubmedqa_a": 100,
    "pubmedqa_l": 250,
    "scitldr": 450,
    "selqa_devtest": 700,
    "twowiki_1k": 100,
}

# How many more questions of these sources are asked of passages joined from several.
JOINED_PER_SOURCE = {"hotpotqa_dev": 350, "musique_1k": 150, "twowiki_1k": 100}
JOINED_SIZE = 3


def read_questions(folder: Path, per_source: dict[str, int], seed: int) -> list[Question]:
    """The asked number of questions of each source, drawn with `seed`, source by source.

    `JOINED_PER_SOURCE` tells of how many more the passages are joined.
    """
    questions: list[Question] = []
    for source in sorted(per_source):
        draw = random.Random(f"{seed}-{source}")  # noqa: S311
        found = list(_read_source(folder / f"{source}.jsonl.gz", source))
        draw.shuffle(found)
        alone = per_source[source]
        joined = found[alone : alone + JOINED_PER_SOURCE.get(source, 0)]
        questions += found[:alone]
        questions += [join_passages(question, JOINED_SIZE, draw) for question in joined]
    return questions


def join_passages(question: Question, size: int, draw: random.Random) -> Question:
    """The same question of passages that are `size` of the old ones, the answer anywhere in one.

    Distractors that do not fill a passage of that size are left out.
    """
    company, rest = question.negatives[: size - 1], question.negatives[size - 1 :]
    answering = [question.positive, *company]
    draw.shuffle(answering)
    whole = len(rest) // size * size
    joined = tuple("\n\n".join(rest[place : place + size]) for place in range(0, whole, size))
    return Question(question.source, question.text, "\n\n".join(answering), joined)


def _read_source(path: Path, source: str) -> Iterator[Question]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Question(source, row["query"], row["positive"], tuple(row.get("negatives", ())))

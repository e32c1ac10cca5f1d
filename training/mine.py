"""A row of candidates for every question: its passage, the distractors, and its nearest neighbours.

In: questions and the first-stage encoder. Out: `Mined`: passages, questions, and a row for each.
Does not know: how relevant a mined candidate really is; the teachers judge that later.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
import numpy as np

from training.arrays import HalfArray, IntArray
from training.encoders import Encoder
from training.pairs import Question

# A row holds the question's passage, its distractors, then mined passages, in this many places.
ROW_LENGTH = 16
MOST_DISTRACTORS = 10
MINED_DEPTH = 60


@dataclass(frozen=True)
class Mined:
    """Passages, questions, and for each question the rows of its candidates, its own passage first.

    `distractors[q]` tells how many of the places after the first are the dataset's own negatives.
    """

    passages: list[str]
    questions: list[Question]
    candidates: IntArray
    distractors: IntArray


def mine(questions: Sequence[Question], encoder: Encoder) -> Mined:
    """Pool the passages of all questions and fill each question's row with its nearest in the pool.

    Passages that the encoder would have to cut are left out, with the questions they answer.
    """
    passages = whole_passages(questions, encoder)
    row_of = {passage: row for row, passage in enumerate(passages)}
    answerable = [question for question in questions if question.positive in row_of]
    nearest = nearest_passages(
        encoder.encode_queries([question.text for question in answerable]), encoder.encode(passages)
    )
    candidates = np.empty((len(answerable), ROW_LENGTH), dtype=np.int64)
    distractors = np.empty(len(answerable), dtype=np.int64)
    for number, (question, found) in enumerate(zip(answerable, nearest, strict=True)):
        known = [question.positive, *question.negatives[:MOST_DISTRACTORS]]
        row = list(dict.fromkeys(row_of[text] for text in known if text in row_of))
        distractors[number] = len(row) - 1
        candidates[number] = list(dict.fromkeys([*row, *found.tolist()]))[:ROW_LENGTH]
    return Mined(passages, answerable, candidates, distractors)


def whole_passages(questions: Sequence[Question], encoder: Encoder) -> list[str]:
    """Every passage that the rows may need and the encoder reads whole, in order of first use."""
    texts: dict[str, None] = {}
    for question in questions:
        known = [question.positive, *question.negatives[:MOST_DISTRACTORS]]
        texts.update(dict.fromkeys(known))
    return [
        text for text, whole in zip(texts, encoder.reads_whole(list(texts)), strict=True) if whole
    ]


def nearest_passages(queries: HalfArray, passages: HalfArray) -> IntArray:
    """The rows of the passages with the highest cosine to each query, best first."""
    index = faiss.IndexFlatIP(passages.shape[1])
    index.add(passages.astype(np.float32))
    _, found = index.search(queries.astype(np.float32), min(MINED_DEPTH, len(passages)))
    rows: IntArray = found.astype(np.int64)
    return rows


def save_mined(mined: Mined, folder: Path) -> None:
    """Write the texts as JSON and the rows as arrays."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "passages": mined.passages,
        "questions": [asdict(question) for question in mined.questions],
    }
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    np.savez(folder / "rows.npz", candidates=mined.candidates, distractors=mined.distractors)


def load_mined(folder: Path) -> Mined:
    """Read what `save_mined` wrote."""
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    questions = [
        Question(row["source"], row["text"], row["positive"], tuple(row["negatives"]))
        for row in texts["questions"]
    ]
    rows = np.load(folder / "rows.npz")
    return Mined(texts["passages"], questions, rows["candidates"], rows["distractors"])

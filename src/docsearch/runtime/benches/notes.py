"""A folder of made-up notes: as many as wanted, the same each time.

In: where, how many, how long. Out: Markdown files. Does not know what they are for.
"""

from __future__ import annotations

import random
from pathlib import Path

FILES_A_FOLDER = 100

_SYLLABLES = tuple(f"{first}{last}" for first in "bdgklmnprstvw" for last in "aeiou")


def write_notes(folder: Path, count: int, words: int, seed: int = 7) -> list[str]:
    """Their relative paths. No two notes say the same."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    lexicon = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(3000)]
    paths = []
    for number in range(count):
        path = f"{number // FILES_A_FOLDER:04}/{number:06}.md"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = _text(chance, lexicon, words)
        (folder / path).write_text(f"# Note {number}\n\n{text}\n", encoding="utf-8")
        paths.append(path)
    return paths


def _text(chance: random.Random, lexicon: list[str], words: int) -> str:
    """Sentences of some twelve words, five to a paragraph."""
    sentences = []
    while words > 0:
        length = min(words, chance.randint(6, 18))
        sentences.append(" ".join(chance.choices(lexicon, k=length)).capitalize() + ".")
        words -= length
    paragraphs = (" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5))
    return "\n\n".join(paragraphs)

"""A folder of made-up notes: as many as wanted, the same each time.

In: where, words to draw from, how many, how long. Out: Markdown files. Does not know what they are
for.
"""

from __future__ import annotations

from pathlib import Path

from docsearch.bench.rerank import Words

FILES_A_FOLDER = 100
SENTENCE_WORDS = 12


def write_notes(folder: Path, words: Words, count: int, length: int) -> list[str]:
    """The relative paths of so many notes of about `length` words; no two say the same."""
    paths = []
    for number in range(count):
        path = f"{number // FILES_A_FOLDER:04}/note-{number:06}.md"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(_document(words, length), encoding="utf-8")
        paths.append(path)
    return paths


def _document(words: Words, length: int) -> str:
    """A Markdown document of about `length` words: a heading, then sentences in paragraphs."""
    parts = [f"# {words.text(4).capitalize()}"]
    for _ in range(max(1, length // (4 * SENTENCE_WORDS))):
        sentences = (f"{words.text(SENTENCE_WORDS).capitalize()}." for _ in range(4))
        parts.append(" ".join(sentences))
    return "\n\n".join(parts) + "\n"

"""A public collection in the BEIR layout, laid out as a folder that is indexed like any other.

In: a folder with `corpus.jsonl`, `queries.jsonl` and judgments. Out: a folder in the data directory
with a text file for each document, made once, and what each file's document is called. Raises
EvaluationError. Does not know how a folder is indexed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docsearch.domain.errors import EvaluationError
from docsearch.domain.foreign import json_value
from docsearch.domain.safe_text import safe_line
from docsearch.evaluation.collection import CorpusDocument, read_corpus
from docsearch.files import FILE_MODE, make_folder, put_in_place, read_file, replace_file
from docsearch.judging.judged_files import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
DEFAULT_SPLIT = "test"
_IN_ONE_FOLDER = 1000
_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class Collection:
    """`documents` is the folder to index; `ids` are the documents' own, by number of file."""

    name: str
    documents: Path
    ids: Sequence[str]

    def document_of(self, path: str) -> str:
        """The id of the document in this file of `documents`."""
        return self.ids[int(Path(path).stem)]


def collection(folder: Path, data_dir: Path, tell: Callable[[int], None]) -> Collection:
    """The collection, laid out in `data_dir` unless that was done before from the same corpus.

    `tell` hears now and then how many documents are written. What was half done is begun anew.
    """
    corpus = folder / CORPUS
    with _refusals(folder):
        stamp = _stamp(corpus)
        place = _place(folder, data_dir)
        documents, note = place / "documents", place / "collection.json"
        ids = _known(note, stamp) if documents.is_dir() else None
        if ids is None:
            note.unlink(missing_ok=True)
            ids = _lay_out(corpus, documents, tell)
            replace_file(note, json.dumps({"corpus": stamp, "ids": ids}).encode())
    return Collection(folder.resolve().name, documents, ids)


def judged_files(folder: Path, qrels: Path | None, split: str | None) -> tuple[Path, Path]:
    """The collection's queries, and its judgments: `qrels`, or those of the split.

    Without a split it is that for testing, or the only one there is; `qrels.tsv` is one too.
    """
    queries = folder / QUERIES
    if qrels is not None:
        return queries, qrels
    plain = folder / f"{QRELS}.tsv"
    if split is None and plain.is_file():
        return queries, plain
    splits = {each.stem: each for each in sorted((folder / QRELS).glob("*.tsv"))}
    chosen = splits.get(split or DEFAULT_SPLIT)
    if chosen is None and split is None and len(splits) == 1:
        chosen = next(iter(splits.values()))
    if chosen is None:
        there = ", ".join(map(safe_line, splits)) or "none"
        raise EvaluationError(
            f"{safe_line(str(folder))} has no judgments for {safe_line(split or DEFAULT_SPLIT)!r}: "
            f"name one of its splits with --split ({there}), or a file with --qrels."
        )
    return queries, chosen


def _place(folder: Path, data_dir: Path) -> Path:
    whole = folder.resolve()
    digest = hashlib.sha256(os.fsencode(whole)).hexdigest()[:12]
    return data_dir / "collections" / digest


def _stamp(corpus: Path) -> list[int]:
    found = corpus.stat()
    return [found.st_size, found.st_mtime_ns]


def _known(note: Path, stamp: list[int]) -> list[str] | None:
    try:
        facts = json_value(read_file(note, None))
        ids: list[str] = facts["ids"]
        return ids if facts["corpus"] == stamp else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _lay_out(corpus: Path, documents: Path, tell: Callable[[int], None]) -> list[str]:
    draft = documents.with_name("documents.part")
    for each in (draft, documents):
        if each.is_dir():
            shutil.rmtree(each)
    # For its owner alone, as is what is indexed from it.
    make_folder(draft)
    ids = []
    for number, document in enumerate(read_corpus(text_of(corpus).split("\n"), corpus.name)):
        part = draft / f"{number // _IN_ONE_FOLDER:04}"
        make_folder(part)
        text = _text(document).encode("utf-8", "surrogatepass")
        file = part / f"{number:07}.txt"
        file.touch(FILE_MODE)
        file.write_bytes(text)
        ids.append(document.document_id)
        if number % _TOLD_EVERY == 0:
            tell(number)
    put_in_place(draft, documents)
    return ids


def _text(document: CorpusDocument) -> str:
    return "\n\n".join(part for part in (document.title.strip(), document.text) if part)


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        missing = Path(os.fsdecode(error.filename)).name if error.filename else CORPUS
        with suppress(OSError):
            if not folder.is_dir():
                raise EvaluationError(f"There is no folder {safe_line(str(folder))}.") from None
        raise EvaluationError(
            f"{safe_line(str(folder))} is no collection in the BEIR layout: "
            f"it has no {safe_line(missing)}."
        ) from None
    except OSError as error:
        raise EvaluationError(
            f"The collection {safe_line(str(folder))} cannot be laid out in the data directory: "
            f"{error.strerror}."
        ) from None

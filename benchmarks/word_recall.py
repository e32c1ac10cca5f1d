"""The share of an independent extractor's words that docsearch finds in the same documents.

    python -m benchmarks.word_recall FOLDER [--misses]

In: a folder of documents that nobody here wrote. Out: for each format and extractor how many
documents and words, and the share of the words that docsearch's own text, title or tags hold;
then each document below 99.5 %, with `--misses` its missing words, and what could not be
compared. A word is a run of three letters or more, casefolded; each counts once in a document.
An extractor that this machine lacks is named and left out.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mail_text import calendar_text, mailbox_text, message_text
from docsearch.domain.errors import ReaderError
from docsearch.readers.registry import ReaderRegistry, default_readers

GOOD = 0.995
LONGEST = 60
"""Seconds that one program may take for one document."""

MAILDIR = "maildir"
"""Stands for the suffix that a message in a Maildir does not have."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Extractor:
    """One way from a file to its words; `program` is what it needs on the PATH, if anything."""

    name: str
    text: Callable[[Path], str]
    program: str | None = None


@dataclass(slots=True)
class Tally:
    """What came of one format by one extractor."""

    documents: int = 0
    words: int = 0
    found: int = 0
    misses: list[tuple[Path, float, list[str]]] = field(default_factory=list)


def words(text: str) -> set[str]:
    """The distinct words of a text, whatever their case, ligatures or soft hyphens."""
    return set(_WORD.findall(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()))


def pandoc(source: str) -> Extractor:
    """What pandoc makes of a format, as plain text; it reads no other file."""

    def text(path: Path) -> str:
        return _output("pandoc", "--sandbox", "--wrap=none", "-f", source, "-t", "plain", str(path))

    return Extractor("pandoc", text, "pandoc")


def pdf_text(path: Path) -> str:
    """The text of a PDF's pages."""
    return _output("pdftotext", "-q", str(path), "-")


def detex(path: Path) -> str:
    """LaTeX without its macros; `-n` reads no other file."""
    return _output("detex", "-n", str(path))


def notebook_text(path: Path) -> str:
    """The source of every cell, and what its outputs say in plain text."""
    book = json.loads(path.read_text("utf-8"))
    texts: list[str] = []
    for cell in book["cells"] if "cells" in book else book["worksheets"][0]["cells"]:
        texts.append(_joined(cell.get("source", cell.get("input", ""))))
        for output in cell.get("outputs", ()):
            texts.append(_joined(output.get("text", "")))
            texts.append(_joined(output.get("data", {}).get("text/plain", "")))
    return "\n".join(texts)


def table_text(path: Path) -> str:
    """Every cell of a delimited table."""
    text = path.read_bytes().decode("utf-8-sig", "replace")
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:20_000])
    except csv.Error:
        dialect = csv.excel_tab if path.suffix == ".tsv" else csv.excel
    return "\n".join(" ".join(row) for row in csv.reader(io.StringIO(text, newline=""), dialect))


_LATEX = (pandoc("latex"), Extractor("detex", detex, "detex"))
_MAIL = (Extractor("email", message_text),)
EXTRACTORS: dict[str, tuple[Extractor, ...]] = {
    "tex": _LATEX,
    "ltx": _LATEX,
    "org": (pandoc("org"),),
    "rst": (pandoc("rst"),),
    "md": (pandoc("markdown"),),
    "html": (pandoc("html"),),
    "htm": (pandoc("html"),),
    "epub": (pandoc("epub"),),
    "docx": (pandoc("docx"),),
    "odt": (pandoc("odt"),),
    "pdf": (Extractor("pdftotext", pdf_text, "pdftotext"),),
    "eml": _MAIL,
    "emlx": _MAIL,
    "mht": _MAIL,
    "mhtml": _MAIL,
    MAILDIR: _MAIL,
    "mbox": (Extractor("email", mailbox_text),),
    "ics": (Extractor("lines", calendar_text),),
    "vcf": (Extractor("lines", calendar_text),),
    "ipynb": (Extractor("json", notebook_text),),
    "csv": (Extractor("csv", table_text),),
    "tsv": (Extractor("csv", table_text),),
}
"""By suffix: what else can read such a file."""


def main() -> None:
    """Compare, and print what was found."""
    folder = Path(sys.argv[1])
    with_misses = "--misses" in sys.argv[2:]
    tallies, troubles = compare(sorted(path for path in folder.rglob("*") if path.is_file()))
    print("format  extractor   documents    words    found")
    for (suffix, name), tally in sorted(tallies.items()):
        share = tally.found / tally.words if tally.words else 1.0
        print(f"{suffix:<7} {name:<11} {tally.documents:>9} {tally.words:>8} {share:>8.2%}")
    for (_, name), tally in sorted(tallies.items()):
        for path, share, missing in tally.misses:
            if share < GOOD:
                print(f"{share:.2%} of {name}: {path.relative_to(folder)}, {len(missing)} missing")
            if with_misses and missing:
                print(f"    {path.name}: {' '.join(missing)}")
    for trouble in troubles:
        print(trouble)


def compare(paths: Iterable[Path]) -> tuple[dict[tuple[str, str], Tally], list[str]]:
    """A tally for each format and extractor, and what could not be compared, in words."""
    readers = default_readers()
    tallies: dict[tuple[str, str], Tally] = {}
    troubles: dict[str, None] = {}
    for path in paths:
        in_maildir = path.parent.name in ("cur", "new")
        suffix = MAILDIR if in_maildir else path.suffix.lower().lstrip(".")
        for extractor in EXTRACTORS.get(suffix, ()):
            if extractor.program and not shutil.which(extractor.program):
                troubles[f"left out: {extractor.program} is not installed"] = None
                continue
            try:
                expected = words(extractor.text(path))
            except (OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
                troubles[f"left out: {path.name}: {extractor.name}: {_first_line(error)}"] = None
                continue
            found, trouble = _our_words(readers, path)
            if trouble:
                troubles[trouble] = None
            missing = sorted(expected - found)
            tally = tallies.setdefault((suffix, extractor.name), Tally())
            tally.documents += 1
            tally.words += len(expected)
            tally.found += len(expected) - len(missing)
            share = 1 - len(missing) / len(expected) if expected else 1.0
            tally.misses.append((path, share, missing))
    return tallies, list(troubles)


def _our_words(readers: ReaderRegistry, path: Path) -> tuple[set[str], str]:
    try:
        _, extracted = readers.read(path.read_bytes(), str(path))
    except ReaderError as error:
        return set(), f"docsearch skips {path.name}: {error}"
    return words("\n".join((extracted.text, extracted.title or "", *extracted.tags))), ""


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)
    if done.returncode:
        raise ValueError(done.stderr.decode("utf-8", "replace").strip() or "it failed")
    return done.stdout.decode("utf-8", "replace")


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0][:160]


if __name__ == "__main__":
    main()

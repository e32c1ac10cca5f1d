"""Several processes on one folder, with edits, judgments, queries and kills: nothing is lost.

    python -m benchmarks.stress SECONDS SEED PROCESSES [--kills N] [--keep FOLDER]

Runs 2 to 4 real processes on one folder for SECONDS, with a stand-in bi-encoder so that it goes
fast; everything else is docsearch as it is. SEED decides edits, moments and victims.

    1  an engine that watches the folder, as the screen does, and is asked queries
    2  a process that judges five passages and ends, again and again
    3  a process that asks a query and ends, with or without bringing the index up to date
    4  a second engine, which reads, judges, and takes over when the first is gone

With `--kills N` one of those that live is killed (SIGKILL) at a random moment, N times in all,
and started again; where SECONDS are too few for N kills, the run takes longer. At the end all stop
in the ordinary way, the index is brought up to date, and compared with one that is built of the
same folder in one go: files, skipped files, passages, vectors, hits of every word of the
vocabulary, and what `docsearch doctor` asks of an index. Every judgment whose keeping was
acknowledged to a process must be there with its grade, and none that was never made.

Prints its figures as one line of JSON: what was done, and `differences`, `judgments_lost`,
`judgments_from_nowhere`, `integrity`, `errors` (all must be empty or 0), `refused` (calls that said
that trying again may help, as a busy disk makes them), and `followed`: whether the watching engine
had caught up with every edit by itself. Exit code 1 where anything is wrong. What is left of a
failed run is in the folder that `--keep` names.

60 minutes of four processes: python -m benchmarks.stress 3600 1 4
200 kills:                    python -m benchmarks.stress 600 1 4 --kills 200
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

import numpy as np

from docsearch.domain.errors import IndexStoreError
from docsearch.domain.judgment import Grade, Judgment
from docsearch.domain.progress import IndexProgress, Phase
from docsearch.domain.query import CandidateSource
from docsearch.domain.settings import Settings
from docsearch.engine.compose import compose, open_library
from docsearch.engine.engine import Engine
from docsearch.models.descriptions import EMBEDDER, EMBEDDER_DIMENSION
from docsearch.ports import Vectors
from docsearch.serving.paths import index_layout
from docsearch.serving.tuned_models import TunedModels
from docsearch.storage.judgments import SqliteJudgments

WORDS = (
    "boiler", "train", "garden", "rye", "dough", "account", "deploy", "rollback", "invoice", "lamp",
    "winter", "table", "river", "cable", "mountain", "letter", "station", "engine", "minutes",
)  # fmt: skip
SUFFIXES = ("md", "txt", "rst", "org", "py", "csv", "html", "log")
FILES_AT_FIRST = 30
MOST_FILES = 120
JUDGED_AT_ONCE = 5
SETTLED_WITHIN_SECONDS = 120.0
_processes = multiprocessing.get_context("fork")


class StandIn:
    """A bi-encoder whose vector of a text is drawn by the text's hash."""

    name = EMBEDDER.name
    dimension = EMBEDDER_DIMENSION
    fingerprint = "stand-in"
    batch_tokens = 2048

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.concatenate([self.embed_query(each) for each in texts])

    def embed_query(self, words: str) -> Vectors:
        """Shape (1, dimension)."""
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()
        drawn = np.random.default_rng(int.from_bytes(digest[:8])).standard_normal(self.dimension)
        vector: Vectors = (drawn / np.linalg.norm(drawn)).astype(np.float32)[None, :]
        return vector

    def characters_read(self, words: str) -> int:
        """All of them."""
        return len(words)


@dataclass(frozen=True)
class Place:
    """The folder, and where its index is kept."""

    folder: Path
    data: Path

    @property
    def settings(self) -> Settings:
        """Those of every process here."""
        return Settings(data_dir=str(self.data), offline=True)

    def engine(self, *, watch: bool = False, update: bool = True) -> Engine:
        """Not started."""
        return compose(self.folder, self.settings, watch=watch, update=update)


# What a process does. It tells over its pipe: ("kept", judgment), ("done", None), ("error", words),
# ("refused", words).


def watch(place: Place, pipe: Connection) -> None:
    """An engine until it is told to stop; a line is a query, a judgment is kept."""
    engine = place.engine(watch=True)

    def heard(progress: IndexProgress) -> None:
        if progress.phase is Phase.FAILED:
            pipe.send(("error", f"engine: {progress.notice}"))

    engine.subscribe(heard)
    engine.start()
    engine.wait_until_ready()
    with closing(SqliteJudgments(index_layout(place.folder, place.settings))) as judgments:
        while (asked := pipe.recv()) is not None:
            _told(pipe, partial(_answer, engine, judgments, pipe, asked))
    engine.stop()


def _answer(
    engine: Engine, judgments: SqliteJudgments, pipe: Connection, asked: str | Judgment
) -> None:
    if isinstance(asked, Judgment):
        judgments.put([asked])
        pipe.send(("kept", asked))
    else:
        list(engine.search(asked, CandidateSource.HYBRID, None))


def judge(place: Place, pipe: Connection) -> None:
    """Keep some judgments, as `docsearch judge` does."""
    with closing(SqliteJudgments(index_layout(place.folder, place.settings))) as judgments:
        for each in pipe.recv():
            judgments.put([each])
            pipe.send(("kept", each))


def ask(place: Place, pipe: Connection) -> None:
    """One query, as `docsearch query` asks it."""
    words, update = pipe.recv()
    engine = place.engine(update=update)
    engine.start()
    try:
        engine.wait_until_ready()
        list(engine.search(words, CandidateSource.HYBRID, None))
    finally:
        engine.stop()


def update(place: Place, pipe: Connection) -> None:
    """Bring the index up to date, as `docsearch index` does."""
    engine = place.engine()
    engine.start()
    try:
        engine.wait_until_ready()
    finally:
        engine.stop()
    pipe.send(("done", None))


def look(place: Place, pipe: Connection) -> None:
    """All that the index holds, in a form that two of them can be compared by."""
    layout = index_layout(place.folder, place.settings)
    with (
        closing(open_library(place.folder, place.settings, read_only=True)) as library,
        closing(SqliteJudgments(layout)) as judgments,
    ):
        passages: dict[Any, Any] = {}
        name: dict[int, tuple[str, int]] = {}
        for ids, vectors in library.vectors():
            for each, vector in zip(library.chunks(ids.tolist()), vectors, strict=True):
                name[each.chunk_id] = each.path, each.chunk.ordinal
                passages[name[each.chunk_id]] = each.chunk, each.title, vector.tobytes()
        hits = {
            word: sorted(name.get(hit, ("?", hit)) for hit, _ in library.search_text(word, 9999))
            for word in WORDS
        }
        files = {
            path: (each.source.size, each.content_hash, each.chunk_count, each.reader)
            for path, each in library.files().items()
        }
        skipped = {each.path: each.reason for each in library.skipped()}
        found = {"files": files, "skipped": skipped, "passages": passages, "hits": hits}
        pipe.send(("done", (found, judgments.all(), library.integrity())))


Role = Callable[[Place, Connection], None]


class Running:
    """A process in a role, and the pipe to it."""

    def __init__(self, role: Role, place: Place) -> None:
        self.role = role
        self._pipe, theirs = _processes.Pipe()
        self.process: ForkProcess = _processes.Process(
            target=_run, args=(role, place, theirs, self._pipe), daemon=True
        )
        self.process.start()
        theirs.close()

    def send(self, what: Any) -> None:
        """Tell it something; one that is gone hears nothing."""
        with suppress(OSError):
            self._pipe.send(what)

    def told(self, seconds: float = 0.0) -> list[tuple[str, Any]]:
        """What it has told since, waiting so long for the first of it."""
        heard: list[tuple[str, Any]] = []
        with suppress(EOFError, OSError):
            while self._pipe.poll(0.0 if heard else seconds):
                heard.append(self._pipe.recv())
        return heard

    def kill(self) -> None:
        """SIGKILL, if it has not just ended."""
        self.process.kill()
        self.process.join()


def _run(role: Role, place: Place, pipe: Connection, other: Connection) -> None:
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _told(pipe, lambda: role(place, pipe))


def _told(pipe: Connection, work: Callable[[], None]) -> None:
    try:
        work()
    except (EOFError, BrokenPipeError):
        pass
    except Exception as error:  # noqa: BLE001 - whatever it is, the figures are to say it
        passing = isinstance(error, IndexStoreError) and error.passing
        with suppress(OSError):
            pipe.send(("refused" if passing else "error", f"{type(error).__name__}: {error}"))


@dataclass
class Figures:
    """What was done, and what went wrong."""

    rounds: int = 0
    edits: int = 0
    queries: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    made: dict[tuple[str, str], Judgment] = field(default_factory=dict)
    kept: dict[tuple[str, str], Judgment] = field(default_factory=dict)

    def note(self, told: Sequence[tuple[str, Any]]) -> None:
        """Take in what a process has told."""
        for kind, what in told:
            if kind == "kept":
                self.kept[what.query, what.text] = what
            elif kind in ("refused", "error"):
                (self.refused if kind == "refused" else self.errors)[str(what)[:300]] += 1


class Stress:
    """One run: the folder, the processes, and what is known of them."""

    def __init__(self, place: Place, seed: int, processes: int) -> None:
        self.figures = Figures()
        self._place = place
        self._chance = random.Random(seed)
        self._engines: list[Running | None] = [None] * (2 if processes > 3 else 1)
        self._asks = processes > 2
        for number in range(FILES_AT_FIRST):
            self._new(place.folder / f"{number}.{self._chance.choice(SUFFIXES)}")

    def run(self, seconds: float, kills: int) -> None:
        """Until the time is over and so many have been killed."""
        began = time.monotonic()
        while (past := time.monotonic() - began) < seconds or self.figures.kills.total() < kills:
            due = kills * min(1.0, past / seconds) if seconds else kills
            self._round(kill=self.figures.kills.total() < due)

    def settle(self) -> None:
        """Stop all engines in the ordinary way."""
        for each in self._engines:
            if each is not None:
                each.send(None)
                each.process.join(SETTLED_WITHIN_SECONDS)
                self.figures.note(each.told())
                if each.process.exitcode is None:
                    self.figures.errors["an engine did not end"] += 1
                    each.kill()

    def _round(self, *, kill: bool) -> None:
        chance, figures = self._chance, self.figures
        figures.rounds += 1
        for at, engine in enumerate(self._engines):
            if engine is None or engine.process.exitcode is not None:
                self._engines[at] = Running(watch, self._place)
        for _ in range(chance.randrange(5)):
            self._edit()
        beside = [self._judging()]
        if self._asks and chance.random() < 0.5:
            beside.append(Running(ask, self._place))
            beside[-1].send((" ".join(chance.sample(WORDS, 2)), chance.random() < 0.5))
            figures.queries += 1
        engines = [each for each in self._engines if each is not None]
        for each in engines:
            asked = self._judgment() if chance.random() < 0.3 else chance.choice(WORDS)
            figures.queries += isinstance(asked, str)
            each.send(asked)
        if kill:
            victim = chance.choice([*engines, *beside])
            time.sleep(chance.uniform(0.0, 1.5))
            figures.kills[victim.role.__name__] += 1
            victim.kill()
        for each in [*beside, *engines]:
            if each in beside:
                each.process.join(SETTLED_WITHIN_SECONDS)
            figures.note(each.told())

    def _judging(self) -> Running:
        process = Running(judge, self._place)
        process.send([self._judgment() for _ in range(JUDGED_AT_ONCE)])
        return process

    def _judgment(self) -> Judgment:
        number = len(self.figures.made)
        made = Judgment(
            f"query {number % 50}",
            f"passage {number}: {self._text(8)}",
            "x.md",
            self._chance.choice(list(Grade)),
        )
        self.figures.made[made.query, made.text] = made
        return made

    def _text(self, words: int) -> str:
        return " ".join(self._chance.choices(WORDS, k=words)) + "."

    def _new(self, path: Path) -> None:
        paragraphs = [self._text(self._chance.randint(5, 60)) for _ in range(30)]
        path.write_text("\n\n".join(paragraphs[: self._chance.randint(1, 30)]) + "\n")

    def _edit(self) -> None:
        chance, folder = self._chance, self._place.folder
        self.figures.edits += 1
        files = sorted(each for each in folder.rglob("*") if each.is_file())
        path = chance.choice(files)
        if len(files) > MOST_FILES:
            path.unlink()
            return
        name = f"{self.figures.edits}.{chance.choice(SUFFIXES)}"
        match chance.randrange(9):
            case 0:
                self._new(path.with_name(name))
            case 1:
                self._new(path)
            case 2:
                with path.open("a") as file:
                    file.write(f"\n\n{self._text(20)}\n")
            case 3 if len(files) > FILES_AT_FIRST // 2:
                path.unlink()
            case 4:
                path.rename(path.with_name(name).with_suffix(path.suffix))
            case 5:
                copy = path.with_name(name).with_suffix(path.suffix)
                # A round without an edit before it gives the same name again.
                if copy != path:
                    shutil.copy2(path, copy)
            case 6:
                self._move(path, name)
            case 7:
                self._swap(path, chance.choice(files))
            case _:
                path.write_bytes(path.read_bytes()[: 1 + path.stat().st_size // 2])

    def _move(self, path: Path, name: str) -> None:
        """Into a folder, or that folder elsewhere."""
        room = self._place.folder / f"room {self._chance.randrange(4)}"
        if room.exists() and self._chance.random() < 0.3:
            room.rename(self._place.folder / f"room {name}")
        else:
            room.mkdir(exist_ok=True)
            path.rename((room / name).with_suffix(path.suffix))

    def _swap(self, one: Path, other: Path) -> None:
        if one != other and one.suffix == other.suffix:
            between = self._place.folder / "swap.tmp"
            one.rename(between)
            other.rename(one)
            between.rename(other)


def stress(base: Path, seconds: float, seed: int, processes: int, kills: int) -> dict[str, Any]:
    """The figures of one run in this folder; `is_right` says whether all is as it should be."""
    began = time.monotonic()
    place = Place(base / "notes", base / "data")
    clean = Place(place.folder, base / "clean")
    place.folder.mkdir(parents=True)
    work = Stress(place, seed, processes)
    figures = work.figures
    figures.note(_ended(update, place)[0])
    work.run(seconds, kills)
    figures.note(_ended(update, clean)[0])
    expected, _, _ = _ended(look, clean)[1]
    followed = _followed(place, expected)
    work.settle()
    figures.note(_ended(update, place)[0])
    told, seen = _ended(look, place)
    figures.note(told)
    found, judgments, integrity = seen or ({}, [], ["it cannot be looked at"])
    differing = [
        f"{kind}: {key}"
        for kind, here in expected.items()
        for key in sorted(here.keys() | found.get(kind, {}).keys())
        if here.get(key) != found.get(kind, {}).get(key)
    ]
    there = {(each.query, each.text): each for each in judgments}
    lost = [key for key, each in figures.kept.items() if there.get(key) != each]
    return {
        "seconds": round(time.monotonic() - began),
        "seed": seed,
        "processes": processes,
        "rounds": figures.rounds,
        "edits": figures.edits,
        "queries": figures.queries,
        "kills": dict(figures.kills),
        "files": len(expected["files"]),
        "passages": len(expected["passages"]),
        "judgments_acknowledged": len(figures.kept),
        "judgments_lost": len(lost),
        "judgments_from_nowhere": len(there.keys() - figures.made.keys()),
        "differences": differing[:20],
        "integrity": integrity,
        "errors": dict(figures.errors),
        "refused": dict(figures.refused),
        "followed": followed,
        "is_right": not (
            lost or there.keys() - figures.made.keys() or differing or integrity or figures.errors
        ),
    }


def _ended(role: Role, place: Place) -> tuple[list[tuple[str, Any]], Any]:
    """What a process told until its end, and what it found."""
    process = Running(role, place)
    told: list[tuple[str, Any]] = []
    while process.process.exitcode is None or not told:
        told += process.told(1.0)
        if any(kind == "done" for kind, _ in told) or process.process.exitcode is not None:
            break
    process.process.join(SETTLED_WITHIN_SECONDS)
    told += process.told()
    return told, next((what for kind, what in told if kind == "done"), None)


def _followed(place: Place, expected: dict[str, Any]) -> bool:
    """Whether those who watch catch up with all edits by themselves."""
    deadline = time.monotonic() + SETTLED_WITHIN_SECONDS / 4
    while time.monotonic() < deadline:
        seen = _ended(look, place)[1]
        if seen is not None and seen[0] == expected:
            return True
        time.sleep(1.0)
    return False


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 1 where anything was lost or went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("seconds", type=float)
    parser.add_argument("seed", type=int)
    parser.add_argument("processes", type=int, choices=(2, 3, 4))
    parser.add_argument("--kills", type=int, default=0, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    asked = parser.parse_args(words)
    TunedModels.load_embedder = lambda _: StandIn()  # type: ignore[method-assign,assignment,return-value]
    base = asked.keep or Path(tempfile.mkdtemp(prefix="docsearch-stress-"))
    try:
        figures = stress(base, asked.seconds, asked.seed, asked.processes, asked.kills)
    finally:
        if asked.keep is None:
            shutil.rmtree(base, ignore_errors=True)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0 if figures["is_right"] else 1


if __name__ == "__main__":
    sys.exit(main())

"""Random events of a folder under an open engine -> whether its index equals one made from scratch.

    python -m benchmarks.events --seed 1 --events 10000 [--polling]

In: a seed and a number of events. Out: a line of JSON for each round that differed from a clean
build, with what was expected and found, then one with figures; exit 1 where any differed. After
every hundred events the folder is left alone until both agree, or `PATIENCE_SECONDS` have passed. A
stand-in embeds; all else is as installed. Run without CAP_DAC_OVERRIDE (`setpriv
--bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search`), so that
permissions mean something to root.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest.mock import patch

from docsearch.domain.document import StoredChunk
from docsearch.domain.settings import Settings
from docsearch.engine import compose
from docsearch.models.descriptions import EMBEDDER_DIMENSION
from docsearch.serving.tuned_models import TunedModels
from docsearch.storage.library import Library
from docsearch.watching.folder_watcher import FolderWatcher
from tests.fakes.embedder import FakeEmbedder

PATIENCE_SECONDS = 60.0
EVENTS_OF_A_ROUND = 100
FIRST_FILES = 40
"""Fewer than these are not deleted."""

POLLING_SECONDS = 0.5

_SUFFIXES = ("md", "txt", "rst", "org", "py", "csv", "html", "json")
_WORDS = ("boiler", "train", "garden", "rye", "dough", "account", "invoice", "lamp", "cable")


class _Embedder(FakeEmbedder):
    dimension = EMBEDDER_DIMENSION


Index = dict[str, tuple[str, list[str]]]


class _Folder:
    """A folder, and random events in it; each event may fail, as a person's may."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.chance = random.Random(seed)
        self.counted: Counter[str] = Counter()
        self._numbers = 0
        self._kinds: list[Callable[[Path, Path], object]] = [
            *(self.create, self.edit, self.delete, self.rename) * 3,
            *(self.same_size_and_time, self.replace, self.lock, self.unlock, self.link),
            *(self.move_folder, self.lock_folder, self.symlink, self.other_case, self.other_kind),
            *(self.burst, self.rules, self.no_rules),
        ]

    def event(self) -> None:
        """One thing happens."""
        files = [each for each in self.path.rglob("*") if not each.is_dir()]
        inner = (each for each in self.path.rglob("*") if each.is_dir() and not each.is_symlink())
        folders = [self.path, *inner]
        kind = self.chance.choice(self._kinds)
        file = self.chance.choice(files) if files else self.path / "none.md"
        if len(files) < FIRST_FILES and kind == self.delete:
            kind = self.create
        try:
            kind(file, self.chance.choice(folders))
            self.counted[kind.__name__] += 1
        except OSError:
            self.counted["refused"] += 1

    def text(self) -> str:
        return "\n\n".join(
            " ".join(self.chance.choices(_WORDS, k=self.chance.randint(5, 40))) + "."
            for _ in range(self.chance.randint(1, 8))
        )

    def name(self) -> str:
        self._numbers += 1
        return f"n{self._numbers}.{self.chance.choice(_SUFFIXES)}"

    def create(self, _: Path, folder: Path) -> None:
        (folder / self.name()).write_text(self.text())

    def edit(self, file: Path, _: Path) -> None:
        if not file.is_symlink():
            file.write_text(self.text())

    def delete(self, file: Path, _: Path) -> None:
        file.unlink()

    def rename(self, file: Path, folder: Path) -> None:
        file.rename(folder / self.name())

    def same_size_and_time(self, file: Path, _: Path) -> None:
        if not file.is_symlink():
            before = file.stat()
            file.write_bytes(file.read_bytes()[::-1])
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def replace(self, file: Path, _: Path) -> None:
        written = file.with_name(f".{file.name}.tmp")
        written.write_text(self.text())
        written.replace(file)

    def lock(self, file: Path, _: Path) -> None:
        if not file.is_symlink():
            file.chmod(0)

    def unlock(self, *_: Path) -> None:
        for file in self.path.rglob("*"):
            if not file.is_symlink() and not file.stat().st_mode & 0o777:
                file.chmod(0o755)

    def link(self, file: Path, folder: Path) -> None:
        (folder / self.name()).hardlink_to(file)

    def move_folder(self, file: Path, folder: Path) -> None:
        if folder != self.path:
            folder.rename(file.parent / f"d{self.name()}")

    def lock_folder(self, _: Path, folder: Path) -> None:
        if folder != self.path:
            folder.chmod(0)
            time.sleep(self.chance.choice((0, 0.4)))
            folder.chmod(0o755)
            (folder / self.name()).write_text(self.text())

    def symlink(self, file: Path, folder: Path) -> None:
        (folder / self.name()).symlink_to(self.chance.choice((file, self.path, Path("/nowhere"))))

    def other_case(self, file: Path, _: Path) -> None:
        file.rename(file.with_name(file.stem.swapcase() + file.suffix))

    def other_kind(self, file: Path, _: Path) -> None:
        file.unlink()
        file.mkdir()
        (file / self.name()).write_text(self.text())

    def burst(self, _: Path, folder: Path) -> None:
        many = folder / f"b{self.name()}"
        many.mkdir()
        for _number in range(40):
            (many / self.name()).write_text(self.text())
        shutil.rmtree(many)

    def rules(self, _: Path, folder: Path) -> None:
        lines = self.chance.choices(("*.md", "!*.md", "n1*", "b*/", "*.csv", "!n11*"), k=2)
        (folder / ".gitignore").write_text("\n".join(lines))

    def no_rules(self, *_: Path) -> None:
        for file in self.path.rglob(".gitignore"):
            file.unlink()


def indexed(folder: Path, settings: Settings) -> Index:
    """Each file with its reader and the texts of its chunks; what was skipped, with the reason."""
    library = compose.open_library(folder, settings, read_only=True)
    try:
        held = {
            path: (file.reader, [stored.chunk.text for stored in _chunks(library, path)])
            for path, file in library.files().items()
        }
        return held | {each.path: (each.reason, []) for each in library.skipped()}
    finally:
        library.close()


def _chunks(library: Library, path: str) -> list[StoredChunk]:
    return library.chunks(library.chunk_ids(path))


def clean_build(folder: Path, scratch: Path) -> Index:
    """What an index made from scratch holds."""
    shutil.rmtree(scratch, ignore_errors=True)
    settings = Settings(data_dir=str(scratch), offline=True)
    engine = compose.compose(folder, settings, watch=False)
    engine.start()
    engine.wait_until_ready()
    engine.stop()
    return indexed(folder, settings)


def _brief(index: Index, path: str) -> str:
    """How one of the two has a file: by which reader or why not, and the beginning of its text."""
    if path not in index:
        return "absent"
    reader, texts = index[path]
    return f"{reader}: {' '.join(texts)[:40]!r}"


def run(seed: int, events: int, *, polling: bool) -> dict[str, object]:
    """The figures of one run; `different` counts the rounds that did not end as a clean build."""
    watcher = partial(FolderWatcher, polling=polling, polling_seconds=POLLING_SECONDS)
    with (
        patch.object(TunedModels, "load_embedder", lambda _: _Embedder()),
        patch.object(compose, "FolderWatcher", watcher),
    ):
        return _run(seed, events, polling=polling)


def _run(seed: int, events: int, *, polling: bool) -> dict[str, object]:
    began, different = time.monotonic(), 0
    told: list[dict[str, str]] = []
    right: Index = {}
    with tempfile.TemporaryDirectory() as scratch:
        top = Path(scratch).resolve()
        (top / "folder" / "a" / "b").mkdir(parents=True)
        folder = _Folder(top / "folder", seed)
        for _ in range(FIRST_FILES):
            folder.create(folder.path, folder.chance.choice((folder.path, folder.path / "a" / "b")))
        settings = Settings(data_dir=str(top / "data"), offline=True)
        engine = compose.compose(folder.path, settings, watch=True)
        engine.start()
        engine.wait_until_ready()
        for first in range(0, events, EVENTS_OF_A_ROUND):
            for _ in range(min(EVENTS_OF_A_ROUND, events - first)):
                folder.event()
                time.sleep(folder.chance.choice((0, 0, 0.01, 0.05)))
            patience = time.monotonic() + PATIENCE_SECONDS
            while (right := clean_build(folder.path, top / "clean")) != (
                held := indexed(folder.path, settings)
            ):
                if time.monotonic() > patience:
                    different += 1
                    paths = right.keys() | held.keys()
                    odd = sorted(p for p in paths if right.get(p) != held.get(p))[:5]
                    told.append({p: f"{_brief(right, p)}, not {_brief(held, p)}" for p in odd})
                    print(json.dumps({"events": first + EVENTS_OF_A_ROUND, **told[-1]}), flush=True)
                    break
        engine.stop()
        folder.unlock()
    return {
        "seed": seed,
        "events": events,
        "polling": polling,
        "different": different,
        "paths": told,
        "files": len(right),
        "seconds": round(time.monotonic() - began, 1),
        "kinds": dict(folder.counted),
    }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--polling", action="store_true")
    asked = parser.parse_args()
    figures = run(asked.seed, asked.events, polling=asked.polling)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if figures["different"] else 0


if __name__ == "__main__":
    sys.exit(main())

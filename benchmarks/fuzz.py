"""Damaged files of every format through docsearch's own bounded readers.

    python -m benchmarks.fuzz [--files 1500] [--seed 1] [--seeds FOLDER]... [--keep FOLDER]

In: valid files of every format, made here and from `sample_docs`, and with `--seeds` those of any
folder. Out: one line of JSON: how many mutants docsearch read, refused with a reason, or ended at a
limit; the faults among them; and the most seconds of computing and memory that one took. Exits
with 1 on a fault: a reason that is a traceback or says that docsearch has a fault, a reader that
crashes or dies unexplained, or text, places and chunks that are not what they promise
(`promises.py`). Faulty files, and those that reached a limit, go to the folder `--keep`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.mutations import MOST_BYTES, Mutations
from benchmarks.promises import BROKEN, MakeChecked
from docsearch.domain.document import SourceFile
from docsearch.ingest.discover import scan
from docsearch.ingest.pool import Pool, usual_processes
from docsearch.ingest.prepare import TOO_MUCH_MEMORY, Job, Outcome, Prepared, Unusable
from tests.readers.samples import CSV, EMAIL, all_samples

REPOSITORY = Path(__file__).parent.parent
_FAULTY = (
    *(BROKEN, "fault of docsearch", "Traceback", "crashes what reads it"),
    *("what reads it was ended", "docsearch was ended", "could not be read ("),
)
_OTHERS = {
    "a.emlx": b"%d\n%s<plist/>\n" % (len(EMAIL.encode()), EMAIL.encode()),
    "a.mht": EMAIL.replace("multipart/mixed", "multipart/related").encode(),
    "a.vcf": b"BEGIN:VCARD\nVERSION:3.0\nFN:Zoe\nORG:Dam;Boats\nNOTE:a\\nb\nEND:VCARD\n",
    "a.tsv": CSV.replace(",", "\t").encode(),
    "a.fodt": (
        b'<?xml version="1.0"?><office:document '
        b'office:mimetype="application/vnd.oasis.opendocument.text" '
        b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        b'<text:h text:outline-level="1">Fees</text:h><text:p>Quorum reached.</text:p>'
        b"</office:text></office:body></office:document>"
    ),
    "a.toml": b'[server]\nport = 80\n[[users]]\nname = "ann"\n',
    "a.json": b'{"server": {"port": 80},\n"users": ["ann"]}\n',
    "a.js": b"// a cache\nclass Cache {\n  get(key) {\n    return this.data[key]\n  }\n}\n",
}
"""Kinds of file that share a reader with a sample."""
_LIMITS = ("seconds of computing", TOO_MUCH_MEMORY)
_LONGEST_REASON = 400


def main() -> None:
    """Make the files, have them read, and print what became of them."""
    asked = _arguments()
    seeds = list(_seeds(asked.seeds))
    with tempfile.TemporaryDirectory() as made:
        folder, notes = Path(made, "folder"), Path(made, "notes")
        folder.mkdir()
        notes.touch()
        _make(folder, seeds, asked.files, random.Random(asked.seed))
        outcomes = read(folder, notes)
        missing = sorted({each.name for each in folder.iterdir()} - set(outcomes))
        kinds = {path: kind_of(outcome) for path, outcome in outcomes.items()}
        kinds |= dict.fromkeys(missing, "fault")
        faults = [path for path, kind in kinds.items() if kind == "fault"]
        for path in faults:
            print(f"{path}: {_reason(outcomes.get(path))}", file=sys.stderr)
        if asked.keep is not None:
            _keep(folder, asked.keep, kinds)
        taken = [json.loads(line) for line in notes.read_text("utf-8").splitlines()]
    slowest = max(taken, key=lambda note: note["seconds"], default=None)
    largest = max(taken, key=lambda note: note["peak"], default=None)
    counts = Counter(kinds.values())
    figures = {
        "files": len(kinds),
        **{kind: counts[kind] for kind in ("read", "refused", "limit")},
        "faults": len(faults),
        "formats": len({each.reader for each in outcomes.values() if isinstance(each, Prepared)}),
        "most_seconds": slowest and [round(slowest["seconds"], 2), slowest["path"]],
        "most_mb": largest and [round(largest["peak"] / 1e6), largest["path"]],
    }
    print(json.dumps(figures))
    sys.exit(bool(faults))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    return parser.parse_args()


def _seeds(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    """File names with bytes: of the folders alone where there are some."""
    if not folders:
        yield from sorted((_OTHERS | all_samples()).items())
    for folder in folders or [REPOSITORY / "sample_docs"]:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and 0 < path.stat().st_size <= MOST_BYTES:
                yield path.name, path.read_bytes()


def _make(folder: Path, seeds: list[tuple[str, bytes]], count: int, source: random.Random) -> None:
    """Write this many mutants, spread evenly over the kinds of names."""
    mutations = Mutations(source, [data for _, data in seeds])
    kinds: dict[str, list[tuple[str, bytes]]] = {}
    for name, data in seeds:
        kinds.setdefault(Path(name).suffix.lower() or name, []).append((name, data))
    in_order = sorted(kinds)
    for number in range(count):
        name, data = source.choice(kinds[in_order[number % len(in_order)]])
        how, mutant = mutations.of(data)
        kind = Path(name).suffix or f".{name}"
        (folder / f"{number:05}-{how}{kind}").write_bytes(mutant)


def read(folder: Path, notes: Path) -> dict[str, Outcome]:
    """What became of each file, by the pool that docsearch uses, with its bounds."""
    paths = [str(REPOSITORY), str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    jobs = [Job(each) for each in scan(folder, 100 * MOST_BYTES) if isinstance(each, SourceFile)]
    processes = usual_processes(os.cpu_count() or 1)
    with closing(Pool(MakeChecked(folder, notes), processes)) as pool:
        done = [each for each in pool.prepare(jobs, _never) if each is not None]
        done += pool.finish(_never, _never)
    return {job.source.path: outcome for job, outcome in done}


def kind_of(outcome: Outcome) -> str:
    """One of "read", "refused", "limit" and "fault"."""
    if isinstance(outcome, Prepared):
        return "read"
    if not isinstance(outcome, Unusable):
        return "fault"
    reason = outcome.reason
    if any(each in reason for each in _FAULTY):
        return "fault"
    if any(each in reason for each in _LIMITS):
        return "limit"
    is_plain = reason and reason.isprintable() and len(reason) <= _LONGEST_REASON
    return "refused" if is_plain else "fault"


def _reason(outcome: Outcome | None) -> str:
    return outcome.reason if isinstance(outcome, Unusable) else repr(outcome)[:200]


def _keep(folder: Path, keep: Path, kinds: dict[str, str]) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    for path, kind in kinds.items():
        if kind in ("fault", "limit"):
            shutil.copyfile(folder / path, keep / f"{kind}-{path}")


def _never() -> bool:
    return False


if __name__ == "__main__":
    main()

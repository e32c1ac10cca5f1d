"""What the cross-encoder in the box weighs and how fast it reads, beside other shapes.

    python -m benchmarks.rerankers [ROUNDS]

In: nothing; pairs are made of random word pieces. Out: for each model its size on disk, the seconds
to load it, and the pairs it scores in a second at 128 and at 512 tokens, with the ratio to the
MiniLM-L6 shape in the same run; last the size of docsearch's wheel. TinyBERT-L2 and MiniLM-L6 are
shapes with random weights, since time does not depend on what weights say: theirs are read through
`CrossEncoder.predict` (fp32, batches of 32) as everyone calls it, ours as docsearch calls it.
Models take turns, so that all meet the same machine; the best round of each counts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docsearch.bench.rerank import Words
from docsearch.bench.rerank_parts import tokenizer_file
from docsearch.models.quiet import hush_transformers
from docsearch.models.registry import ModelRegistry
from docsearch.models.torch.reference import MINILM_L6, ReferenceCrossEncoder, Shape, write_model

ROUNDS = 3
PAIRS = 50
LENGTHS = (128, 512)
QUERY_TOKENS = 12
SEED = 5
BOXED = "docsearch-mini-v1"
SHAPES = (Shape("TinyBERT-L2 shape", 2, 128, 2), MINILM_L6)
BASELINE = MINILM_L6.name

Pairs = tuple[str, list[str]]
Scorer = Callable[[str, Sequence[str]], object]


@dataclass
class Measured:
    """One model: bytes on disk, seconds to load, and the least seconds at each length."""

    size: int
    loaded: float
    score: Scorer
    seconds: dict[int, float] = field(default_factory=dict)


def main() -> None:
    """Measure, and print what was measured."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    # Imported before the first model is timed, which would pay for all.
    hush_transformers()
    import sentence_transformers  # noqa: F401

    with tempfile.TemporaryDirectory() as made:
        registry = ModelRegistry(Path(made) / "data", offline=True)
        tokenizer = tokenizer_file(registry)
        measured = {BOXED: _boxed(registry, tokenizer.parent)}
        for shape in SHAPES:
            measured[shape.name] = _shape(Path(made) / shape.name, shape, tokenizer)
        words = Words(tokenizer, SEED)
        for _ in range(rounds):
            for length in LENGTHS:
                pairs = _pairs(words, length)  # new ones: nothing is known of them
                for each in measured.values():
                    taken = _timed(lambda: each.score(*pairs))  # noqa: B023 - called at once
                    each.seconds[length] = min(taken, each.seconds.get(length, taken))
        _print(measured)
        print(f"wheel of docsearch {_wheel_bytes(Path(made)) / 1e6:.1f} MB")


def _boxed(registry: ModelRegistry, folder: Path) -> Measured:
    begun = time.perf_counter()
    reranker = registry.load_reranker(BOXED)
    loaded = time.perf_counter() - begun
    return Measured((folder / "model.safetensors").stat().st_size, loaded, reranker.score)


def _shape(folder: Path, shape: Shape, tokenizer: Path) -> Measured:
    """A cross-encoder of this shape with random weights, saved and loaded like any other."""
    write_model(shape, folder, tokenizer)
    begun = time.perf_counter()
    model = ReferenceCrossEncoder(folder)
    loaded = time.perf_counter() - begun
    return Measured((folder / "model.safetensors").stat().st_size, loaded, model.predict)


def _pairs(words: Words, length: int) -> Pairs:
    """One query with `PAIRS` passages; each pair fills `length` tokens of our own tokenizer."""
    room = length - QUERY_TOKENS - words.pair_special_tokens
    return words.text(QUERY_TOKENS), [words.text(room) for _ in range(PAIRS)]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _print(measured: dict[str, Measured]) -> None:
    speeds = [
        f"{length} tokens: pairs/s (x {BASELINE.removesuffix(' shape')})" for length in LENGTHS
    ]
    print(" | ".join(["model", "MB", "load s", *speeds]))
    for name, each in measured.items():
        cells = [name, f"{each.size / 1e6:.1f}", f"{each.loaded:.2f}"]
        for length in LENGTHS:
            ratio = measured[BASELINE].seconds[length] / each.seconds[length]
            cells.append(f"{PAIRS / each.seconds[length]:.1f} ({ratio:.2f})")
        print(" | ".join(cells))


def _wheel_bytes(folder: Path) -> int:
    root = Path(__file__).resolve().parent.parent
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "-w",
            str(folder),
            str(root),
        ],
        check=True,
    )
    (wheel,) = folder.glob("docsearch-*.whl")
    return wheel.stat().st_size


if __name__ == "__main__":
    main()

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

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docsearch.models.quiet import hush_transformers
from docsearch.models.registry import ModelRegistry

ROUNDS = 3
PAIRS = 50
LENGTHS = (128, 512)
QUERY_TOKENS = 12
SEED = 5
BOXED = "docsearch-mini-v1"
BASELINE = "MiniLM-L6 shape"
# Layers, width and attention heads.
SHAPES = {"TinyBERT-L2 shape": (2, 128, 2), BASELINE: (6, 384, 12)}

Pair = tuple[str, str]
Scorer = Callable[[Sequence[Pair]], object]


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
        boxed = registry.state(BOXED).folder
        if boxed is None:
            sys.exit(f"{BOXED} is not there; install docsearch again.")
        tokenizer = Path(boxed) / "tokenizer.json"
        measured = {BOXED: _boxed(registry, Path(boxed))}
        for name, shape in SHAPES.items():
            measured[name] = _shape(Path(made) / name, shape, tokenizer)
        pairs = {length: _pairs(tokenizer, length) for length in LENGTHS}
        for _ in range(rounds):
            for length in LENGTHS:
                for each in measured.values():
                    taken = _timed(lambda: each.score(pairs[length]))  # noqa: B023 - called at once
                    each.seconds[length] = min(taken, each.seconds.get(length, taken))
        _print(measured)
        print(f"wheel of docsearch {_wheel_bytes(Path(made)) / 1e6:.1f} MB")


def _boxed(registry: ModelRegistry, folder: Path) -> Measured:
    begun = time.perf_counter()
    reranker = registry.load_reranker(BOXED)
    loaded = time.perf_counter() - begun
    return Measured(
        (folder / "model.safetensors").stat().st_size,
        loaded,
        lambda pairs: reranker.score(pairs[0][0], [passage for _, passage in pairs]),
    )


def _shape(folder: Path, shape: tuple[int, int, int], tokenizer: Path) -> Measured:
    """A cross-encoder of this shape with random weights, saved and loaded like any other."""
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    layers, width, heads = shape
    config = BertConfig(
        num_hidden_layers=layers,
        hidden_size=width,
        num_attention_heads=heads,
        intermediate_size=4 * width,
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    tokens = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(tokenizer), cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]"
    )
    tokens.save_pretrained(folder)
    begun = time.perf_counter()
    model = CrossEncoder(str(folder), device="cpu", max_length=512)
    loaded = time.perf_counter() - begun
    return Measured(
        (folder / "model.safetensors").stat().st_size,
        loaded,
        lambda pairs: model.predict(list(pairs), batch_size=32, show_progress_bar=False),
    )


def _pairs(tokenizer: Path, length: int) -> list[Pair]:
    """One query with `PAIRS` passages; each pair fills `length` tokens of our own tokenizer."""
    from tokenizers import Tokenizer

    words = Tokenizer.from_file(str(tokenizer))
    whole = [piece for piece in words.get_vocab() if piece.isalpha() and piece.islower()]
    draw = random.Random(SEED)
    special = words.num_special_tokens_to_add(is_pair=True)
    query = " ".join(draw.choices(whole, k=QUERY_TOKENS))
    room = length - QUERY_TOKENS - special
    return [(query, " ".join(draw.choices(whole, k=room))) for _ in range(PAIRS)]


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

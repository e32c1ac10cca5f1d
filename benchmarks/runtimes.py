"""How fast each runtime reads, beside what everyone calls: CrossEncoder.predict and encode.

    python -m benchmarks.runtimes [ROUNDS [PAIRS]]

In: nothing; pairs and chunks are cut from sample_docs, each filling 512 tokens. Out: for the
cross-encoder in the box, for one of the shape of ms-marco-MiniLM-L6 with random weights (time does
not depend on what weights say) and for the bi-encoder: seconds, and how many times as fast each
choice of runtime is as sentence-transformers in float32 with batches of 32, of the MiniLM-L6 shape
and of the bi-encoder, by the clock and by the processor's own time, which other programs disturb
less. Choices take turns, so that all meet the same machine; the best round of each counts. Beside
them, how near the numbers are to the reference: the farthest score as a share of their spread, the
least cosine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from docsearch.domain.runtime import REFERENCE, Runtime, RuntimeChoice
from docsearch.models.descriptions import BOXED, EMBEDDER
from docsearch.models.openvino_network import precisions
from docsearch.models.quiet import hush_transformers
from docsearch.models.registry import ModelRegistry

ROUNDS = 3
TEXTS = 50
TOKENS = 512
QUERY = "what to do when the disk of the database server is full"
BATCH = 32
SHAPE = "MiniLM-L6 shape"

Numbers = np.ndarray
Work = Callable[[], object]


@dataclass
class Measured:
    """One way to do the same work, and the least seconds it took."""

    work: Work
    baseline: str
    agreement: str = ""
    clock: float = float("inf")
    processor: float = float("inf")


def main() -> None:
    """Measure, and print what was measured."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    count = int(sys.argv[2]) if len(sys.argv) > 2 else TEXTS
    hush_transformers()
    with tempfile.TemporaryDirectory() as made:
        registry = ModelRegistry(Path(made) / "data", offline=True)
        measured = _embedders(registry, count)
        measured |= _rerankers(registry, _write_shape(Path(made) / "shape"), count)
        for _ in range(rounds):
            for each in measured.values():
                _time(each)
        _print(measured, count)


def _embedders(registry: ModelRegistry, count: int) -> dict[str, Measured]:
    from sentence_transformers import SentenceTransformer

    folder = registry.state(EMBEDDER.name).folder
    chunks = _texts(registry, EMBEDDER.name, count, TOKENS - 2)
    everyone = SentenceTransformer(str(folder), device="cpu")
    everyone.max_seq_length = TOKENS
    theirs = "SentenceTransformer.encode float32, batches of 32"

    def encode() -> Numbers:
        vectors: Numbers = everyone.encode(
            chunks, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
        )
        return vectors

    expected = encode()
    measured = {theirs: Measured(encode, theirs)}
    for choice in _choices():
        registry.export(EMBEDDER.name, choice, _unseen)
        ours = registry.load_embedder(choice)
        least = float((ours.embed_passages(chunks) * expected).sum(axis=1).min())
        measured[f"{EMBEDDER.name}, {choice}"] = Measured(
            lambda ours=ours: ours.embed_passages(chunks),  # type: ignore[misc]
            theirs,
            f"least cosine {least:.5f}",
        )
    return measured


def _rerankers(registry: ModelRegistry, shape: Path, count: int) -> dict[str, Measured]:
    from sentence_transformers import CrossEncoder

    everyone = CrossEncoder(str(shape), device="cpu", max_length=TOKENS)
    theirs = f"{SHAPE}, CrossEncoder.predict float32, batches of 32"
    # 12 tokens of the query, three special ones and a spare.
    passages = _texts(registry, BOXED.name, count, TOKENS - 17)
    pairs = [(QUERY, passage) for passage in passages]
    measured = {
        theirs: Measured(
            lambda: everyone.predict(pairs, batch_size=BATCH, show_progress_bar=False), theirs
        )
    }
    for name, label in ((str(shape), SHAPE), (BOXED.name, BOXED.name)):
        expected = None
        for choice in (REFERENCE, *_choices()):
            registry.export(name, choice, _unseen)
            ours = registry.load_reranker(name, choice)
            raw = np.array([score.raw for score in ours.score(QUERY, passages)])
            expected = raw if expected is None else expected
            off = float(np.abs(raw - expected).max() / np.ptp(expected))
            measured[f"{label}, {choice}"] = Measured(
                lambda ours=ours: ours.score(QUERY, passages),  # type: ignore[misc]
                theirs,
                f"off by at most {off:.4f} of the spread",
            )
    return measured


def _choices() -> tuple[RuntimeChoice, ...]:
    return tuple(RuntimeChoice(Runtime.OPENVINO, precision) for precision in precisions())


def _write_shape(folder: Path) -> Path:
    """A cross-encoder of six layers of 384 numbers, with random weights, and its tokenizer."""
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    config = BertConfig(
        num_hidden_layers=6, hidden_size=384, num_attention_heads=12, intermediate_size=1536
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    state = ModelRegistry(folder / "none", offline=True).state(EMBEDDER.name)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(Path(str(state.folder)) / "tokenizer.json"),
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        model_max_length=TOKENS,
    ).save_pretrained(folder)
    return folder


def _texts(registry: ModelRegistry, model: str, count: int, tokens: int) -> list[str]:
    """Passages from sample_docs of so many tokens each, or one or two fewer."""
    from tokenizers import Tokenizer

    words = Tokenizer.from_file(str(Path(str(registry.state(model).folder)) / "tokenizer.json"))
    words.no_truncation()
    words.no_padding()
    root = Path(__file__).resolve().parent.parent / "sample_docs"
    paths = sorted(path for path in root.rglob("*") if path.suffix in (".md", ".txt", ".org"))
    whole = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)
    spans = words.encode(whole, add_special_tokens=False).offsets
    steps = max(1, (len(spans) - tokens) // count)
    return [whole[spans[at][0] : spans[at + tokens - 1][1]] for at in _starts(count, steps)]


def _starts(count: int, step: int) -> Sequence[int]:
    return [number * step for number in range(count)]


def _unseen(_done: int, _total: int) -> None:
    """Exports take a second or two."""


def _time(each: Measured) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    each.work()
    each.clock = min(each.clock, time.perf_counter() - clock)
    each.processor = min(each.processor, time.process_time() - processor)


def _print(measured: dict[str, Measured], count: int) -> None:
    print(f"{count} texts of {TOKENS} tokens: seconds, times as fast (clock; processor time)")
    for name, each in measured.items():
        theirs = measured[each.baseline]
        print(
            f"{name} | {each.clock:.2f} | {theirs.clock / each.clock:.2f}; "
            f"{theirs.processor / each.processor:.2f} | {each.agreement}"
        )


if __name__ == "__main__":
    main()

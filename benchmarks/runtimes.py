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
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docsearch.domain.runtime import REFERENCE, Runtime, RuntimeChoice
from docsearch.models.descriptions import BOXED, EMBEDDER
from docsearch.models.openvino_network import precisions
from docsearch.models.quiet import hush_transformers
from docsearch.models.registry import ModelRegistry
from docsearch.ports import Reranker

ROUNDS = 3
TEXTS = 50
TOKENS = 512
QUERY = "what to do when the disk of the database server is full"
QUERY_ROOM = 17
"""Twelve tokens of the query, four special ones and a spare."""
BATCH = 32
SEED = 5
SHAPE = "MiniLM-L6 shape"

Numbers = NDArray[np.float32]
Work = Callable[[], Numbers]


@dataclass
class Measured:
    """One way to do the same work, and the least seconds it took.

    `baseline` is what its speed is told by, `reference` what its numbers are compared with.
    """

    work: Work
    baseline: str
    reference: str
    agree: Callable[[Numbers, Numbers], str]
    numbers: Numbers = field(default_factory=lambda: np.empty(0, dtype=np.float32))
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

    everyone = SentenceTransformer(str(registry.state(EMBEDDER.name).folder), device="cpu")
    everyone.max_seq_length = TOKENS
    chunks = _texts(registry, EMBEDDER.name, count, TOKENS - 2)
    theirs = "SentenceTransformer.encode float32, batches of 32"

    def encode() -> Numbers:
        vectors: Numbers = everyone.encode(
            chunks, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
        )
        return vectors

    measured = {theirs: Measured(encode, theirs, theirs, _cosine)}
    for choice in _choices():
        registry.export(EMBEDDER.name, choice, _unseen)
        work = partial(registry.load_embedder(choice).embed_passages, chunks)
        measured[f"{EMBEDDER.name}, {choice}"] = Measured(work, theirs, theirs, _cosine)
    return measured


def _rerankers(registry: ModelRegistry, shape: Path, count: int) -> dict[str, Measured]:
    import torch
    from sentence_transformers import CrossEncoder

    everyone = CrossEncoder(str(shape), device="cpu", max_length=TOKENS)
    theirs = f"{SHAPE}, CrossEncoder.predict float32, batches of 32"
    # Each reads passages that fill its own window, cut by its own tokenizer: one window a pair.
    cut, ours = (
        _texts(registry, name, count, TOKENS - QUERY_ROOM) for name in (EMBEDDER.name, BOXED.name)
    )
    pairs = [(QUERY, passage) for passage in cut]

    def predict() -> Numbers:
        logits: Numbers = everyone.predict(
            pairs, batch_size=BATCH, show_progress_bar=False, activation_fn=torch.nn.Identity()
        )
        return logits

    reference = f"{BOXED.name}, {REFERENCE}"
    torch_reads = _scoring(registry.load_reranker(BOXED.name), ours)
    measured = {
        theirs: Measured(predict, theirs, theirs, _spread),
        reference: Measured(torch_reads, theirs, reference, _spread),
    }
    for name, label, passages, compared in (
        (str(shape), SHAPE, cut, theirs),
        (BOXED.name, BOXED.name, ours, reference),
    ):
        for choice in _choices():
            registry.export(name, choice, _unseen)
            work = _scoring(registry.load_reranker(name, choice), passages)
            measured[f"{label}, {choice}"] = Measured(work, theirs, compared, _spread)
    return measured


def _scoring(reranker: Reranker, passages: Sequence[str]) -> Work:
    return lambda: np.array([score.raw for score in reranker.score(QUERY, passages)])


def _cosine(ours: Numbers, theirs: Numbers) -> str:
    return f"least cosine {float((ours * theirs).sum(axis=1).min()):.5f}"


def _spread(ours: Numbers, theirs: Numbers) -> str:
    off = float(np.abs(ours - theirs).max() / np.ptp(theirs))
    return f"off by at most {off:.4f} of the spread"


def _choices() -> tuple[RuntimeChoice, ...]:
    return tuple(RuntimeChoice(Runtime.OPENVINO, precision) for precision in precisions())


def _write_shape(folder: Path) -> Path:
    """A cross-encoder of six layers of 384 numbers, with random weights, and its tokenizer."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    config = BertConfig(
        num_hidden_layers=6, hidden_size=384, num_attention_heads=12, intermediate_size=1536
    )
    config.num_labels = 1
    torch.manual_seed(SEED)
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
    each.numbers = each.work()
    each.clock = min(each.clock, time.perf_counter() - clock)
    each.processor = min(each.processor, time.process_time() - processor)


def _print(measured: dict[str, Measured], count: int) -> None:
    print(f"{count} texts of {TOKENS} tokens: seconds, times as fast (clock; processor time)")
    for name, each in measured.items():
        theirs = measured[each.baseline]
        print(
            f"{name} | {each.clock:.2f} | {theirs.clock / each.clock:.2f}; "
            f"{theirs.processor / each.processor:.2f} | "
            f"{each.agree(each.numbers, measured[each.reference].numbers)}"
        )


if __name__ == "__main__":
    main()

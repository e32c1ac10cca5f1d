"""A cross-encoder as everyone calls it: what docsearch's speed is measured against.

In: a tokenizer's file. Out: a BERT of a known shape with random weights, since time does not depend
on what weights say, and `CrossEncoder.predict` over it in float32 and batches of 32. Does not know
who measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docsearch.models.quiet import hush_transformers

BATCH = 32
WINDOW = 512
_SPECIAL = {f"{role}_token": f"[{role.upper()}]" for role in ("unk", "cls", "sep", "pad", "mask")}


@dataclass(frozen=True, slots=True)
class Shape:
    """A BERT's size; `width` is a multiple of `heads`."""

    name: str
    layers: int
    width: int
    heads: int


MINILM_L6 = Shape("MiniLM-L6 shape", 6, 384, 12)
"""What ms-marco-MiniLM-L6-v2 is, which most people rerank with."""


def write_model(shape: Shape, folder: Path, tokenizer: Path) -> None:
    """Leave in `folder` what a hub repository of such a cross-encoder holds."""
    hush_transformers()
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    config = BertConfig(
        num_hidden_layers=shape.layers,
        hidden_size=shape.width,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.width,
        max_position_embeddings=WINDOW,
    )
    config.num_labels = 1
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        BertForSequenceClassification(config).save_pretrained(folder)
    tokens = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(tokenizer), model_max_length=WINDOW, **_SPECIAL
    )
    tokens.save_pretrained(folder)


class ReferenceCrossEncoder:
    """`CrossEncoder.predict` on the CPU, with as many threads as torch has when this is made.

    That is before docsearch's own models are loaded, for which torch may be given fewer.
    """

    def __init__(self, folder: Path) -> None:
        """Load the model."""
        hush_transformers()
        import torch
        from sentence_transformers import CrossEncoder

        self._threads = torch.get_num_threads()
        self._model = CrossEncoder(str(folder), device="cpu", local_files_only=True)

    def predict(self, query: str, passages: Sequence[str]) -> list[float]:
        """One number a passage, in order."""
        import torch

        ours = torch.get_num_threads()
        torch.set_num_threads(self._threads)
        try:
            scores = self._model.predict(
                [(query, passage) for passage in passages],
                batch_size=BATCH,
                show_progress_bar=False,
            )
        finally:
            torch.set_num_threads(ours)
        return [float(each) for each in scores]

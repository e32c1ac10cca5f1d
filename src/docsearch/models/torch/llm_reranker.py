"""The language model as a reranker: asked whether the passage answers the query.

In: a verified causal language model, the question it was trained on, then a query and passages.
Out: the logit of "Yes" as its next word, a window at a time. Does not know where the model came
from, and keeps no score.

A pair is written as `A: query`, a line break, `B: passage`, a line break, and the question, as the
model card of BAAI/bge-reranker-v2-gemma has it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenizers import Encoding, Tokenizer
from tokenizers.normalizers import Prepend
from tokenizers.normalizers import Sequence as InTurn
from tokenizers.processors import TemplateProcessing

from docsearch.domain.errors import ModelError
from docsearch.domain.foreign import json_value
from docsearch.domain.model import ModelDescription
from docsearch.files import read_file
from docsearch.models.identity import model_fingerprint
from docsearch.models.network_inputs import window_batches
from docsearch.models.pair_windows import OVERLAP_TOKENS, QUERY_TOKENS, PairCutter
from docsearch.models.quiet import hush_transformers
from docsearch.models.store import StoredModel
from docsearch.models.window_reranker import WindowReranker

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_BATCH_TOKENS = 2048
"""Tokens in one forward pass, padding counted: such models are large."""

_PROBE = "Words, and 42 more."


class LlmReranker(WindowReranker[Encoding]):
    """`raw` is the logit of "Yes" after the question, in float32 on the CPU; `unit` its sigmoid."""

    def __init__(self, description: ModelDescription, stored: StoredModel) -> None:
        """Load the model. Raises ModelError where it is no language model, or cannot be loaded."""
        if description.prompt is None:
            raise ModelError(f"It is not known what to ask {description.name}.")
        tokenizer = _tokenizer(description, stored.folder)
        self._yes = _only_token(description, tokenizer, "Yes")
        self._network = _load(description, stored.folder)
        how = model_fingerprint(
            stored.files,
            window=description.window,
            query_tokens=QUERY_TOKENS,
            overlap=OVERLAP_TOKENS,
            prompt=description.prompt,
        )
        asking = _asking(description, tokenizer, self._network.config.bos_token_id)
        super().__init__(description.name, how, PairCutter(asking, description.window))

    def _unit(self, raw: float) -> float:
        # The logistic function in a form that cannot overflow.
        return 0.5 * (1.0 + math.tanh(raw / 2.0))

    def _logits(self, windows: Sequence[Encoding], rough: bool = False) -> list[float]:
        """One number a window, in order; padded on the left, so that all end at the question."""
        import torch

        logits = [0.0] * len(windows)
        lengths = [len(window) for window in windows]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=rough):
            for batch in window_batches(lengths, _BATCH_TOKENS):
                longest = lengths[batch[0]]
                ids = torch.zeros((len(batch), longest), dtype=torch.long)
                mask = torch.zeros_like(ids)
                for row, index in enumerate(batch):
                    ids[row, longest - lengths[index] :] = torch.tensor(windows[index].ids)
                    mask[row, longest - lengths[index] :] = 1
                answers = self._network(
                    input_ids=ids,
                    attention_mask=mask,
                    position_ids=(mask.cumsum(-1) - 1).clamp(min=0),
                    use_cache=False,
                    logits_to_keep=1,
                ).logits[:, -1, self._yes]
                for index, value in zip(batch, answers.float().tolist(), strict=True):
                    logits[index] = value
        return logits


def _tokenizer(description: ModelDescription, folder: Path) -> Tokenizer:
    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_str(read_file(path).decode())
    except Exception as error:  # tokenizers raises nothing narrower than Exception
        raise ModelError(f"{description.name}: {path} holds no tokenizer: {error}.") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _asking(description: ModelDescription, tokenizer: Tokenizer, bos: int | None) -> Tokenizer:
    """A tokenizer whose pairs are whole questions, in which all but the two texts is special.

    So that each window of a long passage is a whole question, the words around the texts are put in
    as tokens. Raises ModelError for a tokenizer to which that makes a difference.
    """

    def piece(name: str, text: str) -> dict[str, str | list[int] | list[str]]:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return {"id": name, "ids": encoding.ids, "tokens": encoding.tokens}

    pieces = [piece("a", "A:"), piece("b", "B:"), piece("break", "\n")]
    pieces.append(piece("prompt", description.prompt or ""))
    start = ""
    if bos is not None:
        start = "start:0 "
        pieces.append({"id": "start", "ids": [bos], "tokens": [str(tokenizer.id_to_token(bos))]})
    asking = Tokenizer.from_str(tokenizer.to_str())
    # The space that stands between "A:" and the query.
    before = tokenizer.normalizer
    asking.normalizer = InTurn([Prepend(" "), before]) if before else Prepend(" ")
    asking.post_processor = TemplateProcessing(
        single="$A",
        pair=f"{start}a:0 $A:0 break:0 b:1 $B:1 break:1 prompt:1",
        special_tokens=pieces,
    )
    apart = asking.encode(_PROBE, add_special_tokens=False).ids
    whole = tokenizer.encode(f"A: {_PROBE}", add_special_tokens=False).ids
    if pieces[0]["ids"] != whole[: -len(apart)] or whole[-len(apart) :] != apart:
        raise ModelError(f"{description.name} has a tokenizer for which it cannot be asked.")
    return asking


def _only_token(description: ModelDescription, tokenizer: Tokenizer, word: str) -> int:
    ids = tokenizer.encode(word, add_special_tokens=False).ids
    if len(ids) != 1:
        raise ModelError(f"{description.name} has no single token for {word!r}.")
    return ids[0]


def _load(description: ModelDescription, folder: Path) -> PreTrainedModel:
    """The network, all of whose weights are in the folder: none is made up at random."""
    hush_transformers()
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM

    try:
        architectures = json_value(read_file(folder / "config.json")).get("architectures") or ()
        if not any(str(name).endswith("ForCausalLM") for name in architectures):
            raise ModelError(f"{description.name} in {folder} is not a causal language model.")
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype="float32",
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError, AttributeError, SafetensorError) as error:
        raise ModelError(f"Cannot load {description.name} from {folder}: {error}") from error
    network, report = loaded
    if report["missing_keys"]:
        raise ModelError(
            f"{description.name} in {folder} lacks weights: {min(report['missing_keys'])}."
        )
    return network.eval()  # type: ignore[no-any-return]

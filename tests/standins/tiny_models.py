"""Tiny real models, made from a configuration with a fixed seed: no weights are kept anywhere.

`write_cross_encoder` leaves what a hub repository of a small cross-encoder holds: a BERT with two
layers of 32 numbers, its WordPiece vocabulary, and weights as safetensors. What it says means
nothing, but it says it as every other cross-encoder does. `write_language_model` does the same for
a causal language model.
"""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import BPE, WordPiece
from tokenizers.normalizers import BertNormalizer, Replace
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
WORDS = ["the", "an", "of", "to", "and", "backup", "restore", "bread", "oven", "train", "ticket"]


def write_cross_encoder(folder: Path, window: int = 512, labels: int = 1, seed: int = 7) -> Path:
    """A cross-encoder in `folder`; every ASCII word is known, letter by letter if need be."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    from docsearch.models.quiet import hush_transformers

    hush_transformers()
    pieces = [*SPECIAL, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS), *"0123456789.,?"]
    tokenizer = Tokenizer(
        WordPiece({piece: index for index, piece in enumerate(pieces)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        model_max_length=window,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=window,
        initializer_range=0.6,
        id2label={index: f"label {index}" for index in range(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def write_language_model(folder: Path, window: int = 1024, seed: int = 7) -> Path:
    """A causal language model in `folder`, with a tokenizer in the manner of Gemma's."""
    import torch
    from transformers import GemmaConfig, GemmaForCausalLM

    from docsearch.models.quiet import hush_transformers

    hush_transformers()
    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in range(0x21, 0x7F)]
    merged = [("Y", "e"), ("Ye", "s"), ("t", "h"), ("\u2581", "th"), ("a", "n"), ("b", "r")]
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "\u2581", "\n", *letters, *map("".join, merged)]
    tokenizer = Tokenizer(
        BPE({piece: index for index, piece in enumerate(pieces)}, merged, unk_token="<unk>")
    )
    tokenizer.normalizer = Replace(" ", "\u2581")
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(seed)
    config = GemmaConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        intermediate_size=64,
        max_position_embeddings=window,
        initializer_range=0.3,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )
    GemmaForCausalLM(config).save_pretrained(folder)
    return folder


def rewrite_config(folder: Path, **changes: object) -> None:
    """Change values of the model's config.json."""
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))

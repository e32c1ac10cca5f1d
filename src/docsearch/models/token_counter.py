"""The embedding model's tokenizer, for counting: fast to load, no torch.

In: a text. Out: the character span of each token. Does not know the model behind the tokenizer.
"""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from docsearch.domain.encodable import encodable
from docsearch.domain.errors import ModelError


class WordPieceCounter:
    """The `TokenCounter` port over a `tokenizer.json`; safe to use from several threads.

    The file may ask for truncation and padding (that of all-MiniLM-L6-v2 cuts at 128); both are
    turned off, so that every token of a text of any length is counted.
    """

    def __init__(self, tokenizer_file: Path) -> None:
        """Raise ModelError where the file cannot be read as a tokenizer."""
        try:
            self._tokenizer = Tokenizer.from_str(tokenizer_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(f"Cannot read {tokenizer_file}: {error}.") from error
        except Exception as error:  # tokenizers raises nothing narrower than Exception
            raise ModelError(f"{tokenizer_file} holds no tokenizer: {error}.") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    @property
    def special_tokens(self) -> int:
        """How many special tokens the model puts around one text: 2 for BERT, [CLS] and [SEP]."""
        return self._tokenizer.num_special_tokens_to_add(is_pair=False)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The character span `[start, end)` of each token of `text`, special tokens left out."""
        return self._tokenizer.encode(encodable(text), add_special_tokens=False).offsets

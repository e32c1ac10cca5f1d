"""The embedding model's tokenizer, for counting: fast to load, no torch.

In: a text. Out: the character span of each token. Does not know the model behind the tokenizer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path

from tokenizers import Tokenizer

from docsearch.domain.encodable import encodable
from docsearch.domain.errors import ModelError
from docsearch.files import read_file
from docsearch.ports import Vocabulary

_UNKNOWN = ("[UNK]", "<unk>")
"""What tokenizers make of what they do not know; one that knows every byte has neither."""


def vocabulary_of(tokenizer: Tokenizer, text: str) -> Vocabulary:
    """Which words of the text the tokenizer knows. It must neither cut nor pad."""
    unknown_ids = {tokenizer.token_to_id(each) for each in _UNKNOWN} - {None}
    plain = encodable(text)
    encoding = tokenizer.encode(plain, add_special_tokens=False)
    # Some tokenizers take all of a text for one word: theirs end at white space at the latest.
    starts = [match.start() for match in re.finditer(r"\S+", plain)]
    spans: dict[tuple[int, int], tuple[int, int, bool]] = {}
    for number, id_, (start, end) in zip(
        encoding.word_ids, encoding.ids, encoding.offsets, strict=True
    ):
        token = plain[start:end]
        if number is not None and token.strip():
            start += len(token) - len(token.lstrip())  # noqa: PLW2901
            place = number, bisect_right(starts, start)
            first, _, lost = spans.get(place, (start, end, False))
            spans[place] = first, end, lost or id_ in unknown_ids
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for start, end, lost in spans.values():
        word = plain[start:end].strip()
        if lost:
            unknown.setdefault(word)
        elif any(map(str.isalnum, word)):
            known.setdefault(word)
    return Vocabulary(tuple(known), tuple(unknown))


class WordPieceCounter:
    """The `TokenCounter` port over a `tokenizer.json`; safe to use from several threads.

    The file may ask for truncation and padding (that of all-MiniLM-L6-v2 cuts at 128); both are
    turned off, so that every token of a text of any length is counted.
    """

    def __init__(self, tokenizer_file: Path) -> None:
        """Raise ModelError where the file cannot be read as a tokenizer."""
        try:
            self._tokenizer = Tokenizer.from_str(read_file(tokenizer_file).decode())
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

    def vocabulary(self, text: str) -> Vocabulary:
        """Which of the text's words are known."""
        return vocabulary_of(self._tokenizer, text)

"""A tokenizer without a model: every word and every other mark is a token."""

from __future__ import annotations

import re

from docsearch.ports import Vocabulary


class FakeTokenCounter:
    """Words of over ten letters are cut in pieces, as word pieces would be."""

    special_tokens = 2

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w{1,10}|[^\w\s]", text)]

    def vocabulary(self, text: str) -> Vocabulary:
        return letters_known(text)


_WORDS = re.compile("[\u0e00-\u0e7f]+|[^\\W\u0e00-\u0e7f]+|[\U0001f000-\U0001faff]")


def letters_known(text: str) -> Vocabulary:
    """Words of Thai and pictures are unknown, as they are to an English model; all others known."""
    words = dict.fromkeys(_WORDS.findall(text))
    unknown = [each for each in words if re.match("[\u0e00-\u0e7f\U0001f000-\U0001faff]", each)]
    return Vocabulary(tuple(each for each in words if each not in unknown), tuple(unknown))

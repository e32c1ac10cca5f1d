"""What finds a word of the query in a text."""

from __future__ import annotations

import re

import pytest

from docsearch.domain.normal_form import normal
from docsearch.domain.query_words import word_form


@pytest.mark.parametrize("word", ["boats", "Müller", "404"])
def test_a_latin_word_is_found_without_a_class_of_all_letters(word: str) -> None:
    # Python takes some 20 ms to compile such a class, and a new word comes with every key.
    assert word_form(word).isascii()
    assert re.search(word_form(word), normal(f"后{word}后"))
    assert not re.search(word_form(word), normal(f"x{word}"))

"""Text files come out as they were typed, whatever their encoding."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.readers.decoding import clean, decode

GERMAN = "Der Käse schmeckt gut. Größe: über 5 €."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "cp1252"),
        ("café", "latin-1"),
        (
            "Les élèves étaient déjà là, à côté.",
            "latin-1",
        ),
        ("\u201cQuotes\u201d \u2013 and dashes", "cp1252"),
        ("Zażółć gęślą jaźń, proszę.", "cp1250"),
        (
            "Привет, как дела? Это проверка кодировки.",
            "cp1251",
        ),
        (
            "これは日本語の文章です。今日はいい天気ですね。",
            "shift_jis",
        ),
        ("Нет", "cp1251"),
        ("Нет, спасибо", "koi8_r"),
        ("日本語", "shift_jis"),
        ("東京の天気", "iso2022_jp"),
        ("안녕하세요", "euc_kr"),
        ("ελληνικά", "cp1253"),
        ("þetta er það", "cp1252"),
        (GERMAN, "utf-32-le"),
        (GERMAN, "utf-32-be"),
    ],
)
def test_an_encoding_is_detected(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_few_invalid_bytes_do_not_turn_utf8_into_another_encoding() -> None:
    data = ("über den Käse " * 20).encode() + b"\xff end"

    text = decode(data)

    assert text.startswith("über den Käse")
    assert text.endswith("\N{REPLACEMENT CHARACTER} end")


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "US-ASCII", "windows-1252", " L1 "])
def test_western_labels_mean_what_they_mean_to_a_browser(label: str) -> None:
    assert decode(b"It doesn\x92t \x96 \x93so\x94", label) == "It doesn’t – “so”"


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        ("日本語のメール", "iso2022_jp", "iso-2022-jp"),
        ("①番", "cp932", "Shift_JIS"),
        ("똠방", "cp949", "ks_c_5601-1987"),
        ("朱镕基", "gb18030", "gb2312"),
        ("Grüße", "utf-7", "utf-7"),
        ("Grüße", "cp850", "ibm850"),
        ("Grüße", "utf-8", "iso-8859-1"),
        ("Grüße", "utf-8", "no-such-thing"),
        ("Grüße", "cp1252", "utf-8"),
        ("Нет, спасибо", "cp1251", "us-ascii"),
        ("日本語の文章です", "shift_jis", "euc-jp"),
    ],
)
def test_a_declared_encoding_is_believed_where_it_fits(
    text: str, encoding: str, label: str
) -> None:
    assert decode(text.encode(encoding), label) == text


@pytest.mark.parametrize("label", ["rot13", "base64", "punycode", "idna", "\0", "", "ü"])
def test_a_label_of_no_encoding_of_text_is_not_used(label: str) -> None:
    assert decode("Käse".encode(), label) == "Käse"


def test_a_line_in_another_encoding_is_read_as_its_own() -> None:
    data = "über\ngrün\n".encode() + "Käse – gut\n".encode("cp1252") + "schön\n".encode()

    assert decode(data) == "über\ngrün\nKäse – gut\nschön\n"


def test_every_line_end_is_one_line_feed() -> None:
    assert decode(b"a\r\nb\nc") == "a\nb\nc"
    assert decode(b"a\rb") == "a\nb"


def test_a_lone_carriage_return_among_line_feeds_does_not_end_a_line() -> None:
    assert decode(b"50%\r100%\ndone\n") == "50%\r100%\ndone\n"


def test_terminal_escapes_pass_unchanged() -> None:
    assert decode(b"\x1b[31mred\x1b[0m \x07") == "\x1b[31mred\x1b[0m \x07"


def test_clean_takes_nuls_and_lone_surrogates_only() -> None:
    assert clean("a\0b\ud800c\U0001f600\x1b") == "ab\ufffdc\U0001f600\x1b"


@given(st.binary(max_size=300))
def test_any_bytes_give_text_that_is_valid_utf8(data: bytes) -> None:
    text = decode(data)

    text.encode("utf-8")
    assert "\0" not in text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r\ufeff")))
def test_utf8_is_read_back_as_it_was_written(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()) == text

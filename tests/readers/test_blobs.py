"""What was written out as text for machines leaves the text; its lines keep their numbers."""

from __future__ import annotations

import base64
import binascii
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.readers.blobs import without_blobs

BYTES = random.Random(5).randbytes(900)
BASE64 = base64.encodebytes(BYTES).decode()
RUN = base64.b64encode(BYTES).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"![chart](data:image/png;base64,{RUN}) after", "![chart](picture) after"),
        (f"data:application/pdf;charset=x;base64,{RUN}\nNext words", "data\nNext words"),
        (f"a token {RUN} in it", "a token (data) in it"),
        (f"before\n{BASE64}\nafter", "before\n(data)" + "\n" * (BASE64.count("\n") + 1) + "after"),
        (
            "> before\n" + "".join(f"> {line}\n" for line in BASE64.splitlines()) + "> after",
            "> before\n(data)" + "\n" * BASE64.count("\n") + "> after",
        ),
    ],
)
def test_a_blob_becomes_a_word(text: str, expected: str) -> None:
    assert without_blobs(text) == expected
    assert expected.count("\n") == text.count("\n")


def test_armour_keeps_what_it_says_it_is() -> None:
    text = f"-----BEGIN PGP MESSAGE-----\nVersion: 2\n\n{BASE64}=abcd\n-----END PGP MESSAGE-----\n."

    without = without_blobs(text)

    assert without.split() == (
        [
            "-----BEGIN",
            "PGP",
            "MESSAGE-----",
            "Version:",
            "2",
            "(data)",
            "-----END",
            "PGP",
            "MESSAGE-----",
            ".",
        ]
    )
    assert without.count("\n") == text.count("\n")


def test_signed_text_stays() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nplums\n-----BEGIN PGP SIGNATURE-----"
    )

    assert without_blobs(text) == text


def test_uuencoded_files_are_named() -> None:
    lines = [binascii.b2a_uu(BYTES[at : at + 45]).decode() for at in range(0, len(BYTES), 45)]
    coded = "".join(["begin 644 plan.pdf\n", *lines, "`\nend\n"])

    without = without_blobs(f"see:\n{coded}bye")

    assert without.split() == ["see:", "(file", "plan.pdf)", "bye"]
    assert without.count("\n") == f"see:\n{coded}bye".count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "0123456789abcdef" * 40,
        "\n".join(["9b74c9897bac770ffc029102a200c5de1fb3c0e8fb4e5d3b"] * 30),
        "ACGTTGCA" * 100,
        "a/very/long/path/of/folders/" * 20,
        "begin 644 words\nthis is prose\nend\n",
        "Donaudampfschifffahrtsgesellschaft" * 20,
        "AGENDA FOR MONDAY\n" * 50,
    ],
)
def test_what_a_person_may_look_for_stays(text: str) -> None:
    assert without_blobs(text) == text


@given(st.text(alphabet="aA1+/= \n>-", max_size=400))
def test_the_number_of_lines_stays(text: str) -> None:
    assert without_blobs(text).count("\n") == text.count("\n")

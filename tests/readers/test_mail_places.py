"""Text of a message stands on its own line of the file, whatever it was sent in."""

from __future__ import annotations

import base64

import pytest

from docsearch.domain.document import ExtractedText
from docsearch.readers.mail import MailboxReader, MailReader

HEAD = "From: Ann <ann@example.org>\nSubject: Boats\nMIME-Version: 1.0\n"


def line_of(extracted: ExtractedText, words: str) -> int | None:
    """The line of the file on which a search for the words would open."""
    at = extracted.text.index(words)
    (segment,) = (each for each in extracted.segments if each.start <= at < each.end)
    line = segment.location.line
    if line is None or not segment.keeps_lines:
        return line
    return line + extracted.text.count("\n", segment.start, at)


def read(message: str) -> tuple[ExtractedText, list[str]]:
    return MailReader().read(message.encode(), "a.eml"), message.split("\n")


@pytest.mark.parametrize("words", ["The first", "of two lines", "The second"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_paragraphs_of_a_plain_body(words: str, newline: str) -> None:
    message = f"{HEAD}\n\nThe first paragraph\nof two lines.\n\n\nThe second one.\n"
    _, lines = read(message)
    extracted = MailReader().read(message.replace("\n", newline).encode(), "a.eml")
    (number,) = (number for number, line in enumerate(lines, 1) if words in line)
    assert line_of(extracted, words) == number


def test_each_message_of_a_mailbox_and_each_paragraph_in_it() -> None:
    separator = "From ann@example.org Tue Mar  3 10:00:00 2026\n"
    one = f"{separator}Subject: One\n\nAbout herons.\n\nAnd a >From line:\n>From here to there.\n\n"
    two = f"{separator}Subject: Two\nX-Other: 1\n\nAbout plums.\n\nAbout pears.\n"
    extracted = MailboxReader().read((one + two).encode(), "a.mbox")
    lines = (one + two).split("\n")
    for words in ("About herons.", "And a", "About plums.", "About pears."):
        (number,) = (number for number, line in enumerate(lines, 1) if words in line)
        assert line_of(extracted, words) == number
    assert line_of(extracted, "Two") == 1 + lines.index(separator.strip(), 1)


def test_soft_line_breaks_of_quoted_printable_are_counted() -> None:
    extracted, lines = read(
        f"{HEAD}Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: quoted-printable\n\n"
        "A long line that =\nwas cut =\ntwice.\n\nCaf=C3=A9 on the quay.\n"
    )
    assert line_of(extracted, "Café") == 1 + lines.index("Caf=C3=A9 on the quay.")


def test_lines_that_a_mailer_wrapped_stand_where_the_first_of_them_does() -> None:
    extracted, lines = read(
        f"{HEAD}Content-Type: text/plain; format=flowed\n\n"
        "This was \nwrapped \nby a mailer.\n\nThis was not.\n"
    )
    assert line_of(extracted, "wrapped by") == 1 + lines.index("This was ")
    assert line_of(extracted, "This was not") == 1 + lines.index("This was not.")


def test_text_in_base64_stands_where_that_begins() -> None:
    coded = base64.encodebytes("Über den Dächern.\n\nNoch ein Absatz.\n".encode()).decode()
    extracted, lines = read(
        f"{HEAD}Content-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: base64\n\n{coded}"
    )
    assert line_of(extracted, "Noch ein Absatz") == 1 + lines.index(coded.split("\n")[0])


def test_parts_and_attached_messages_stand_on_lines_of_their_own() -> None:
    extracted, lines = read(
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThe first text.\n"
        "--b\nContent-Type: text/html\n\n"
        "<html><body>\n<p>In a\npage</p>\n<p>Its end</p></body></html>\n"
        "--b\nContent-Type: message/rfc822\n\nSubject: Inner\n\nThe inner text.\n"
        "--b\nContent-Type: text/plain\n\nThe last text.\n--b--\n"
    )
    for words in ("The first text.", "The inner text.", "The last text."):
        assert line_of(extracted, words) == 1 + lines.index(words)
    assert line_of(extracted, "Its end") == 1 + lines.index("<p>Its end</p></body></html>")


def test_the_line_that_apple_mail_puts_before_a_message_is_counted() -> None:
    message = f"{HEAD}\nAbout cranes.\n"
    data = f"{len(message)}\n{message}<?xml version='1.0'?>\n<plist></plist>\n"
    extracted = MailReader().read(data.encode(), "a.emlx")
    assert line_of(extracted, "About cranes.") == 1 + data.split("\n").index("About cranes.")


def test_a_message_that_came_encoded_stands_on_the_line_of_what_it_is_attached_to() -> None:
    inner = base64.encodebytes(b"Subject: Inner\n\nThe inner text.\n").decode()
    extracted, _ = read(
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n--b\n'
        f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n--b--\n"
    )
    assert line_of(extracted, "The inner text.") == 1

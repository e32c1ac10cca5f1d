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


@pytest.mark.parametrize("kind", ["message/rfc822", 'application/x; name="inner.eml"'])
def test_a_message_that_came_encoded_stands_where_that_begins(kind: str) -> None:
    inner = base64.encodebytes(b"Subject: Inner\n\nThe inner text.\n").decode()
    extracted, lines = read(
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nbefore\n--b\n"
        f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{inner}\n--b--\n"
    )
    begins = 1 + lines.index(inner.split("\n")[0])
    assert line_of(extracted, "Inner") == begins
    assert line_of(extracted, "The inner text.") == begins


EVENT = (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260303T100000\nSUMMARY:Launch of the\n  boat\n"
    "DESCRIPTION:Bring boots\nEND:VEVENT\nEND:VCALENDAR\n"
)
TABLE = "ship,crew\nMary,12\nRose,40\n"


@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize(
    ("head", "content", "words"),
    [
        ("text/calendar; method=REQUEST", EVENT, ("Launch", "Bring boots", "2026-03-03")),
        ('application/octet-stream; name="a.ics"', EVENT, ("Launch", "Bring boots")),
        ('text/csv; name="a.csv"', TABLE, ("Mary", "Rose")),
        ('application/octet-stream; name="a.csv"', TABLE, ("Mary", "Rose")),
        ('text/html; name="a.html"', "<h1>Ebb</h1>\n<p>neap</p>\n", ("Ebb", "neap")),
        ("message/rfc822", "Date: x\nSubject: Ebb\n\nneap\n\nspring\n", ("neap", "spring")),
    ],
)
def test_what_is_attached_has_the_lines_of_the_file(
    head: str, content: str, words: tuple[str, ...], coded: bool
) -> None:
    sent = base64.encodebytes(content.encode()).decode() if coded else content
    encoding = "\nContent-Transfer-Encoding: base64" if coded else ""
    extracted, lines = read(
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nabove\n--b\nContent-Type: {head}{encoding}\n\n"
        f"{sent}--b--\n"
    )
    begins = lines.index(sent.split("\n")[0])
    for word in words:
        at = next(n for n, line in enumerate(content.split("\n")) if word.replace("-", "") in line)
        assert line_of(extracted, word) == begins + 1 + (0 if coded else at)


def test_names_of_attachments_and_subjects_of_messages_have_their_own_lines() -> None:
    picture = 'Content-Type: image/png; name="{0}.png"\nContent-Transfer-Encoding: base64\n\niVBO\n'
    extracted, lines = read(
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n--b\n{picture.format("one")}'
        f"--b\n{picture.format('two')}--b\nContent-Type: message/rfc822\n\n"
        "Subject: Inner\n\nx\n--b--\n"
    )
    for words in ("one.png", "two.png", "Inner"):
        (number,) = (number for number, line in enumerate(lines, 1) if words in line)
        assert line_of(extracted, words) == number


def test_both_forms_of_a_text_have_their_own_lines() -> None:
    extracted, lines = read(
        f'{HEAD}Content-Type: multipart/alternative; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nHigh water at nine, says Bo.\n"
        "--b\nContent-Type: text/html\n\n<p>High water at nine.</p>\n<p>Low at two.</p>\n--b--\n"
    )
    assert extracted.text.count("High water") == 1
    for words in ("High water at nine, says Bo.", "Low at two."):
        (number,) = (number for number, line in enumerate(lines, 1) if words in line)
        assert line_of(extracted, words) == number


def test_rows_of_a_long_paragraph_with_soft_line_breaks_have_their_own_lines() -> None:
    rows = "".join(
        f"> row{n}x of a quoted =\npatch\n" if n % 5 else f"> row{n}x\n" for n in range(30)
    )
    extracted, lines = read(f"{HEAD}Content-Transfer-Encoding: quoted-printable\n\n{rows}\nEnd\n")
    for number in range(30):
        (at,) = (at for at, line in enumerate(lines, 1) if f"row{number}x" in line)
        assert line_of(extracted, f"row{number}x") == at
    assert "patch\n> row2x of a quoted patch\n" in extracted.text

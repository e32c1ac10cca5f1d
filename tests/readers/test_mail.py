"""Every text of a message is found, under its subject; what is for machines is not."""

from __future__ import annotations

import base64
from datetime import date
from email.message import EmailMessage

import pytest

from docsearch.domain.document import ExtractedText
from docsearch.readers.mail import MailboxReader, MailReader
from docsearch.readers.registry import default_readers
from tests.readers.extraction import headings_of, line_of, pieces
from tests.readers.samples import CALENDAR, EMAIL

READ = MailReader().read
REGISTRY = default_readers()
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw=="
)


def message(subject: str = "Harbour") -> EmailMessage:
    new = EmailMessage()
    new["From"], new["Subject"] = "Ann <ann@example.org>", subject
    return new


def parts(*contents: tuple[str, str], kind: str = "mixed") -> bytes:
    body = "".join(f"--cut\n{head}\n\n{text}\n" for head, text in contents)
    return f'Subject: s\nContent-Type: multipart/{kind}; boundary="cut"\n\n{body}--cut--\n'.encode()


PLAIN, PAGE = "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"


def test_text_behind_a_picture_is_read() -> None:
    mail = message()
    mail.set_content("The first crane.\n")
    mail.add_attachment(PNG, "image", "png", filename="crane.png", disposition="inline")
    mail.add_attachment("The second crane.\n", disposition="inline")

    assert pieces(READ(mail.as_bytes(), "a.eml"))[2:] == [
        *("The first crane.", "- Attachment: crane.png (image/png)", "The second crane."),
    ]


LONG = "Ferries leave at nine, at ten, at noon, at two, at four and at six."


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("", LONG),
        ("Use a browser.", LONG),
        ("Ferries leave at nine, at noon and at six.", LONG),
        (f"*{LONG}*",) * 2,
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_of_alternatives_the_plain_one_is_read_unless_it_is_a_stub(
    plain: str, expected: str, turned: bool
) -> None:
    both = [(PLAIN, plain), (PAGE, f"<p>{LONG}</p>")]

    extracted = READ(parts(*(both[::-1] if turned else both), kind="alternative"), "a.eml")

    assert pieces(extracted)[1:] == [expected]


@pytest.mark.parametrize(
    ("plain", "page", "expected"),
    [
        ("High water at nine.", "<p>Low at two.</p>", ["High water at nine.", "Low at two."]),
        (f"{LONG} Ann", "<p>hello</p>", [f"{LONG} Ann", "hello"]),
        (
            f"{LONG} Ann",
            f"<p>{LONG}</p><p>Unsubscribe here</p>",
            [f"{LONG} Ann", "Unsubscribe here"],
        ),
    ],
)
def test_what_only_one_of_two_forms_says_is_read(
    plain: str, page: str, expected: list[str]
) -> None:
    extracted = READ(parts((PLAIN, plain), (PAGE, page), kind="alternative"), "a.eml")

    assert pieces(extracted)[1:] == expected


def test_enriched_text_is_read_without_its_marks() -> None:
    rich = (
        "Content-Type: text/enriched",
        "<bold>low</bold> <<tide <color><param>red</param>x</color>",
    )

    assert pieces(READ(parts(rich), "a.eml"))[1:] == ["low <tide x"]


def test_a_message_without_a_sender_may_hold_text_in_utf_16() -> None:
    head = b"Content-Type: multipart/mixed; boundary=cut\nMIME-Version: 1.0\n\n--cut\n"
    part = b"Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: binary\n\n"
    data = head + part + "low water\n".encode("utf-16-le") + b"\n--cut--\n"

    form, extracted = REGISTRY.read(data, "a.eml")

    assert (form, extracted.text) == ("e-mail", "low water")


def test_an_encoding_that_is_no_name_costs_nothing() -> None:
    data = parts((PLAIN.replace("utf-8", '"u\0\0d"'), "low water"))

    extracted = READ(data, "a.eml")

    assert (pieces(extracted), extracted.losses) == (["s", "low water"], ())


def test_an_attached_message_stands_under_its_own_subject() -> None:
    inner = message("Invoice")
    inner.set_content("The number is 7731.\n")
    outer = message("Fwd: Invoice")
    outer.set_content("see below\n")
    outer.add_attachment(inner)
    outer.add_attachment("a last line\n", disposition="inline")

    extracted = READ(outer.as_bytes(), "a.eml")

    assert headings_of(extracted, "7731") == ("Fwd: Invoice", "Invoice")
    assert headings_of(extracted, "a last line") == ("Fwd: Invoice",)


def test_headings_of_a_page_stand_under_the_subject() -> None:
    extracted = READ(parts((PAGE, "<h1>Tides</h1><p>low</p>"), (PLAIN, "after")), "a.eml")

    assert headings_of(extracted, "low") == ("s", "Tides")
    assert headings_of(extracted, "after") == ("s",)


@pytest.mark.parametrize(
    ("head", "content", "expected"),
    [
        ('Content-Type: text/csv; name="a.csv"', "town,size\nUlm,5\nBonn,7", "town: Ulm | size: 5"),
        ('Content-Type: application/octet-stream; name="n.txt"', "low water", "low water"),
        ("Content-Type: text/calendar", CALENDAR, "Visit to the dam, by boat"),
        ('Content-Type: message/rfc822; name="x.eml"', "Subject: low water\n\nx", "low water"),
        (
            "Content-Type: message/delivery-status",
            "Status: 5.1.1\n\nDiagnostic: x",
            "Status: 5.1.1",
        ),
        ("Content-Type: text/rfc822-headers", "Subject: Returned\nFrom: a@b.c\n", "Returned"),
        ("Content-Type: text/plain; format=flowed", "one \ntwo\n> a \n> b", "one two\n> a b"),
        ("Content-Type: text/plain; format=flowed; delsp=yes", "日本 \n語", "日本語"),
        (f"{PLAIN}\nContent-Transfer-Encoding: base64", "bG93IHdhdGVy\n-- \nthe list", "low water"),
        (f"{PLAIN}\nContent-Transfer-Encoding: base64", "bG93IHdhdGVyIQ", "low water!"),
        (f"{PLAIN}\nContent-Transfer-Encoding: base64", "bG93IA==\nd2F0ZXI=", "low water"),
        (f"{PLAIN}\nContent-Transfer-Encoding: base64", "no base64 here.", "no base64 here."),
        (f"{PLAIN}\nContent-Transfer-Encoding: quoted-printable", "l=6Fw wa=\nter=", "low water"),
    ],
)
def test_a_part_that_holds_text_is_read(head: str, content: str, expected: str) -> None:
    assert expected in pieces(READ(parts((PLAIN, "hello"), (head, content)), "a.eml"))


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: multipart/mixed; boundary=AAA",
        "Content-Type: multipart/mixed",
        "Content-Type: multipart/mixed; boundary=----=_Next.75E;",
        'Content-Type: multipart/mixed; boundary="----=_Next.75E',
    ],
)
def test_a_boundary_that_is_not_the_one_named_loses_no_text(head: str) -> None:
    body = "------=_Next.75E\nContent-Type: text/html\n\n<p>low water</p>\n------=_Next.75E--\n"

    assert pieces(READ(f"Subject: s\n{head}\n\n{body}".encode(), "a.eml"))[-1] == "low water"


def test_a_body_without_any_boundary_is_read_as_it_stands() -> None:
    mail = b"Subject: s\nContent-Type: multipart/mixed; boundary=x\n\nlow water\n"

    assert pieces(READ(mail, "a.eml")) == ["s", "low water"]


def test_text_around_the_parts_is_read_but_for_what_mailers_say() -> None:
    mail = parts((PLAIN, "inside")) + b"list footer\n"

    assert pieces(READ(mail, "a.eml"))[1:] == ["inside", "list footer"]
    told = mail.replace(b"\n\n--cut", b"\n\nThis is a multi-part message in MIME format.\n--cut", 1)
    assert pieces(READ(told, "a.eml"))[1:] == ["inside", "list footer"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?R3LDvMOf?= =?utf-8?b?ZQ==?=", "Grüße"),
        (b"=?utf-8?b?R3LD?=\n =?utf-8?b?vMOfZQ?=", "Grüße"),
        (b"a =?iso-8859-1?q?b_=93c=94?= d", "a b “c” d"),
        (b"=?iso-8859-1?Q?Gr\xfc=DFe?=", "Grüße"),
        (b"=?no-such?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?x?y?=", "=?utf-8?x?y?="),
        ("Grüße".encode(), "Grüße"),
        ("Grüße – ja".encode("cp1252"), "Grüße – ja"),
    ],
)
def test_headers_are_decoded(raw: bytes, expected: str) -> None:
    assert READ(b"Subject: " + raw + b"\n\nbody", "a.eml").title == expected


def test_file_names_are_decoded() -> None:
    heads = [
        "Content-Type: image/png; name*=utf-8''gr%C3%BCn.png",
        'Content-Type: image/png; name="=?utf-8?q?gr=C3=BCn.png?="',
        "Content-Type: image/png\nContent-Disposition: attachment; filename*0*=utf-8''gr%C3%BC;"
        " filename*1=n.png",
    ]
    extracted = READ(parts(*((head, "x") for head in heads)), "a.eml")

    assert pieces(extracted)[1:] == ["- Attachment: grün.png (image/png)"] * 3


def test_a_broken_line_among_the_headers_does_not_end_them() -> None:
    mail = b"From: a@b.c\nX-Spam: yes\nbroken line\nSubject: s\n" + (
        b"Content-Transfer-Encoding: base64\n\nbG93IHdhdGVy\n"
    )

    assert pieces(READ(mail, "a.eml"))[-1] == "low water"


@pytest.mark.parametrize(
    "kind", ['encrypted; protocol="application/pgp-encrypted"', "application/pkcs7-mime"]
)
def test_what_is_encrypted_is_told(kind: str) -> None:
    inner = ("Content-Type: application/pkcs7-mime; name=smime.p7m", "MIIB")

    extracted = READ(parts((PLAIN, "x"), inner, kind="mixed"), "a.eml")

    assert any("encrypted" in loss for loss in extracted.losses), kind


def test_base64_is_never_a_passage() -> None:
    coded = base64.encodebytes(bytes(range(256)) * 9).decode()
    mail = parts((PLAIN, f"here:\n\n{coded}\nthere"), ("Content-Type: image/png", coded))

    assert pieces(READ(mail, "a.eml"))[1:] == [
        *("here:", "(data)", "there", "- Attachment: without a name (image/png)"),
    ]


class TestMailbox:
    def read(self, text: str) -> list[tuple[int | None, tuple[str, ...], str]]:
        extracted = MailboxReader().read(text.encode(), "a.mbox")
        return [
            (s.location.line, s.headings, extracted.text[s.start : s.end])
            for s in extracted.segments
        ]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("blank", ["", "\n"])
    def test_a_separator_is_known_by_its_date_and_the_header_behind_it(
        self, end: str, blank: str
    ) -> None:
        text = (
            "From ann@example.org Mon Sep  7 10:00:00 2026\nSubject: One\n\n"
            "From Monday on, at 10:00, we row.\n"
            f">From here\n>>From there\n{blank}"
            "From - Tue Sep  8 10:00:00 2026\nSubject: Two\n\nlow water\n"
        ).replace("\n", end)

        found = self.read(text)

        assert [where for where in found if where[2] in ("One", "Two")] == [
            (1, ("One",), "One"),
            (7 + len(blank), ("Two",), "Two"),
        ]
        assert found[1][2].split("\n") == [
            *("From Monday on, at 10:00, we row.", "From here", ">From there"),
        ]

    def test_a_body_that_tells_its_length_may_hold_a_separator(self) -> None:
        inner = "From x@y.z Mon Sep  7 10:00:00 2026\nTo: x\n\nquoted\n"
        text = (
            f"From a@b.c Mon Sep  7 10:00:00 2026\nSubject: One\nContent-Length: {len(inner)}\n\n"
            f"{inner}\nFrom a@b.c Mon Sep  7 10:00:00 2026\nSubject: Two\n\nx\n"
        )

        assert [text for _, _, text in self.read(text) if text in ("One", "Two", "To: x")] == [
            *("One", "Two"),
        ]

    def test_what_stands_before_the_first_separator_is_read(self) -> None:
        text = "Subject: Zero\n\nx\n\nFrom a@b.c Mon Sep  7 10:00:00 2026\nSubject: One\n\ny\n"

        assert [piece for _, _, piece in self.read(text)] == ["Zero", "x", "One", "y"]

    def test_one_message_that_is_nested_beyond_reading_costs_its_structure(self) -> None:
        deep = "".join(
            f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000)
        )
        text = (
            f"From a@b.c Mon Sep  7 10:00:00 2026\nSubject: One\n{deep}\nlow water\n\n"
            "From a@b.c Mon Sep  7 10:00:00 2026\nSubject: Two\n\nhigh water\n"
        )
        extracted = MailboxReader().read(text.encode(), "a.mbox")

        assert "low water" in extracted.text
        assert headings_of(extracted, "high water") == ("Two",)
        assert extracted.losses


class TestForms:
    def test_apple_mail_keeps_a_count_and_a_list_around_it(self) -> None:
        tail = b'<?xml version="1.0"?>\n<!DOCTYPE plist>\n<plist><dict/></plist>\n'
        for count in (len(EMAIL.encode()), 7, 99_999):
            data = b"%d\n" % count + EMAIL.encode() + tail

            form, extracted = REGISTRY.read(data, "12.emlx")

            assert form == "e-mail"
            assert extracted.day == date(2026, 9, 7)
            assert "plist" not in extracted.text

    @pytest.mark.parametrize(
        "name", ["17.M1P2.host:2,S", "Maildir/cur/17.M1.host.pl", "Mail/inbox/1", "saved.txt"]
    )
    def test_a_message_is_known_by_its_first_headers(self, name: str) -> None:
        assert REGISTRY.read(EMAIL.encode(), name)[0] == "e-mail"

    @pytest.mark.parametrize(
        "data",
        [
            b"Subject: lunch\nFrom: the canteen\n\nNo headers of a message, but notes.\n",
            b"title: x\nfrom: y\ndate: z\nand prose that goes on.\n",
        ],
    )
    def test_notes_that_start_like_one_stay_notes(self, data: bytes) -> None:
        assert REGISTRY.read(data, "a.md")[0] == "Markdown"

    def test_a_saved_page_is_read(self) -> None:
        data = parts(
            (f"{PAGE}\nContent-Transfer-Encoding: quoted-printable", "<p>caf=C3=A9 at the qu=\nay"),
            ("Content-Type: text/css\nContent-Location: x.css", "p {}"),
            ("Content-Type: image/png\nContent-Location: x.png", "x"),
            kind="related",
        )

        form, extracted = REGISTRY.read(data, "page.mhtml")

        assert form == "e-mail"
        assert pieces(extracted) == ["s", "café at the quay"]


def test_calendars_and_cards() -> None:
    form, extracted = REGISTRY.read(CALENDAR.encode(), "a.ics")

    assert form == "calendar or contacts"
    assert pieces(extracted) == [
        "Visit to the dam, by boat",
        *("Start: 2026-03-03 10:00", "End: 2026-03-03 11:00 UTC", "Location: Quay 4"),
        *("Organizer: Zoe <zoe@example.org>", "Attendee: Bo; Baker <bo@example.org>"),
        "Bring boots.\nThe boat leaves at ten sharp.",
    ]
    assert line_of(extracted, "dam") == 8
    assert line_of(extracted, "Bring boots") == 12
    card = b"BEGIN:VCARD\nFN:Zo\xc3\xab Z\nitem1.TEL;TYPE=cell:+49 1\nADR:;;Quay 4;Ulm;;89;\n"
    card += b"PHOTO;ENCODING=b:" + base64.b64encode(bytes(range(256))) + b"\nNOTE:rows\nEND:VCARD\n"
    assert pieces(REGISTRY.read(card, "a.vcf")[1]) == [
        *("Zoë Z", "Telephone: +49 1", "Address: Quay 4, Ulm, 89", "rows"),
    ]


def test_what_stands_outside_of_a_calendar_s_events_has_its_own_line() -> None:
    data = b"\n\nNOTE:low water\nBEGIN:VEVENT\nSUMMARY:Visit\nEND:VEVENT\nNOTE:spring tide\n"

    extracted = REGISTRY.read(data, "a.ics")[1]

    assert [line_of(extracted, words) for words in ("low", "Visit", "spring")] == [3, 5, 7]


@pytest.mark.parametrize("size", [2_000, 4_000])
@pytest.mark.parametrize(
    "unit",
    [b"Subject: =?utf-8?q?a?= ", b"To: a@b.c,\n ", b"X-A: b\n", b"Content-Type: text/plain; c=d;"],
)
def test_long_heads_come_out_whole(unit: bytes, size: int) -> None:
    key, _, value = unit.partition(b": ")
    head = unit * size if unit.endswith(b"\n") else key + b": " + value * size

    assert pieces(READ(head.rstrip() + b"\n\nlow water\n", "a.eml"))[-1] == "low water"


def lines_in_file(extracted: ExtractedText, words: str) -> int:
    """The line of the words themselves, counted as a result's place is."""
    at = extracted.text.index(words)
    segment = next(each for each in extracted.segments if each.start <= at < each.end)
    breaks = extracted.text.count("\n", segment.start, at) if segment.keeps_lines else 0
    assert segment.location.line is not None
    return segment.location.line + breaks


def assert_true_lines(extracted: ExtractedText, data: bytes, *marks: str) -> None:
    file = data.decode("utf-8").splitlines()
    for mark in marks:
        assert mark in file[lines_in_file(extracted, mark) - 1], mark


def test_a_sentence_in_a_mailbox_has_its_own_line() -> None:
    one = "From ann@example.org Tue Mar  3 10:00:00 2026\nSubject: {0}\n\n{0}a\nx{0}\n\nlast{0}\n\n"
    data = "".join(one.format(word) for word in ("fig", "plum", "pear")).encode()
    marks = ("figa", "xfig", "lastfig", "xplum", "lastplum", "peara", "xpear", "lastpear")
    for content in (data, data.replace(b"\n", b"\r\n")):
        assert_true_lines(MailboxReader().read(content, "a.mbox"), content, *marks)


@pytest.mark.parametrize("above", ["", "\n\n"])
def test_each_part_of_a_message_is_counted_from_its_own_first_line(above: str) -> None:
    data = above.encode() + parts(
        (PLAIN, "apple\n\npear\nplum"),
        (PAGE, "<p>cherry</p>\n\n<h1>fig</h1>\n<p>sloe</p>"),
        (PLAIN, "apple\n\n\nlast"),
    )
    assert_true_lines(READ(data, "a.eml"), data, "pear", "plum", "cherry", "fig", "sloe", "last")


def test_soft_line_breaks_are_lines_of_the_file() -> None:
    head = "Subject: s\nContent-Transfer-Encoding: quoted-printable\n\n"
    data = (head + "a long=\n line=\n goes on\nsecond\n\n=\nthird=0Afourth\n\nfifth\n").encode()
    assert_true_lines(READ(data, "a.eml"), data, "a long", "fifth")
    assert READ(data, "a.eml").text.endswith("third\nfourth\n\nfifth")


def test_flowed_paragraphs_have_the_line_they_start_on() -> None:
    data = (
        b"Subject: s\nContent-Type: text/plain; format=flowed\n\n"
        b"one \nrow \nof text\n\ntwo \nrows\n\nthree\n"
    )
    assert_true_lines(READ(data, "a.eml"), data, "one", "two", "three")


def test_text_in_base64_has_the_line_its_part_begins_on() -> None:
    coded = base64.b64encode(b"apple\n\npear\n").decode()
    data = parts((PLAIN, "x"), (f"{PLAIN}\nContent-Transfer-Encoding: base64", coded))
    file = data.decode().splitlines()
    assert file[lines_in_file(READ(data, "a.eml"), "pear") - 1] == coded


def test_a_message_behind_its_length_is_counted_from_the_files_first_line() -> None:
    body = b"Subject: s\n\napple\n\npear\n"
    data = b"%d\n%s" % (len(body), body) + b'<?xml version="1.0"?><plist></plist>'
    assert_true_lines(READ(data, "1.emlx"), data, "apple", "pear")


def test_western_text_declared_latin_1_is_read_as_browsers_do() -> None:
    head = b"Subject: s\nContent-Type: text/plain; charset=iso-8859-1\n"
    data = head + b"Content-Transfer-Encoding: 8bit\n\nAnn\x92s pier \x96 \x93red\x94\n"
    assert READ(data, "a.eml").text.endswith("Ann’s pier – “red”")


def test_a_body_that_repeats_a_header_has_its_own_line() -> None:
    data = b"Subject: plum\n\nplum\n"
    assert READ(data, "a.eml").segments[-1].location.line == 3


def test_the_second_of_two_equal_parts_has_its_own_line() -> None:
    data = parts((PLAIN, "plum"), (PLAIN, "plum"))
    rows = data.decode().splitlines()
    at = [number for number, row in enumerate(rows, start=1) if row == "plum"]
    segments = READ(data, "a.eml").segments
    assert [segment.location.line for segment in segments[1:]] == at

"""Nothing of a ZIP container is unpacked before it is vetted."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

import pytest

from docsearch.domain.errors import ReaderError
from docsearch.readers import archive as guard
from docsearch.readers.archive import open_archive
from tests.readers.samples import docx, zipped

MEGABYTE = 1024 * 1024


def test_a_member_of_a_good_archive_is_unpacked() -> None:
    assert open_archive(zipped({"a.xml": "<a/>"})).read("a.xml") == b"<a/>"


@pytest.mark.parametrize(
    "name", ["../x.xml", "/etc/passwd", "a/../../x", "..\\x", "C:\\x", "\\x", "a/.."]
)
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(ReaderError, match="leads out"):
        open_archive(zipped({name: "x"}))


def test_a_name_in_the_message_has_nothing_a_terminal_obeys() -> None:
    with pytest.raises(ReaderError) as raised:
        open_archive(zipped({"../\x1b[31m\n": "x"}))

    assert str(raised.value).isprintable()


def test_a_small_file_that_unpacks_to_very_much_is_refused() -> None:
    with pytest.raises(ReaderError, match="zip bomb"):
        open_archive(zipped({"word/document.xml": b" " * (20 * MEGABYTE)}))


def test_the_sum_of_all_members_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_TOTAL_BYTES", 1000)

    with pytest.raises(ReaderError, match="too many bytes"):
        open_archive(zipped({"a.png": bytes(600), "b.png": bytes(600)}))


def test_one_xml_part_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_XML_BYTES", 1000)

    with pytest.raises(ReaderError, match="too many bytes"):
        open_archive(zipped({"a.xml": bytes(1001)}))


def test_the_number_of_members_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_MEMBERS", 3)

    with pytest.raises(ReaderError, match="more than 3 members"):
        open_archive(zipped({f"{number}.xml": "" for number in range(4)}))


def test_a_size_that_lies_does_not_unpack_more_than_it_says() -> None:
    data = bytearray(zipped({"a.xml": b"x" * 5000}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)

    with pytest.raises(ReaderError, match="cannot be unpacked"):
        open_archive(bytes(data)).read("a.xml")


def test_two_members_of_one_name_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as container, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        container.writestr("a.xml", "<a/>")
        container.writestr("a.xml", "<b/>")

    with pytest.raises(ReaderError, match="two members"):
        open_archive(target.getvalue())


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zipped({"a.xml": "<a/>"}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 8] |= 1

    with pytest.raises(ReaderError, match="encrypted archive"):
        open_archive(bytes(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_xml_that_declares_entities_is_refused(encoding: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'.encode(encoding)

    with pytest.raises(ReaderError, match="declares entities"):
        open_archive(zipped({"a.xml": bomb})).read("a.xml")


def test_every_xml_part_is_vetted_before_a_library_sees_it() -> None:
    parts = {"a.xml": "<a/>", "deep/b.rels": "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///x'>]><x/>"}

    with pytest.raises(ReaderError, match="declares entities"):
        open_archive(zipped(parts)).vet_markup()


def test_half_an_archive_is_refused() -> None:
    with pytest.raises(ReaderError, match="not a whole ZIP file"):
        open_archive(docx()[:5000])


def test_a_missing_member_is_named() -> None:
    with pytest.raises(ReaderError, match=r"'x\.xml' is missing"):
        open_archive(zipped({"a.xml": ""})).read("x.xml")

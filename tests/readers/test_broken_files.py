"""Bytes of valid files, flipped, cut, doubled and mixed: text or a reason, never a crash."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsearch.domain.errors import ReaderError
from docsearch.ports import Reader
from docsearch.readers.formats import FORMATS
from docsearch.readers.registry import default_readers, load_reader
from tests.readers.extraction import assert_whole
from tests.readers.samples import all_samples

SAMPLES = all_samples()
ROUNDS = 40
SPLINTERS = [
    *(b"\n", b"\r", b"\0", b"{", b"}", b"<", b">", b"\\", b"[", b"]", b'"', b"'", b"\x0c", b"\x85"),
    *(b"\x1b[31m", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"---\n", b"::\n\n", b"null"),
    *(b"\\u0000", b"\\ud800", b"&#xd800;", b"&#0;", b"-1", b"=?x?q?=FF?=", b"#+begin_src\n"),
]


def bent(data: bytes, source: random.Random) -> bytes:
    """The bytes with one to a hundred faults in them."""
    result = bytearray(data)
    for _ in range(source.choice([1, 1, 2, 3, 5, 20, 100])):
        if not result:
            break
        at = source.randrange(len(result))
        end = min(len(result), at + source.randrange(1, 80))
        fault = source.randrange(6)
        if fault == 0:
            result[at] ^= 1 << source.randrange(8)
        elif fault == 1:
            del result[at:]
        elif fault == 2:
            result[at:at] = source.randbytes(source.randrange(1, 6))
        elif fault == 3:
            del result[at:end]
        elif fault == 4:
            result[at:at] = result[at:end] * source.randrange(1, 4)
        else:
            result[at:at] = source.choice(SPLINTERS)
    return bytes(result)


def bent_within(archive: bytes, source: random.Random) -> bytes:
    """The archive with faults in one of its parts, packed as a whole ZIP file again."""
    container = zipfile.ZipFile(io.BytesIO(archive))
    victim = source.choice([name for name in container.namelist() if not name.endswith("/")])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name in container.namelist():
            content = container.read(name)
            packed.writestr(name, bent(content, source) if name == victim else content)
    return target.getvalue()


def assert_text_or_reason(reader: Reader, data: bytes, name: str) -> None:
    try:
        extracted = reader.read(data, name)
    except ReaderError as error:
        reason = str(error)
    else:
        assert_whole(extracted)
        return
    assert reason
    assert reason.isprintable()
    assert len(reason) < 250


def reader_of(name: str) -> Reader:
    suffix = "." + name.split(".")[1]
    return load_reader(next(form for form in FORMATS if suffix in form.suffixes))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_bent_file(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    source = random.Random(f"bent {name}")
    for _ in range(ROUNDS):
        assert_text_or_reason(reader_of(name), bent(SAMPLES[name], source), name)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.epub"])
def test_a_whole_archive_with_a_bent_part(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    source = random.Random(f"within {name}")
    for _ in range(ROUNDS):
        assert_text_or_reason(reader_of(name), bent_within(SAMPLES[name], source), name)
    assert capfd.readouterr() == ("", "")


def assert_registry_gives_text_or_reason(data: bytes, name: str) -> None:
    try:
        _, extracted = default_readers().read(data, name)
    except ReaderError as error:
        reason = str(error)
    else:
        assert_whole(extracted)
        return
    assert reason
    assert reason.isprintable()


@given(
    head=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"From a 10:00\nA: b\n"]),
    data=st.binary(max_size=400),
    name=st.sampled_from(sorted(SAMPLES)),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_under_any_name(head: bytes, data: bytes, name: str) -> None:
    assert_registry_gives_text_or_reason(head + data, name)


@given(text=st.text(max_size=300), name=st.sampled_from(sorted(SAMPLES)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_under_any_name(text: str, name: str) -> None:
    assert_registry_gives_text_or_reason(text.encode("utf-8", "replace"), name)

"""What ingest relies on, of every reader."""

from __future__ import annotations

import random

import pytest

from docsearch.domain.errors import ReaderError
from docsearch.ports import Reader
from docsearch.readers.formats import FORMATS
from docsearch.readers.registry import load_reader
from tests.fakes.reader import FakeReader
from tests.readers.extraction import assert_whole
from tests.readers.samples import all_samples

SAMPLES = all_samples() | {"a.fake": b"# Heading\n\ntext\n"}
READERS: list[Reader] = [FakeReader(), *(load_reader(form) for form in FORMATS)]


@pytest.fixture(params=READERS, ids=lambda reader: reader.name)
def reader(request: pytest.FixtureRequest) -> Reader:
    found: Reader = request.param
    return found


@pytest.fixture
def sample(reader: Reader) -> tuple[bytes, str]:
    """A valid file for this reader, and its name."""
    name = next(name for name in SAMPLES if f".{name.split('.')[1]}" in reader.suffixes)
    return SAMPLES[name], name


def assert_text_or_reason(reader: Reader, data: bytes, name: str) -> None:
    """Anything but an extraction or a ReaderError surfaces as itself."""
    try:
        extracted = reader.read(data, name)
    except ReaderError as error:
        reason = str(error)
    else:
        assert_whole(extracted)
        return
    assert reason
    assert reason.isprintable()


def test_suffixes_have_the_dot_and_are_in_lower_case(reader: Reader) -> None:
    assert reader.suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in reader.suffixes)


def test_segments_cover_the_text(reader: Reader, sample: tuple[bytes, str]) -> None:
    data, name = sample

    assert_whole(reader.read(data, name))


def test_the_same_bytes_give_the_same_text(reader: Reader, sample: tuple[bytes, str]) -> None:
    data, name = sample

    assert reader.read(data, name) == reader.read(data, name)


@pytest.mark.parametrize("data", [b"", b" \n\t\n ", b"\xef\xbb\xbf"], ids=["zero", "blank", "mark"])
def test_a_file_without_text_is_refused_with_a_reason(reader: Reader, data: bytes) -> None:
    with pytest.raises(ReaderError) as raised:
        reader.read(data, "empty")

    assert str(raised.value)


def test_garbage_is_text_or_a_reader_error(reader: Reader) -> None:
    source = random.Random(7)
    for length in (1, 2, 3, 17, 400, 5000):
        assert_text_or_reason(reader, source.randbytes(length), "garbage")


def test_a_truncated_file_is_text_or_a_reader_error(
    reader: Reader, sample: tuple[bytes, str]
) -> None:
    data, name = sample
    for end in range(1, len(data), max(1, len(data) // 25)):
        assert_text_or_reason(reader, data[:end], name)

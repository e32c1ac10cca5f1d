"""What somebody else wrote is read, or refused with ValueError alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsearch.domain.foreign import finite, json_value, toml_table, user_path

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_json_comes_back_as_it_was_written(value: object) -> None:
    assert json_value(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 200_000, "nested too deeply"),
        ('{"a":' * 200_000, "nested too deeply"),
        ("1" + "0" * 5000, "too many digits"),
        (b"\xff\xfe\xfa", "decode"),
        ("", "Expecting value"),
        ("{", "Expecting"),
    ],
)
def test_json_that_is_none_is_a_value_error(text: str | bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        json_value(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = 1" + "0" * 5000, "too many digits"),
        ("a = ", "Invalid value"),
        ("a = 1\na = 2", "Cannot overwrite"),
    ],
)
def test_toml_that_is_none_is_a_value_error(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        toml_table(text)


@given(st.text() | st.binary())
def test_any_text_at_all_is_read_or_refused(text: str | bytes) -> None:
    for read in (json_value, toml_table if isinstance(text, str) else json_value):
        try:
            read(text)  # type: ignore[arg-type]
        except ValueError:
            continue


@pytest.mark.parametrize("value", [True, "1", None, [1], 10**400, float("inf"), float("nan")])
def test_what_no_float_can_hold_is_no_number(value: object) -> None:
    assert finite(value) is None


def test_numbers_are_floats() -> None:
    assert [finite(3), finite(-2.5), finite(0)] == [3.0, -2.5, 0.0]


def test_a_path_may_start_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_path("~/notes") == tmp_path / "notes"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\0b", "NUL"),
        ("~nobody_at_all/x", "no user 'nobody_at_all'"),
        ("/" + "a" * 256, "255 bytes"),
        ("/é" + "é" * 127, "255 bytes"),
        ("/a" * 2049, "4096"),
        ("/\ud800", "characters"),
    ],
)
def test_what_can_be_no_path_is_a_value_error(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        user_path(text)


def test_bytes_that_are_not_utf_8_may_stand_in_a_path() -> None:
    assert user_path("/caf\udce9") == Path("/caf\udce9")

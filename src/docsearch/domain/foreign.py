"""JSON, TOML and paths that somebody else wrote: read, or refused with ValueError and nothing else.

In: text that nobody has checked. Out: values. The libraries fail in more ways than they say: deep
nesting is a RecursionError, `~name` of no user a RuntimeError, and a NUL in a path comes to light
only where the path is used.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

LONGEST_NAME = 255
"""Bytes of one name in a path, on every usual file system."""

LONGEST_PATH = 4096
"""Bytes of a whole path on Linux; elsewhere it is less."""


def json_value(text: str | bytes, refuse: Callable[[str], object] | None = None) -> Any:
    """The value that the JSON says. `refuse` is called with NaN and the infinities.

    Raises ValueError, with a reason, for what is no JSON, nested too deeply, or holds a number of
    thousands of digits.
    """
    return _bounded(lambda: json.loads(text, parse_constant=refuse))


def toml_table(text: str) -> dict[str, Any]:
    """The table that the TOML says. Raises ValueError as `json_value`."""
    table: dict[str, Any] = _bounded(lambda: tomllib.loads(text))
    return table


def finite(value: object) -> float | None:
    """A JSON number as a float; None for anything else, and for what no float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number - number == 0 else None


def user_path(text: str) -> Path:
    """The path, `~` and `~name` resolved. Raises ValueError with what is wrong with it."""
    if "\0" in text:
        raise ValueError("a path cannot contain a NUL character")
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise ValueError(
            f"there is no user {text.split(os.sep, maxsplit=1)[0].removeprefix('~')!r}"
        ) from None
    try:
        encoded = os.fsencode(path)
    except UnicodeEncodeError:
        raise ValueError("it has characters that no file name can have") from None
    if len(encoded) > LONGEST_PATH or any(
        len(os.fsencode(name)) > LONGEST_NAME for name in path.parts
    ):
        raise ValueError(
            f"a name in a path has at most {LONGEST_NAME} bytes, a path at most {LONGEST_PATH}"
        )
    return path


def _bounded(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        # int() explains how a programmer may raise its limit.
        if "integer string conversion" in str(error):
            raise ValueError("it holds a number of too many digits") from None
        raise

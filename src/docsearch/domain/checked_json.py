"""JSON from anywhere, read with a place for every complaint.

In: the bytes of a file, not trusted. Out: values of the types that are asked for. Does not know
what they mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from docsearch.domain.errors import RecordError
from docsearch.domain.foreign import json_value

_NAMES = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A value, and where it stands: `hits[3].after.raw`. Methods raise RecordError."""

    value: Any
    where: str = "it"

    @classmethod
    def of_file(cls, file: Path, most_bytes: int) -> Checked:
        """The value of a whole file, of which no more is read. Raises OSError as well."""
        with file.open("rb") as stream:
            text = stream.read(most_bytes + 1)
        if len(text) > most_bytes:
            raise RecordError(f"it is larger than {most_bytes:,} bytes.")
        return cls.parsed(text)

    @classmethod
    def parsed(cls, text: bytes) -> Checked:
        """The value of a whole document."""
        try:
            return cls(json_value(text, _refused))
        except ValueError as error:
            raise RecordError(f"it is not JSON: {error}.") from None

    def __getitem__(self, name: str) -> Checked:
        """A member of an object; it must be there."""
        members = self._of(dict)
        where = name if self.where == "it" else f"{self.where}.{name}"
        if name not in members:
            raise RecordError(f"{where} is missing.")
        return Checked(members[name], where)

    @property
    def is_none(self) -> bool:
        """Whether it is null."""
        return self.value is None

    def items(self) -> Iterator[Checked]:
        """The members of a list, in order."""
        for at, each in enumerate(self._of(list)):
            yield Checked(each, f"{self.where}[{at}]")

    def members(self) -> Iterator[tuple[str, Checked]]:
        """The members of an object by name."""
        for name in self._of(dict):
            yield name, self[name]

    def text(self) -> str:
        """A string."""
        value: str = self._of(str)
        return value

    def maybe_text(self) -> str | None:
        """A string, or None for null."""
        return None if self.is_none else self.text()

    def number(self) -> float:
        """A finite number."""
        try:
            value = float(self.value) if type(self.value) in (int, float) else math.nan
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise RecordError(f"{self.where} must be a number.")
        return value

    def truth(self) -> bool:
        """True or false."""
        value: bool = self._of(bool)
        return value

    def whole(self, low: int = 0) -> int:
        """A whole number, at least `low`."""
        value: int = self._of(int)
        if isinstance(value, bool) or value < low:
            raise RecordError(f"{self.where} must be a whole number of at least {low}.")
        return value

    def _of(self, kind: type) -> Any:
        if not isinstance(self.value, kind):
            raise RecordError(f"{self.where} must be {_NAMES[kind]}.")
        return self.value


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")

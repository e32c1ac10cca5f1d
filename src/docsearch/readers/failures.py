"""A library's complaint about a malformed file becomes a ReaderError with a plain reason.

In: the format's name and the exceptions its library is known to raise. Out: ReaderError.
Nesting beyond the interpreter's limit is always among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from docsearch.domain.errors import ReaderError


@contextmanager
def reading(format_name: str, *errors: type[Exception]) -> Iterator[None]:
    """Turn `errors` raised inside into ReaderError("broken FORMAT: ...")."""
    try:
        yield
    except ReaderError:
        raise
    except RecursionError as error:
        raise ReaderError(f"broken {format_name}: nested too deeply") from error
    except errors as error:
        reason = _first_line(str(error)) or type(error).__name__
        raise ReaderError(f"broken {format_name}: {reason}") from error


def _first_line(text: str) -> str:
    """The message's first line, printable and of a length that fits a list."""
    line = text.strip().split("\n", 1)[0]
    return "".join(c for c in line if c.isprintable())[:160].rstrip()

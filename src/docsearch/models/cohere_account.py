"""The user's account with Cohere: the key, and where the service is.

In: the environment, nothing else. Out: an `Account`, or what to do to have one. The key is never
stored, shown or logged. Does not know what is asked of the service.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from docsearch.domain.errors import ModelError
from docsearch.domain.safe_text import safe_line

KEY_VARIABLES = ("COHERE_API_KEY", "CO_API_KEY")
ADDRESS_VARIABLE = "DOCSEARCH_COHERE_URL"

_ADDRESS = "https://api.cohere.com"
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, and where; the key does not show when the value is printed."""

    address: str
    key: str = field(repr=False)


def has_key() -> bool:
    """Whether the environment holds a key."""
    return _key() != ""


def account() -> Account:
    """The account of the environment. Raises ModelError where there is none that can be used."""
    key = _key()
    if not key:
        raise ModelError(f"There is no key. {how_to_get_one()}")
    # An HTTP library would quote a value that it cannot send.
    if not (key.isascii() and key.isprintable()):
        raise ModelError(f"{KEY_VARIABLES[0]} holds characters that no key has. Set it again.")
    return Account(_address(), key)


def how_to_get_one() -> str:
    """What to do without a key, and what it means to have one."""
    return (
        f"Set {KEY_VARIABLES[0]} to your own key, from dashboard.cohere.com. The query and the "
        "text of its candidates then leave this machine each time."
    )


def _key() -> str:
    return next(filter(None, (os.environ.get(each, "").strip() for each in KEY_VARIABLES)), "")


def _address() -> str:
    address = os.environ.get(ADDRESS_VARIABLE, "").rstrip("/") or _ADDRESS
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if host is not None and parts.scheme == "https":
        return address
    if host in _THIS_MACHINE and parts.scheme == "http":
        return address
    raise ModelError(
        f"{ADDRESS_VARIABLE} is {safe_line(address)}; it must be an address that begins with "
        "https://, or the key could be read on its way."
    )

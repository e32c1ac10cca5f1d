"""One POST to a service, made again where that may help, and never for ever.

In: an address, headers, a JSON body. Out: the text of the answer. Errors say who failed, how, and
what to do, and hold nothing of the headers or the body. Does not know what is asked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from docsearch.domain.errors import ModelError
from docsearch.models.quiet import hush_hub

if TYPE_CHECKING:
    from httpx2 import Client, Response

_CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try, in seconds; somebody is waiting for the answer.

    The wait doubles each time and is shortened at random by up to a half, so that many who failed
    together do not come back together. A service that asks for more than `longest_wait` is given
    up. `sleep` takes seconds, `random` gives a number in [0, 1).
    """

    attempts: int = 4
    answer: float = 15.0
    first_wait: float = 0.5
    longest_wait: float = 10.0
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def wait_after(self, attempt: int) -> float:
        """Seconds to wait after the attempt of this number, from 1, by its own measure."""
        wait = min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))
        return wait * (1.0 - self.random() / 2.0)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why an attempt failed, and how many seconds the service asked to wait."""

    reason: str
    asked_wait: float = 0.0


def post(
    url: str, headers: Mapping[str, str], body: Mapping[str, object], patience: Patience
) -> str:
    """The text of the first successful answer.

    Asked again are timeouts, broken connections, HTTP 429 and 5xx. Raises ModelError for anything
    else, and after the last attempt.
    """
    hush_hub()
    import httpx2

    timeout = httpx2.Timeout(patience.answer, connect=min(_CONNECT_SECONDS, patience.answer))
    with httpx2.Client(timeout=timeout, headers=dict(headers)) as client:
        attempt = 0
        while True:
            attempt += 1
            answer = _attempt(client, url, body)
            if isinstance(answer, str):
                return answer
            wait = max(patience.wait_after(attempt), answer.asked_wait)
            if attempt == patience.attempts or wait > patience.longest_wait:
                raise ModelError(
                    f"{url} {answer.reason}; given up after {attempt} of {patience.attempts} "
                    "attempts. Try again later, or choose another reranker."
                )
            patience.sleep(wait)


def _attempt(client: Client, url: str, body: Mapping[str, object]) -> str | _Trouble:
    import httpx2

    try:
        response = client.post(url, json=dict(body))
    except httpx2.ConnectError as error:
        raise ModelError(
            f"No connection to {url} ({error}). Check the network and HTTPS_PROXY."
        ) from error
    except httpx2.ProxyError as error:
        raise ModelError(f"The proxy refused {url}: {error}. Check HTTPS_PROXY.") from error
    except httpx2.TimeoutException:
        return _Trouble("does not answer in time")
    except httpx2.TransportError as error:
        return _Trouble(f"broke the connection ({error})")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise ModelError(f"{url} does not answer as a service does ({error}).") from error
    status = response.status_code
    if status == 200:
        return response.text
    if status == 429:
        return _Trouble("is rate-limiting (HTTP 429)", _asked_wait(response))
    if status >= 500:
        return _Trouble(f"has a server error (HTTP {status})", _asked_wait(response))
    if status in (401, 403):
        raise ModelError(f"{url} does not accept the key (HTTP {status}). Check the key.")
    raise ModelError(f"{url} refuses the request (HTTP {status}). Choose another reranker.")


def _asked_wait(response: Response) -> float:
    """Seconds, of a Retry-After header in either of its forms; 0 without one."""
    value = response.headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0

"""Cohere's Rerank service, behind the `Reranker` port: opt-in, with the user's own key.

In: a query and passages, which leave this machine. Out: the service's relevance scores. There is no
tokenizer here, so every count of tokens is an estimate: four characters each. Whether the network
may be used, and whether the user has chosen this, is for the caller to know.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from docsearch import __version__
from docsearch.domain.encodable import encodable
from docsearch.domain.errors import ModelError
from docsearch.domain.explanation import Reading
from docsearch.domain.fingerprint import fingerprint
from docsearch.domain.foreign import json_value
from docsearch.domain.model import Availability, ModelDescription, ModelState
from docsearch.domain.ranking import RerankScore
from docsearch.domain.safe_text import safe_line
from docsearch.models.hosted.post import Patience, post
from docsearch.ports import PairWindows, Vocabulary

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


DOCUMENTS = 1_000
"""Most documents in one request, by the service's own advice."""

QUERY_CHARACTERS = 2_000
"""A longer query is cut to this, well within the 2,048 tokens that the service reads of it."""

_CHARACTERS_PER_TOKEN = 4


def service_state(description: ModelDescription, offline: bool) -> ModelState:
    """Whether the service may be asked: never offline, nor without the user's key."""
    if offline:
        return ModelState(
            description,
            Availability.NO_NETWORK,
            problems=(f"{description.name} is a service, and docsearch is offline.",),
        )
    if not has_key():
        return ModelState(
            description,
            Availability.NO_KEY,
            problems=(f"{description.name} is a service, nothing to download.", how_to_get_one()),
        )
    return ModelState(description, Availability.READY)


class CohereReranker:
    """`raw` and `unit` are the service's relevance score, a probability.

    A passage is read in one window; what goes beyond it the service cuts, which no chunk of an
    index does. A blank query or passage is not sent: nothing answers nothing, and the score is 0.
    """

    def __init__(
        self, description: ModelDescription, account: Account, patience: Patience | None = None
    ) -> None:
        """Asks nothing of the service yet."""
        self.name = description.name
        self.fingerprint = fingerprint(
            service=account.address,
            model=description.revision,
            window=description.window,
            query_characters=QUERY_CHARACTERS,
        )
        self.batch_tokens = DOCUMENTS * description.window
        self._model = description.revision
        self._window = description.window
        self._account = account
        self._patience = patience or Patience()

    def characters_read(self, query: str) -> int:
        """How many characters of the query are sent: what comes after them is cut."""
        return min(len(query), QUERY_CHARACTERS)

    def vocabulary(self, text: str) -> Vocabulary:
        """The service's model knows the words of every language."""
        return Vocabulary(known=tuple(dict.fromkeys(re.findall(r"\w+", text))))

    def plan(self, query: str, passages: Sequence[str]) -> list[PairWindows]:
        """One window a pair, of about as many tokens as are said; asks nothing of the service."""
        asked = _tokens(query[:QUERY_CHARACTERS])
        return [
            PairWindows((min(self._window, max(1, asked + _tokens(passage))),))
            for passage in passages
        ]

    def score(self, query: str, passages: Sequence[str]) -> list[RerankScore]:
        """One score a passage, in order. Raises ModelError where the service gives none."""
        return [
            RerankScore(raw, min(1.0, max(0.0, raw))) for raw in self._relevance(query, passages)
        ]

    def read(self, query: str, passage: str) -> Reading:
        """About how much is read of the pair, and its score. Raises ModelError."""
        (plan,) = self.plan(query, [passage])
        return Reading(
            query_tokens=_tokens(query[:QUERY_CHARACTERS]),
            passage_tokens=_tokens(passage),
            window=self._window,
            window_tokens=plan.token_counts,
            window_scores=tuple(self._relevance(query, [passage])),
        )

    def rough_scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """The scores asked for once more: its precision is the service's own affair."""
        return self._relevance(query, passages)

    def _relevance(self, query: str, passages: Sequence[str]) -> list[float]:
        asked = encodable(query[:QUERY_CHARACTERS])
        scores = [0.0] * len(passages)
        if not asked.strip():
            return scores
        places = [place for place, passage in enumerate(passages) if passage.strip()]
        for start in range(0, len(places), DOCUMENTS):
            sent = places[start : start + DOCUMENTS]
            found = self._ask(asked, [encodable(passages[place]) for place in sent])
            for place, score in zip(sent, found, strict=True):
                scores[place] = score
        return scores

    def _ask(self, query: str, documents: list[str]) -> list[float]:
        """One request: a finite number for each document."""
        body = {
            "model": self._model,
            "query": query,
            "documents": documents,
            "top_n": len(documents),
            "max_tokens_per_doc": self._window,
        }
        headers = {
            "Authorization": f"Bearer {self._account.key}",
            "User-Agent": f"docsearch/{__version__}",
        }
        try:
            answer = post(f"{self._account.address}/v2/rerank", headers, body, self._patience)
            scores = _scores(answer, len(documents))
        except ModelError as error:
            raise ModelError(f"{self.name} gave no scores: {error}") from error
        if not all(math.isfinite(score) for score in scores):
            raise ModelError(f"{self.name} gave a score that is not a finite number.")
        return scores


def _scores(answer: str, count: int) -> list[float]:
    """The relevance scores of an answer, in the order of the documents that were sent."""
    try:
        results = json_value(answer)["results"]
        found = {each["index"]: float(each["relevance_score"]) for each in results}
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise ModelError("The service's answer is no list of scores. Try again later.") from error
    if len(results) != count or found.keys() != set(range(count)):
        raise ModelError(
            f"The service scored other texts than the {count} that were sent. Try again later."
        )
    return [found[place] for place in range(count)]


def _tokens(text: str) -> int:
    return math.ceil(len(text) / _CHARACTERS_PER_TOKEN)

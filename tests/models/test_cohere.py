"""The hosted reranker against a service on this machine; nothing waits, nothing leaves."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError
from docsearch.domain.model import Availability, ScoreKind
from docsearch.models.descriptions import describe
from docsearch.models.hosted.cohere import (
    ADDRESS_VARIABLE,
    DOCUMENTS,
    QUERY_CHARACTERS,
    Account,
    CohereReranker,
    account,
)
from docsearch.models.hosted.post import Patience
from docsearch.models.registry import ModelRegistry
from tests.standins.cohere import Answer, CohereStandIn

NAME = "cohere-rerank-v3.5"
KEY = "a-key-that-is-nobody's"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[CohereStandIn]:
    """A service for which this process has a key."""
    with CohereStandIn() as standin:
        monkeypatch.setenv(ADDRESS_VARIABLE, standin.address)
        monkeypatch.setenv("COHERE_API_KEY", KEY)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield standin


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were to be waited, instead of waiting."""
    return []


@pytest.fixture
def reranker(service: CohereStandIn, waits: list[float]) -> CohereReranker:
    return hosted(account(), Patience(sleep=waits.append, random=lambda: 0.0))


def hosted(account: Account, patience: Patience | None = None) -> CohereReranker:
    description = describe(NAME)
    assert description is not None
    return CohereReranker(description, account, patience)


def test_scores_come_back_in_the_order_of_the_passages(
    service: CohereStandIn, reranker: CohereReranker
) -> None:
    scores = reranker.score("bread oven", ["a train", "bread from the oven", "bread"])

    assert [each.raw for each in scores] == pytest.approx([0.5 / 3, 2.5 / 3, 1.5 / 3])
    assert all(each.unit == each.raw and each.windows == 1 for each in scores)
    (request,) = service.requests
    assert request.path == "/v2/rerank"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "rerank-v3.5",
        "query": "bread oven",
        "documents": ["a train", "bread from the oven", "bread"],
        "top_n": 3,
        "max_tokens_per_doc": 4096,
    }


def test_all_candidates_of_a_search_go_in_one_request(
    service: CohereStandIn, reranker: CohereReranker
) -> None:
    passages = [f"passage {number} " * 120 for number in range(200)]

    assert len(reranker.score("passage", passages)) == 200
    assert len(service.requests) == 1
    plans = reranker.plan("passage", passages)
    assert sum(sum(plan.token_counts) for plan in plans) < reranker.batch_tokens


def test_more_than_the_service_takes_go_in_several(
    service: CohereStandIn, reranker: CohereReranker
) -> None:
    passages = [*["a train"] * DOCUMENTS, "bread"]

    scores = reranker.score("bread", passages)

    assert [len(request.body["documents"]) for request in service.requests] == [DOCUMENTS, 1]
    assert max(range(len(scores)), key=lambda place: scores[place].raw) == DOCUMENTS


def test_what_is_blank_is_not_sent(service: CohereStandIn, reranker: CohereReranker) -> None:
    scores = reranker.score("bread", ["", "bread", " \n"])

    assert [each.raw > 0 for each in scores] == [False, True, False]
    assert service.requests[0].body["documents"] == ["bread"]
    assert [each.raw for each in reranker.score(" ", ["bread"])] == [0.0]
    assert len(service.requests) == 1


def test_a_long_query_is_cut_before_it_is_sent(
    service: CohereStandIn, reranker: CohereReranker
) -> None:
    reranker.score("字" * 5000, ["bread"])

    assert service.requests[0].body["query"] == "字" * QUERY_CHARACTERS
    assert reranker.characters_read("字" * 5000) == QUERY_CHARACTERS


def test_it_asks_again_after_as_long_as_the_service_says(
    service: CohereStandIn, reranker: CohereReranker, waits: list[float]
) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=8))
    service.answers += [
        Answer(429, {"Retry-After": "3"}),
        Answer(503, {"Retry-After": soon}),
        Answer(429, {"Retry-After": "when I please"}),
    ]

    assert len(reranker.score("bread", ["bread"])) == 1

    assert waits[0] == 3.0
    assert 5.0 < waits[1] <= 8.0
    assert waits[2] == 2.0


def test_waits_double_and_are_shortened_at_random(
    service: CohereStandIn, reranker: CohereReranker, waits: list[float]
) -> None:
    service.answers += [Answer(500)] * 4

    with pytest.raises(ModelError, match=r"HTTP 500.*after 4 of 4 attempts.*another reranker"):
        reranker.score("bread", ["bread"])

    assert waits == [0.5, 1.0, 2.0]
    assert Patience(random=lambda: 0.5).wait_after(2) == 0.75
    assert Patience(random=lambda: 0.0).wait_after(50) == Patience().longest_wait


def test_a_service_that_asks_for_a_long_wait_is_given_up(
    service: CohereStandIn, reranker: CohereReranker, waits: list[float]
) -> None:
    service.answers.append(Answer(429, {"Retry-After": "60"}))

    with pytest.raises(ModelError, match=r"rate-limiting \(HTTP 429\); given up after 1 of 4"):
        reranker.score("bread", ["bread"])

    assert waits == []


def test_a_broken_connection_is_tried_again(
    service: CohereStandIn, reranker: CohereReranker, waits: list[float]
) -> None:
    service.answers.append(Answer(breaks=True))

    assert len(reranker.score("bread", ["bread"])) == 1
    assert len(waits) == 1


def test_a_service_that_does_not_answer_is_asked_again_but_not_for_ever(
    service: CohereStandIn, waits: list[float]
) -> None:
    service.answers += [Answer(hangs=True)] * 4
    impatient = hosted(account(), Patience(answer=0.05, sleep=waits.append))

    with pytest.raises(ModelError, match="does not answer in time; given up after 4 of 4"):
        impatient.score("bread", ["bread"])

    assert len(service.requests) == 4
    assert len(waits) == 3


@pytest.mark.parametrize(("status", "words"), [(401, "Check the key"), (400, "HTTP 400")])
def test_a_refusal_is_final_and_does_not_tell_the_key(
    service: CohereStandIn, reranker: CohereReranker, status: int, words: str
) -> None:
    service.answers.append(Answer(status, body=json.dumps({"message": f"no: {KEY}"})))

    with pytest.raises(ModelError, match=words) as caught:
        reranker.score("bread", ["bread"])

    assert NAME in str(caught.value)
    assert KEY not in str(caught.value)
    assert len(service.requests) == 1


def test_nobody_there_is_said_at_once(waits: list[float]) -> None:
    with CohereStandIn() as gone:
        address = gone.address
    reranker = hosted(Account(address, KEY), Patience(sleep=waits.append))

    with pytest.raises(ModelError, match="No connection to"):
        reranker.score("bread", ["bread"])

    assert waits == []


def result(*scores: object) -> str:
    results = [{"index": place, "relevance_score": score} for place, score in enumerate(scores)]
    return json.dumps({"results": results})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html>", "no list of scores"),
        ("[]", "no list of scores"),
        ('{"results": 7}', "no list of scores"),
        ('{"results": [{"index": [], "relevance_score": 1}]}', "no list of scores"),
        (result("high", 0.5), "no list of scores"),
        (result(0.5), "other texts than the 2"),
        (result(0.5, 0.5, 0.5), "other texts than the 2"),
        (result(float("nan"), 0.5), f"{NAME} gave a score that is not a finite number"),
        (result(float("inf"), 0.5), f"{NAME} gave a score that is not a finite number"),
    ],
)
def test_an_answer_that_makes_no_sense_is_an_error_with_the_models_name(
    service: CohereStandIn, reranker: CohereReranker, body: str, words: str
) -> None:
    for ask in (reranker.score, reranker.rough_scores):
        service.answers.append(Answer(body=body))
        with pytest.raises(ModelError, match=words) as caught:
            ask("bread", ["oven", "train"])
        assert NAME in str(caught.value)


def test_the_key_shows_nowhere(
    service: CohereStandIn, reranker: CohereReranker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.answers.append(Answer(500))

    reranker.score("bread", ["bread"])

    assert KEY not in caplog.text
    assert KEY not in repr(account())
    assert KEY not in reranker.fingerprint


def test_without_a_key_it_is_not_ready_and_says_what_to_do(
    registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COHERE_API_KEY", raising=False)
    monkeypatch.delenv("CO_API_KEY", raising=False)

    state = registry.state(NAME)

    assert state.availability is Availability.NO_KEY
    assert not state.is_here
    for use in (lambda: registry.load_reranker(NAME), lambda: registry.pull(NAME, print)):
        with pytest.raises(ModelError, match=r"Set COHERE_API_KEY .* leave this machine"):
            use()


@pytest.mark.parametrize("variable", ["COHERE_API_KEY", "CO_API_KEY"])
def test_with_a_key_it_is_ready_but_never_here(
    registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv("COHERE_API_KEY", " ")
    monkeypatch.setenv(variable, KEY)

    state = registry.state(NAME, verify=True)

    assert state.availability is Availability.READY
    assert state.description.hosted
    assert state.description.score is ScoreKind.PROBABILITY
    assert not state.is_here
    assert state in registry.states()
    registry.pull(NAME, print)
    assert registry.load_reranker(NAME).name == NAME
    assert registry.provenance(NAME).files == ()


def test_offline_is_absolute(service: CohereStandIn, data_dir: Path) -> None:
    offline = ModelRegistry(data_dir, offline=True)

    assert offline.state(NAME).availability is Availability.NO_NETWORK
    with pytest.raises(ModelError, match="docsearch is offline"):
        offline.load_reranker(NAME)
    with pytest.raises(ModelError, match="docsearch is offline"):
        offline.pull(NAME, print)
    assert service.requests == []


def test_there_is_nothing_of_it_to_delete(registry: ModelRegistry) -> None:
    with pytest.raises(ModelError, match="is a service"):
        registry.remove(NAME)


@pytest.mark.parametrize(
    "address", ["http://api.cohere.com", "api.cohere.com", "https://", "http://[", "file:///etc"]
)
def test_the_key_is_not_sent_openly(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("COHERE_API_KEY", KEY)
    monkeypatch.setenv(ADDRESS_VARIABLE, address)

    with pytest.raises(ModelError, match="must be an address that begins with https://"):
        account()


@pytest.mark.parametrize("key", ["two\nlines", "ключ"])
def test_what_cannot_be_a_key_is_not_quoted(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("COHERE_API_KEY", key)

    with pytest.raises(ModelError, match="holds characters that no key has") as caught:
        account()

    assert key not in str(caught.value)


def test_another_address_makes_other_scores() -> None:
    one = hosted(Account("https://one.example", KEY))
    two = hosted(Account("https://two.example", KEY))

    assert one.fingerprint != two.fingerprint
    again = hosted(Account("https://one.example", "another key"))
    assert one.fingerprint == again.fingerprint

"""A stand-in for Cohere's Rerank service: a small HTTP server on 127.0.0.1.

It answers `POST /v2/rerank` in the service's own form, best first, by the share of the query's
words that a document holds. It can be told to answer otherwise, answer by answer.

    with CohereStandIn() as service:
        service.answers.append(Answer(429, {"Retry-After": "2"}))
        ...
        assert service.requests[0].body["query"] == "bread"
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """What to answer instead of the truth; `hangs` is to give none, `breaks` to hang up."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "{}"
    hangs: bool = False
    breaks: bool = False


@dataclass(frozen=True)
class Request:
    """A request that came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class CohereStandIn:
    """The server; `requests` holds everything it was asked, in order."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: deque[Answer] = deque()
        """What to give to each coming request; the truth when there are no more."""
        self.asked = threading.Event()
        """Set by the first request."""
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                service._reply(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: the test looks at `requests`."""

        return Handler

    def _reply(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.requests.append(Request(handler.path, dict(handler.headers), body))
        self.asked.set()
        answer = self.answers.popleft() if self.answers else Answer(body=_truth(body))
        if answer.hangs:
            self._ended.wait(60)
        if answer.hangs or answer.breaks:
            handler.close_connection = True
            return
        payload = answer.body.encode()
        handler.send_response(answer.status)
        for name, value in (answer.headers | {"Content-Length": str(len(payload))}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(payload)


def _truth(body: dict[str, Any]) -> str:
    wanted = set(re.findall(r"\w+", body["query"].lower()))
    scores = [
        (len(wanted & set(re.findall(r"\w+", text.lower()))) + 0.5) / (len(wanted) + 1)
        for text in body["documents"]
    ]
    best_first = sorted(range(len(scores)), key=lambda place: -scores[place])[: body["top_n"]]
    results = [{"index": place, "relevance_score": scores[place]} for place in best_first]
    return json.dumps({"id": "1", "results": results, "meta": {"api_version": {"version": "2"}}})

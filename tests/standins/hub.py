"""A stand-in for the hub: a small HTTP server on 127.0.0.1 that serves folders as repositories.

It answers what docsearch asks of a hub, in the hub's own forms: the listing of a repository at a
revision (`/api/models/ID/revision/REV`), and files (`/ID/resolve/COMMIT/NAME`) with GET and HEAD,
ranges, ETag and X-Repo-Commit; weights go through a redirect, as those in LFS do. It can be told
to fail. For a process of its own, set its environment's `HF_ENDPOINT` to `address`.

    with HubStandIn() as hub:
        hub.publish("someone/tiny", folder)
        ...
        assert hub.gets("model.safetensors") == [None]
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit


@dataclass
class Repository:
    """What one hub id holds: files by commit, and where its branch `main` stands."""

    main: str = ""
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A request that came in; `range_start` is None where the whole file was asked for.

    `authorization` is the header that carries a token, None without one.
    """

    method: str
    path: str
    range_start: int | None
    authorization: str | None


class HubStandIn:
    """The server; `requests` holds everything it was asked, in order."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.requests: list[Request] = []
        self.drop_after: deque[int] = deque()
        """For each coming transfer of weights: break the connection after so many bytes."""
        self.damaged: set[str] = set()
        """Names of files that are sent with a flipped last byte."""
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        """Status, headers and body to give to every request instead of the truth."""
        self.resumes = True
        """Whether ranges are honoured."""
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
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def publish(self, hub_id: str, folder: Path) -> str:
        """Commit what the folder holds now to `main`; returns the commit."""
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        commit = hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()
        repository = self.repositories.setdefault(hub_id, Repository())
        repository.commits[commit] = files
        repository.main = commit
        return commit

    def gets(self, name: str) -> list[int | None]:
        """Where each transfer of this file began; None for the whole of it."""
        return [
            request.range_start
            for request in self.requests
            if request.method == "GET" and request.path.startswith("/lfs/")
            if request.path.endswith(f"/{name}")
        ]

    def transfers(self) -> list[str]:
        """The names of all files that were asked for, in order."""
        return [
            request.path.rpartition("/")[2]
            for request in self.requests
            if request.method == "GET" and "/resolve/" in request.path
        ]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                hub._reply(self, with_body=True)

            def do_HEAD(self) -> None:
                hub._reply(self, with_body=False)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: the test looks at `requests`."""

        return Handler

    def _reply(self, handler: BaseHTTPRequestHandler, with_body: bool) -> None:
        path = unquote(urlsplit(handler.path).path)
        asked = handler.headers.get("Range")
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else None
        authorization = handler.headers.get("Authorization")
        self.requests.append(Request(handler.command, path, start, authorization))
        status, headers, body = self.answer or self._truth(path)
        if status == 200 and start is not None and self.resumes and not path.startswith("/api/"):
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[start:]
        handler.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            handler.send_header(name, value)
        handler.end_headers()
        if with_body and path.startswith("/lfs/") and self.drop_after:
            handler.wfile.write(body[: self.drop_after.popleft()])
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_WR)
            handler.close_connection = True
        elif with_body:
            handler.wfile.write(body)

    def _truth(self, path: str) -> tuple[int, dict[str, str], bytes]:
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"] and parts[4:5] == ["revision"]:
            return self._listing("/".join(parts[2:4]), "/".join(parts[5:]))
        if parts[2:3] == ["resolve"]:
            return self._file("/".join(parts[:2]), parts[3], "/".join(parts[4:]), redirect=True)
        if parts[0] == "lfs":
            return self._file("/".join(parts[1:3]), parts[3], "/".join(parts[4:]), redirect=False)
        return 404, {}, b""

    def _listing(self, hub_id: str, revision: str) -> tuple[int, dict[str, str], bytes]:
        repository = self.repositories.get(hub_id)
        if repository is None:
            return 404, {"X-Error-Code": "RepoNotFound"}, b""
        commit = repository.main if revision == "main" else revision
        if commit not in repository.commits:
            return 404, {"X-Error-Code": "RevisionNotFound"}, b""
        siblings = [_sibling(*item) for item in repository.commits[commit].items()]
        answer = {"id": hub_id, "sha": commit, "siblings": siblings}
        return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def _file(
        self, hub_id: str, revision: str, name: str, redirect: bool
    ) -> tuple[int, dict[str, str], bytes]:
        repository = self.repositories.get(hub_id, Repository())
        commit = repository.main if revision == "main" else revision
        body = repository.commits.get(commit, {}).get(name)
        if body is None:
            return 404, {"X-Error-Code": "EntryNotFound"}, b""
        etag = hashlib.sha256(body).hexdigest()
        if redirect and _in_lfs(name):
            return (
                302,
                {
                    "Location": f"{self.address}/lfs/{hub_id}/{commit}/{name}",
                    "X-Repo-Commit": commit,
                    "X-Linked-Size": str(len(body)),
                    "X-Linked-Etag": f'"{etag}"',
                },
                b"",
            )
        if name in self.damaged:
            body = body[:-1] + bytes([body[-1] ^ 0xFF])
        return 200, {"ETag": f'"{etag}"', "X-Repo-Commit": commit}, body


def _in_lfs(name: str) -> bool:
    return name.endswith((".safetensors", ".bin"))


def _sibling(name: str, body: bytes) -> dict[str, Any]:
    blob = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()
    entry: dict[str, Any] = {"rfilename": name, "size": len(body), "blobId": blob}
    if _in_lfs(name):
        sha256 = hashlib.sha256(body).hexdigest()
        entry["lfs"] = {"sha256": sha256, "size": len(body), "pointerSize": 134}
    return entry

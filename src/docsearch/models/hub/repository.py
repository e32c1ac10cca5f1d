"""The hub that models are downloaded from: what it holds, and the bytes of a file.

In: a hub id, a revision, a file name. Out: a listing with the hub's own hashes, and streams of
bytes that can start anywhere. Every method goes over the network. Knows nothing of the disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from docsearch import __version__
from docsearch.domain.errors import ModelDownloadError
from docsearch.models.hub.errors import PUBLIC_HUB, in_words, token_variable
from docsearch.models.quiet import hush_hub

_CONNECT_SECONDS = 15.0
_LISTING_SECONDS = 20.0
_READ_SECONDS = 60.0

_COMMIT = re.compile(r"[\w.-]+", re.ASCII)
_NO_HUB = "{} does not answer like a hub. Check HF_ENDPOINT."


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file as the hub lists it, `size` in bytes; `sha256` for files in LFS, else `git_blob`."""

    name: str
    size: int
    sha256: str | None
    git_blob: str | None


@dataclass(frozen=True, slots=True)
class HubListing:
    """A model's repository at one commit."""

    commit: str
    files: tuple[HubFile, ...]


def hub_address() -> str:
    """The hub in use: that of `HF_ENDPOINT`, else the public one."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or PUBLIC_HUB


class Hub:
    """A Hugging Face hub at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        # huggingface_hub would send the token that it keeps for the public hub to any address.
        self._token: str | bool | None = None
        if address != PUBLIC_HUB:
            self._token = os.environ.get(token_variable(address)) or False

    def listing(self, hub_id: str, revision: str) -> HubListing:
        """What the repository holds at `revision`, a branch being resolved to its commit.

        Raises ModelDownloadError with the reason.
        """
        hush_hub()
        from huggingface_hub import HfApi

        api = HfApi(
            self.address,
            token=self._token,
            library_name="docsearch",
            library_version=__version__,
        )
        try:
            with in_words(self.address):
                info = api.model_info(
                    hub_id, revision=revision, files_metadata=True, timeout=_LISTING_SECONDS
                )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ModelDownloadError(_NO_HUB.format(self.address)) from error
        files = tuple(
            HubFile(
                each.rfilename,
                each.size or 0,
                each.lfs.sha256 if each.lfs else None,
                None if each.lfs else each.blob_id,
            )
            for each in info.siblings or ()
        )
        commit = info.sha or revision
        # It becomes a part of addresses, and what is kept of the download.
        if not _COMMIT.fullmatch(commit) or any(each.size < 0 for each in files):
            raise ModelDownloadError(_NO_HUB.format(self.address))
        return HubListing(commit, files)

    @contextmanager
    def stream(
        self, hub_id: str, commit: str, name: str, start: int
    ) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Where the bytes begin (`start`, or 0 if the hub cannot resume), and the bytes.

        Raises TransferBroken where the connection fails on the way, ModelDownloadError for
        everything else.
        """
        hush_hub()
        import httpx2
        from huggingface_hub import get_session, hf_hub_url
        from huggingface_hub.utils._headers import build_hf_headers
        from huggingface_hub.utils._http import hf_raise_for_status

        url = hf_hub_url(hub_id, name, revision=commit, endpoint=self.address)
        headers = build_hf_headers(
            token=self._token, library_name="docsearch", library_version=__version__
        )
        # A compressed body can be neither resumed nor measured.
        headers["Accept-Encoding"] = "identity"
        if start:
            headers["Range"] = f"bytes={start}-"
        timeout = httpx2.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
        with (
            in_words(self.address),
            get_session().stream("GET", url, headers=headers, timeout=timeout) as response,
        ):
            hf_raise_for_status(response)
            yield start if response.status_code == 206 else 0, response.iter_bytes()

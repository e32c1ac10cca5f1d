"""What went wrong with the hub or the disk, in words a person can act on.

In: an exception of huggingface_hub, of its HTTP client or of the system. Out: ModelDownloadError,
or TransferBroken where asking again may help. Does not know which model was asked for.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docsearch.domain.errors import ModelDownloadError
from docsearch.domain.wording import size

_SPARE_BYTES = 50_000_000
"""Left free beside the model: a disk full to the brim breaks other things."""


def require_space(folder: Path, to_come: int) -> None:
    """Raise ModelDownloadError where `to_come` bytes do not fit on the disk of `folder`."""
    free = shutil.disk_usage(folder).free
    if to_come and free < to_come + _SPARE_BYTES:
        raise ModelDownloadError(
            f"It needs {size(to_come)} on the disk of {folder}, and "
            f"{size(_SPARE_BYTES)} to spare; {size(free)} are free. Make room, "
            "or choose another place with --data-dir."
        )


def disk_fault(error: OSError) -> str:
    """What went wrong on the disk, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            "the disk is full. Make room and run it again, it goes on where it stopped; or choose "
            "another place with --data-dir."
        )
    return f"{error.strerror or error}. Check the folder, or choose another with --data-dir."


PUBLIC_HUB = "https://huggingface.co"


def token_variable(address: str) -> str:
    """The variable that holds the access token for this hub.

    `HF_TOKEN` is for the public hub alone: another that `HF_ENDPOINT` names, or one that is asked
    without encryption, gets a token only if you set one for it.
    """
    return "HF_TOKEN" if address == PUBLIC_HUB else "DOCSEARCH_HUB_TOKEN"


class TransferBroken(ModelDownloadError):  # noqa: N818
    """The connection failed on the way; asking for the rest may help."""


@contextmanager
def in_words(address: str) -> Iterator[None]:
    """Turn the libraries' exceptions into ModelDownloadError with a reason and an advice."""
    import httpx2
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        OfflineModeIsEnabled,
        RemoteEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        yield
    except OfflineModeIsEnabled as error:
        raise ModelDownloadError(
            "HF_HUB_OFFLINE is set, which forbids it. Unset it to download."
        ) from error
    except GatedRepoError as error:
        raise ModelDownloadError(
            "Its owner asks you to accept terms first. Accept them on the model's page, then set "
            f"{token_variable(address)} to your access token."
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelDownloadError(
            f"{address} has no such model, or it is private. Check the name; for a private model "
            f"set {token_variable(address)} to your access token."
        ) from error
    except (RevisionNotFoundError, RemoteEntryNotFoundError) as error:
        raise ModelDownloadError(
            f"{address} does not have the revision or the file that is meant. A newer docsearch "
            "may know another."
        ) from error
    except HFValidationError as error:
        raise ModelDownloadError(
            "The name is not a hub id, which is an owner and a name: OWNER/NAME."
        ) from error
    except HfHubHTTPError as error:
        raise ModelDownloadError(_of_status(address, error.response.status_code)) from error
    except httpx2.ProxyError as error:
        raise ModelDownloadError(f"The proxy refused: {error}. Check HTTPS_PROXY.") from error
    except httpx2.TimeoutException as error:
        raise TransferBroken(f"{address} does not answer. Try again later.") from error
    except httpx2.UnsupportedProtocol as error:
        raise ModelDownloadError(
            f"{address} is no address of a hub, which begins with https://. Check HF_ENDPOINT."
        ) from error
    except httpx2.ConnectError as error:
        raise ModelDownloadError(
            f"No connection to {address} ({error}). Check the network, HTTPS_PROXY and HF_ENDPOINT."
        ) from error
    except httpx2.TransportError as error:
        raise TransferBroken(f"The connection broke ({error}). Run it again to go on.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise ModelDownloadError(
            f"{address} does not answer like a hub ({error}). Check HF_ENDPOINT."
        ) from error


def _of_status(address: str, status: int) -> str:
    if status == 429:
        return f"{address} is rate-limiting (HTTP 429). Try again in a few minutes."
    if status in (401, 403):
        return f"{address} refuses access (HTTP {status}). Check {token_variable(address)}."
    if status >= 500:
        return f"{address} has a server error (HTTP {status}). Try again later."
    return f"{address} answers with HTTP {status}. Check HF_ENDPOINT."

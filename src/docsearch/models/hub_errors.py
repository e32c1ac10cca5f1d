"""What went wrong with the hub, in words a person can act on.

In: an exception of huggingface_hub or of its HTTP client. Out: ModelDownloadError, or
TransferBroken where asking again may help. Does not know which model was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from docsearch.domain.errors import ModelDownloadError

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

"""Fetch one model: resumable, verified, and only then counted as present.

In: a description, the hub, the store. Out: the files in place and a receipt. A file grows as
`NAME.HASH.partial`, is hashed when it is whole, then moved into place; the receipt comes last.
Does not know what the files mean.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from docsearch.domain.errors import ModelCorruptError, ModelDownloadError
from docsearch.domain.model import ModelDescription, ModelFile
from docsearch.domain.progress import DownloadProgress
from docsearch.files import FILE_MODE, make_folder, put_in_place
from docsearch.models.hub.errors import TransferBroken, disk_fault, require_space
from docsearch.models.hub.repository import Hub
from docsearch.models.hub.wanted import WantedFile, wanted_files
from docsearch.models.store import ModelStore, sha256_of
from docsearch.ports import DownloadListener

_ATTEMPTS = 5


def download(
    description: ModelDescription, store: ModelStore, hub: Hub, listener: DownloadListener
) -> None:
    """Bring the model onto this disk; what is already here and right is not fetched again.

    `listener` is called in this thread: once before the transfer, with what is here of the total,
    and after each piece that arrives. An exception it raises stops the transfer, and what has
    arrived stays for the next attempt. Raises ModelDownloadError, or ModelCorruptError for a file
    with the wrong hash, which is deleted.
    """
    folder = store.download_folder(description)
    try:
        make_folder(folder.parent)
        with FileLock(folder.with_name(f"{folder.name}.lock"), timeout=0, mode=FILE_MODE):
            _Download(description, store, hub, listener).run()
    except Timeout:
        raise ModelDownloadError(
            f"Another docsearch is downloading {description.name} just now."
        ) from None
    except ModelDownloadError as error:
        raise ModelDownloadError(
            f"Could not download {description.name} from {hub.address}/{description.hub_id}. "
            f"{error}"
        ) from error
    except BrokenPipeError:
        raise  # the listener's output is gone; nothing is wrong with the disk
    except OSError as error:
        raise ModelDownloadError(
            f"Could not write {description.name} into {folder}: {disk_fault(error)}"
        ) from error


class _Download:
    """One download under way; `_received` counts the bytes of the files that are done."""

    def __init__(
        self, description: ModelDescription, store: ModelStore, hub: Hub, listener: DownloadListener
    ) -> None:
        self._description = description
        self._store = store
        self._hub = hub
        self._listener = listener
        self._folder = store.download_folder(description)
        self._received = 0
        self._total = 0

    def run(self) -> None:
        revision = self._revision()
        listing = self._hub.listing(self._description.hub_id, revision)
        if revision not in ("main", listing.commit):
            raise ModelDownloadError(
                f"The hub answers with commit {listing.commit}, where {revision} is meant."
            )
        wanted = wanted_files(self._description, listing)
        # Not before the hub has it: a folder of a mistyped name would be listed for ever.
        make_folder(self._folder)
        lacking = [file for file in wanted if not file.is_at(self._folder / file.name)]
        self._total = sum(file.size for file in wanted)
        self._received = self._total - sum(file.size for file in lacking)
        arrived = sum(map(self._arrived, lacking))
        require_space(self._folder, self._total - self._received - arrived)
        self._tell("", arrived)
        if lacking:
            self._store.withdraw_receipt(self._description)
        for file in lacking:
            self._transfer(listing.commit, file)
            self._put_in_place(file)
            self._received += file.size
        files = [ModelFile(file.name, file.size, self._sha256(file)) for file in wanted]
        self._store.write_receipt(self._description, listing.commit, files)
        for leftover in self._folder.rglob("*.partial"):
            leftover.unlink()

    def _sha256(self, file: WantedFile) -> str:
        return file.expected if file.is_sha256 else sha256_of(self._folder / file.name)

    def _revision(self) -> str:
        """The pinned commit, else the one that the first download on this machine settled."""
        if self._description.revision == "main":
            receipt = self._store.receipt(self._description)
            return receipt.revision if receipt else "main"
        return self._description.revision

    def _partial(self, file: WantedFile) -> Path:
        return self._folder / f"{file.name}.{file.expected[:12]}.partial"

    def _arrived(self, file: WantedFile) -> int:
        partial = self._partial(file)
        return min(partial.stat().st_size, file.size) if partial.is_file() else 0

    def _tell(self, name: str, of_this_file: int) -> None:
        received = self._received + of_this_file
        self._listener(DownloadProgress(self._description.name, name, received, self._total))

    def _transfer(self, commit: str, file: WantedFile) -> None:
        """Let the partial file grow to its size; go on at once when the connection breaks."""
        make_folder(self._partial(file).parent)
        self._take_from_hub_cache(commit, file)
        for attempt in range(1, _ATTEMPTS + 1):
            before = self._arrived(file)
            if before == file.size and self._partial(file).exists():
                return
            try:
                self._append(commit, file, before)
            except TransferBroken:
                if attempt == _ATTEMPTS or self._arrived(file) <= before:
                    raise

    def _take_from_hub_cache(self, commit: str, file: WantedFile) -> None:
        """Spare the transfer of a file that other programs on this machine have fetched."""
        from huggingface_hub import try_to_load_from_cache

        cached = try_to_load_from_cache(self._description.hub_id, file.name, revision=commit)
        if isinstance(cached, str) and file.is_at(Path(cached)):
            self._partial(file).touch(FILE_MODE)  # before the copy would be made with the umask
            shutil.copyfile(cached, self._partial(file))

    def _append(self, commit: str, file: WantedFile, start: int) -> None:
        hub_id = self._description.hub_id
        self._partial(file).touch(FILE_MODE)  # `open` would make it with the umask
        with (
            self._hub.stream(hub_id, commit, file.name, start) as (begin, pieces),
            self._partial(file).open("r+b" if begin else "wb") as out,
        ):
            out.seek(begin)
            arrived = begin
            for piece in pieces:
                arrived += out.write(piece)
                self._tell(file.name, min(arrived, file.size))
                if arrived > file.size:
                    return

    def _put_in_place(self, file: WantedFile) -> None:
        partial = self._partial(file)
        found = file.found_in(partial)
        if found != file.expected:
            partial.unlink()
            kind = "SHA-256" if file.is_sha256 else "git hash"
            raise ModelCorruptError(
                f"{file.name} of {self._description.name} arrived damaged from "
                f"{self._hub.address}: its {kind} is {found}, expected {file.expected}. It was "
                f"deleted. Fetch it again with: docsearch models pull {self._description.name}"
            )
        put_in_place(partial, self._folder / file.name)

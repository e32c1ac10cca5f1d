"""The models on this disk: which are whole, where they lie, and whether they are the right ones.

In: a description and the folder for models. Out: a `ModelState` at the cost of a few `stat` calls,
or a `StoredModel` every byte of which has been hashed. A downloaded model counts as present only
when its receipt is there, which is written last. Does not know the network or any model library.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docsearch.domain.errors import ModelCorruptError, ModelError, ModelMissingError
from docsearch.domain.foreign import json_value
from docsearch.domain.model import Availability, ModelDescription, ModelFile, ModelState
from docsearch.files import may_use, open_file, read_file, replace_file


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def git_blob_of(path: Path) -> str:
    """The name git gives the file's content: what the hub states for files outside of LFS."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    digest.update(read_file(path, None))
    return digest.hexdigest()


RECEIPT = "receipt.json"


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model in a folder: the commit it came from, its files with their sizes and hashes."""

    folder: Path
    revision: str
    files: tuple[ModelFile, ...]


class ModelStore:
    """The folder of downloads, and the models that packages and the user's own folders hold."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def download_folder(self, description: ModelDescription) -> Path:
        """Where a download of this model goes, whether or not it is there."""
        return self._root / description.hub_id.replace("/", "--")

    def state(self, description: ModelDescription) -> ModelState:
        """Whether the model can be used, judged by its receipt and the sizes of its files."""
        try:
            model = self._find(description)
        except ModelMissingError as error:
            begun = not description.folder and self._is_begun(description)
            availability = Availability.INCOMPLETE if begun else Availability.NOT_DOWNLOADED
            return ModelState(description, availability, problems=(str(error),))
        missing, wrong = _compare_sizes(model)
        if missing:
            availability = Availability.INCOMPLETE
        else:
            availability = Availability.WRONG_HASH if wrong else Availability.READY
        return ModelState(description, availability, str(model.folder), (*missing, *wrong))

    def verified(self, description: ModelDescription) -> StoredModel:
        """The model, each of its files hashed and compared just now.

        Raises ModelMissingError where it is not on disk or not whole, ModelCorruptError where a
        file has another hash than described.
        """
        model = self._find(description)
        missing, _ = _compare_sizes(model)
        if missing:
            raise ModelMissingError(" ".join(missing))
        return replace(model, files=tuple(_hashed(model.folder, file) for file in model.files))

    def stated(self, description: ModelDescription) -> StoredModel:
        """The model with the hashes its files are said to have; only their sizes are compared.

        For what is made of the files once and verified by itself. Files of which no hash is known
        are hashed. Raises as `verified` does.
        """
        model = self._find(description)
        if any(file.sha256 is None for file in model.files):
            return self.verified(description)
        missing, wrong = _compare_sizes(model)
        if missing:
            raise ModelMissingError(" ".join(missing))
        if wrong:
            raise ModelCorruptError(" ".join(wrong))
        return model

    def write_receipt(
        self, description: ModelDescription, revision: str, files: Sequence[ModelFile]
    ) -> None:
        """Declare the download whole: all of `files` are in place and have been verified."""
        receipt = {
            "hub_id": description.hub_id,
            "revision": revision,
            "files": {file.name: {"size": file.size, "sha256": file.sha256} for file in files},
        }
        replace_file(
            self.download_folder(description) / RECEIPT, json.dumps(receipt, indent=1).encode()
        )

    def withdraw_receipt(self, description: ModelDescription) -> None:
        """Declare the download not whole, before its files are touched."""
        (self.download_folder(description) / RECEIPT).unlink(missing_ok=True)

    def receipt(self, description: ModelDescription) -> StoredModel | None:
        """What the last whole download of this model left, None where there is none."""
        folder = self.download_folder(description)
        try:
            content: dict[str, Any] = json_value(read_file(folder / RECEIPT))
            files = tuple(
                ModelFile(name, facts["size"], facts["sha256"])
                for name, facts in content["files"].items()
            )
            return StoredModel(folder, content["revision"], files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def remove(self, description: ModelDescription) -> None:
        """Delete a downloaded model, whole or not. Raises ModelError for one that was not."""
        if description.folder:
            place = description.package or description.folder
            raise ModelError(f"{description.name} was not downloaded; it is a part of {place}.")
        folder = self.download_folder(description)
        if not folder.exists():
            raise ModelMissingError(f"{description.name} is not on this disk.")
        self.withdraw_receipt(description)
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise ModelError(f"Cannot delete {folder}: {error.strerror}.") from error

    def downloaded_ids(self) -> tuple[str, ...]:
        """The hub ids of everything that has a download folder."""
        try:
            names = sorted(entry.name for entry in self._root.iterdir() if entry.is_dir())
        except OSError:
            return ()
        parted = (name.split("--") for name in names)
        return tuple("/".join(parts) for parts in parted if len(parts) == 2 and all(parts))

    def _find(self, description: ModelDescription) -> StoredModel:
        if description.folder:
            return _carried(description)
        model = self.receipt(description)
        if model is None and not self._may_look(description):
            raise ModelMissingError(
                f"{self.download_folder(description)} cannot be read. Make it readable for you."
            )
        if model is None and self._is_begun(description):
            raise ModelMissingError(f"The download of {description.name} is not finished.")
        if model is None:
            raise ModelMissingError(f"{description.name} is not on this disk.")
        if description.revision not in ("main", model.revision):
            raise ModelMissingError(
                f"Another revision of {description.name} is on this disk: {model.revision[:12]}, "
                f"where {description.revision[:12]} is meant."
            )
        described = {file.name: file for file in description.files}
        files = tuple(described.get(file.name, file) for file in model.files)
        return replace(model, files=tuple(map(_fill, files, model.files)))

    def _is_begun(self, description: ModelDescription) -> bool:
        folder = self.download_folder(description)
        return folder.is_dir() and (not self._may_look(description) or any(folder.iterdir()))

    def _may_look(self, description: ModelDescription) -> bool:
        """Whether the download's folder, if there is one, and its receipt can be read."""
        folder = self.download_folder(description)
        try:
            there = [each for each in (folder, folder / RECEIPT) if each.exists()]
            return all(may_use(each, os.R_OK) for each in there)
        except OSError:
            return False


def _fill(described: ModelFile, received: ModelFile) -> ModelFile:
    """What the description does not say is taken from the receipt; it never overrules."""
    return ModelFile(
        described.name, described.size or received.size, described.sha256 or received.sha256
    )


def _carried(description: ModelDescription) -> StoredModel:
    """A model in a Python package, or in a folder that the user named."""
    folder = Path(description.folder)
    if description.package:
        spec = find_spec(description.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModelMissingError(
                f"{description.name} comes with the Python package "
                f"{description.package.replace('_', '-')}, which is not installed."
            )
        folder = Path(spec.submodule_search_locations[0]) / folder
    return StoredModel(folder, description.revision, description.files)


def _compare_sizes(model: StoredModel) -> tuple[list[str], list[str]]:
    """Sentences about files that are not there, and about files of another size."""
    missing, wrong = [], []
    for file in model.files:
        path = model.folder / file.name
        try:
            size = path.stat().st_size
        except OSError:
            missing.append(f"{path} is missing.")
            continue
        if file.size is not None and size != file.size:
            wrong.append(f"{path} has {size} bytes, expected {file.size}.")
    return missing, wrong


def _hashed(folder: Path, file: ModelFile) -> ModelFile:
    path = folder / file.name
    try:
        found, size = sha256_of(path), path.stat().st_size
    except OSError as error:
        raise ModelMissingError(
            f"Cannot read {path}: {error.strerror}. Make it readable for you."
        ) from error
    if file.sha256 is not None and found != file.sha256:
        raise ModelCorruptError(
            f"{path} is not the file that was described: "
            f"its SHA-256 is {found}, expected {file.sha256}."
        )
    return ModelFile(file.name, size, found)

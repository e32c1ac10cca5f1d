"""What a typed name means: a model we know, a folder on this disk, or a model of the hub.

In: the name. Out: a description; what is not known of the model stays empty in it. Looks at the
disk, never at the network.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from docsearch.domain.errors import ModelError
from docsearch.domain.foreign import user_path
from docsearch.domain.model import ModelDescription, ModelFile, ModelKind
from docsearch.models.descriptions import DESCRIPTIONS, describe
from docsearch.models.hub.wanted import is_model_file

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{,95}/[A-Za-z0-9][\w.-]{,95}", re.ASCII)
"""The hub takes at most 96 characters for each of the two names."""


def resolve(name: str) -> ModelDescription:
    """The model that `name` stands for.

    A short name or hub id of the line-up; else the path of a folder with a cross-encoder; else any
    hub id, whose commit is settled by the first download. Raises ModelError for anything else.
    """
    known = describe(name)
    if known is not None:
        return known
    with suppress(ValueError):  # what can be no folder may still be a hub id
        folder = user_path(name)
        if name and folder.is_dir():
            return _of_folder(folder.absolute())
    on_hub = of_hub(name)
    if on_hub is not None:
        return on_hub
    raise ModelError(
        f"There is no model named {name!r}. Known are "
        f"{', '.join(each.name for each in DESCRIPTIONS)}; or give a hub id (OWNER/NAME), or a "
        "folder with a cross-encoder."
    )


def of_hub(hub_id: str) -> ModelDescription | None:
    """A cross-encoder of the hub of which nothing is known; None for what is no hub id."""
    if _HUB_ID.fullmatch(hub_id) is None or "--" in hub_id:
        return None
    return _undescribed(hub_id, hub_id=hub_id)


def _of_folder(folder: Path) -> ModelDescription:
    try:
        files = tuple(
            ModelFile(path.name, path.stat().st_size)
            for path in sorted(folder.iterdir())
            if path.is_file() and is_model_file(path.name)
        )
    except OSError as error:
        raise ModelError(f"Cannot read the folder {folder}: {error.strerror}.") from error
    if not any(file.name == "config.json" for file in files):
        raise ModelError(f"The folder {folder} holds no model: it has no config.json.")
    return _undescribed(str(folder), folder=str(folder), files=files)


def _undescribed(
    name: str, hub_id: str = "", folder: str = "", files: tuple[ModelFile, ...] = ()
) -> ModelDescription:
    return ModelDescription(
        name=name,
        kind=ModelKind.CROSS_ENCODER,
        hub_id=hub_id,
        revision="main" if hub_id else "",
        files=files,
        download_bytes=0,
        parameters=0,
        licence="not known",
        languages=(),
        window=0,
        folder=folder,
        note="the commit is settled by the first download" if hub_id else "",
    )

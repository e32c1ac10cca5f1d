"""The settings in force, and where each came from.

In: flags, the environment, and `config.toml` in the user's configuration folder; in this order the
first that names a setting wins, and a setting that none names has its default. Out: `Settings` with
the origin of each value. Nothing is ever read from the searched folder. Does not know what a
setting does, save that a path may start with `~`.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

from docsearch.domain.errors import ConfigurationError
from docsearch.domain.foreign import finite, toml_table, user_path
from docsearch.domain.settings import Settings
from docsearch.files import FILE_MODE, make_folder, read_file, replace_file

VARIABLE_PREFIX = "DOCSEARCH_"
HUB_TOKEN = "DOCSEARCH_HUB_TOKEN"  # noqa: S105 - a variable's name; no setting, since `config` prints those
DEFAULT = "default"

Value = str | float | bool
_KINDS: dict[str, type] = get_type_hints(Settings)
_DEFAULTS = {each.name: each.default for each in fields(Settings)}
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Configuration:
    """`origins` names, for each setting, what set it, in words for a person.

    `file` is where the configuration file is looked for, there or not. `strays` are variables of
    the environment that look like settings and are none.
    """

    settings: Settings
    origins: Mapping[str, str]
    file: Path
    strays: tuple[str, ...] = ()


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return VARIABLE_PREFIX + name.upper()


def flag(name: str) -> str:
    """The flag of a setting; that of one which is on by default turns it off."""
    return ("--no-" if _DEFAULTS[name] is True else "--") + name.replace("_", "-")


def configuration_file() -> Path:
    """`config.toml` in the user's configuration folder, whether it is there or not."""
    from platformdirs import user_config_path

    return user_config_path("docsearch", appauthor=False) / "config.toml"


def load(flags: Mapping[str, Value], environ: Mapping[str, str], file: Path) -> Configuration:
    """The configuration; `flags` by setting, those given alone.

    Raises ConfigurationError, naming the place, for a file that cannot be read, a key that is no
    setting, and a value of the wrong type or out of bounds.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(_KINDS, DEFAULT)
    for name, (value, line) in _file_values(file).items():
        values[name], origins[name] = value, f"{file}:{line}" if line else str(file)
    for name, kind in _KINDS.items():
        text = environ.get(variable(name))
        if text is not None:
            values[name] = _from_text(text, kind, f"{variable(name)} in the environment")
            origins[name] = f"environment, {variable(name)}"
    for name, value in flags.items():
        values[name], origins[name] = _KINDS[name](value), f"flag, {flag(name)}"
    if values.get("data_dir"):
        values["data_dir"] = _data_dir(values["data_dir"], origins["data_dir"])
    try:
        settings = Settings(**values)
    except ConfigurationError as error:
        raise ConfigurationError(_with_origins(str(error), origins)) from None
    known = {*map(variable, _KINDS), HUB_TOKEN}
    strays = sorted(each for each in environ if each.startswith(VARIABLE_PREFIX))
    return Configuration(
        settings, origins, file, tuple(each for each in strays if each not in known)
    )


def save(file: Path, values: Mapping[str, Value]) -> None:
    """Set these in the file and leave every other line of it as it is; makes the file if need be.

    Raises ConfigurationError where it cannot be written, or where a value stands in it in a form
    that could not be replaced without touching others.
    """
    before = {name: value for name, (value, _) in _file_values(file).items()}
    text = read_file(file).decode("utf-8-sig") if file.exists() else ""
    lines = text.splitlines()
    for name, value in values.items():
        # JSON's form of a text, a number and a truth is TOML's too.
        line = f"{name} = {json.dumps(value)}"
        at = _line_of(name, "\n".join(lines)) if name in before else None
        if at is None:
            lines.append(line)
        else:
            lines[at - 1] = line
    written = "\n".join(lines) + "\n"
    try:
        same = toml_table(written) == before | dict(values)
    except ValueError:
        same = False
    if not same:
        told = ", ".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
        raise ConfigurationError(f"{file} could not be changed safely; set in it yourself: {told}.")
    _replace(file, written)


def _replace(file: Path, text: str) -> None:
    # A link, as those who keep their settings elsewhere have it, stays one.
    place = file.resolve()
    try:
        make_folder(place.parent)
        mode = place.stat().st_mode & 0o777 if place.exists() else FILE_MODE
        replace_file(place, text.encode(), mode)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}.") from None


def _file_values(file: Path) -> dict[str, tuple[Value, int | None]]:
    """Each setting of the file with its line."""
    try:
        text = read_file(file).decode("utf-8-sig")
        table = toml_table(text)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file} is not in UTF-8.") from None
    except ValueError as error:
        raise ConfigurationError(f"{file} is not valid TOML: {error}.") from None
    values: dict[str, tuple[Value, int | None]] = {}
    for key, value in table.items():
        line = _line_of(key, text)
        place = f"{file}:{line}" if line else str(file)
        if key not in _KINDS:
            raise ConfigurationError(f"{place}: there is no setting {key!r}.{_hint(key, _KINDS)}")
        values[key] = (_from_toml(value, _KINDS[key], f"{key} at {place}"), line)
    return values


def _data_dir(text: str, origin: str) -> str:
    try:
        return str(user_path(text))
    except ValueError as error:
        raise ConfigurationError(f"data_dir ({origin}) cannot be used: {error}.") from None


def _line_of(key: str, text: str) -> int | None:
    name = re.escape(key)
    found = re.search(rf"""^[ \t]*\[*[ \t]*["']?{name}["']?[ \t]*[=.\]]""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _from_toml(value: object, kind: type, place: str) -> Value:
    if issubclass(kind, StrEnum) and isinstance(value, str):
        return _choice(value, kind, place)
    wanted = str if issubclass(kind, str) else kind
    if wanted is float and type(value) is int:
        value = finite(value)
    # In Python a bool is an int; in a configuration file it is a mistake.
    if type(value) is not wanted:
        raise ConfigurationError(f"{place} is {value!r}; it must be {_in_words(kind)}.")
    return value  # type: ignore[return-value]


def _from_text(text: str, kind: type, place: str) -> Value:
    if kind is bool:
        if text.lower() not in _YES | _NO:
            raise ConfigurationError(f"{place} is {text!r}; it must be {_in_words(kind)}.")
        return text.lower() in _YES
    if kind in {int, float}:
        try:
            number: float = kind(text)
            return number
        except ValueError:
            message = f"{place} is {text!r}; it must be {_in_words(kind)}."
            raise ConfigurationError(message) from None
    return _choice(text, kind, place) if issubclass(kind, StrEnum) else text


def _choice(text: str, kind: type[StrEnum], place: str) -> StrEnum:
    try:
        return kind(text)
    except ValueError:
        message = f"{place} is {text!r}; it must be {_in_words(kind)}."
        raise ConfigurationError(message) from None


def _in_words(kind: type) -> str:
    if issubclass(kind, StrEnum):
        return "one of " + ", ".join(kind)
    named = {bool: "true or false", int: "a whole number", float: "a number"}
    return named.get(kind, "text in quotes")


def _hint(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else f" There are {', '.join(known)}."


def _with_origins(message: str, origins: Mapping[str, str]) -> str:
    named = [field.name for field in fields(Settings) if re.search(rf"\b{field.name}\b", message)]
    given = [f"{name}: {origins[name]}" for name in named if origins[name] != DEFAULT]
    return f"{message} ({'; '.join(given)})"

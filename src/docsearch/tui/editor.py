"""How to open a passage's file where it stands: which program, with which words.

In: a path, a place in the file, the environment. Out: an argument list, never a line for a shell.
Does not run anything.
"""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from threading import Thread

from docsearch.domain.document import Location
from docsearch.domain.errors import ConfigurationError


def launch(opening: Opening, stepped_aside: AbstractContextManager[None]) -> None:
    """Run it: in the terminal, with the screen stepped aside until it ends, or on its own.

    Raises ConfigurationError where the program cannot be run.
    """
    try:
        if opening.takes_terminal:
            with stepped_aside, _interrupts_are_its_own():
                subprocess.run(opening.arguments, check=False)  # noqa: S603 - a list, no shell
        else:
            process = subprocess.Popen(  # noqa: S603 - a list, no shell
                opening.arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            # Its end is of no interest, but someone must take note of it.
            Thread(target=process.wait, name="opened", daemon=True).start()
    except OSError as error:
        program = opening.arguments[0]
        raise ConfigurationError(f"{program} cannot be run: {error.strerror}.") from error


@contextmanager
def _interrupts_are_its_own() -> Iterator[None]:
    """Ctrl-C reaches the whole terminal; meanwhile it is meant for the other program alone."""
    previous = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


Which = Callable[[str], str | None]

_PLUS_LINE = {"vi", "vim", "nvim", "view", "nano", "pico", "emacs", "emacsclient", "kak", "micro"}
_PLUS_LINE |= {"gvim", "nvim-qt", "mg", "joe", "ne", "jed", "gedit", "mousepad", "less"}
_COLON_LINE = {"hx", "helix", "subl", "zed", "zeditor"}
_GOTO_LINE = {"code", "code-insiders", "codium", "cursor", "windsurf"}
_WINDOWED = _GOTO_LINE | {"subl", "zed", "zeditor", "gvim", "nvim-qt", "gedit", "mousepad", "kate"}
_FALLBACKS = ("editor", "nano", "vim", "vi")
_PAGE_VIEWERS = {
    "zathura": ("-P", "{page}"),
    "evince": ("-i", "{page}"),
    "okular": ("-p", "{page}"),
    "xreader": ("-i", "{page}"),
    "atril": ("-i", "{page}"),
}
_NOT_TEXT = {".pdf", ".docx", ".odt", ".epub"}


@dataclass(frozen=True)
class Opening:
    """`arguments` to run; `takes_terminal` is whether the screen must step aside meanwhile."""

    arguments: tuple[str, ...]
    takes_terminal: bool


def opening(path: Path, place: Location, environment: Mapping[str, str], which: Which) -> Opening:
    """The program for this file. Raises ConfigurationError where there is none.

    Text goes to $VISUAL, else $EDITOR, else an editor that is installed; a page to a viewer that
    takes a page number, else to the desktop's opener.
    """
    if place.page is not None or path.suffix.lower() in _NOT_TEXT:
        return _desktop(path, place.page, which)
    return _editor(path, place.line or 1, environment, which)


def _editor(path: Path, line: int, environment: Mapping[str, str], which: Which) -> Opening:
    chosen = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        words = shlex.split(chosen)
    except ValueError as error:
        raise ConfigurationError(f"The editor {chosen!r} cannot be read: {error}.") from error
    if not words:
        words = [name for name in _FALLBACKS if which(name)][:1]
    if not words:
        raise ConfigurationError("No editor was found. Set EDITOR to one, then press Enter again.")
    if which(words[0]) is None:
        raise ConfigurationError(
            f"The editor {words[0]!r} is not on the PATH. Set EDITOR to one that is."
        )
    name = PurePath(words[0]).name.removesuffix(".exe")
    return Opening((*words, *_at_line(name, path, line)), name not in _WINDOWED)


def _at_line(editor: str, path: Path, line: int) -> tuple[str, ...]:
    if editor in _PLUS_LINE:
        return (f"+{line}", str(path))
    if editor in _COLON_LINE:
        return (f"{path}:{line}",)
    if editor in _GOTO_LINE:
        return ("--goto", f"{path}:{line}")
    if editor == "kate":
        return ("--line", str(line), str(path))
    # An editor that is not known could take a line for a second file.
    return (str(path),)


def _desktop(path: Path, page: int | None, which: Which) -> Opening:
    if page is not None:
        for viewer, words in _PAGE_VIEWERS.items():
            if which(viewer):
                at_page = (word.format(page=page) for word in words)
                return Opening((viewer, *at_page, str(path)), takes_terminal=False)
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if which(opener) is None:
        raise ConfigurationError(
            f"{opener} was not found, so this file cannot be opened from here. "
            "Ctrl-Y copies its path."
        )
    return Opening((opener, str(path)), takes_terminal=False)

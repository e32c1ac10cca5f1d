"""Each file opens where the passage stands, and nothing in its name is ever a command."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import pytest

from docsearch.domain.document import Location
from docsearch.domain.errors import ConfigurationError
from docsearch.tui.editor import Opening, launch, opening

FILE = Path("/notes/a b; rm -rf $HOME.md")
PDF = Path("/notes/paper.pdf")
DESKTOP = "open" if sys.platform == "darwin" else "xdg-open"


def found(*names: str) -> Mapping[str, str]:
    return {name: f"/usr/bin/{name}" for name in names}


def opened(editor: str, *, line: int | None = 12, variable: str = "EDITOR") -> Opening:
    return opening(FILE, Location(line=line), {variable: editor}, lambda name: name)


@pytest.mark.parametrize("editor", ["vi", "vim", "nvim", "nano", "emacs", "kak", "micro"])
def test_editors_that_take_a_plus(editor: str) -> None:
    assert opened(editor) == Opening((editor, "+12", str(FILE)), takes_terminal=True)


@pytest.mark.parametrize(("editor", "terminal"), [("hx", True), ("subl", False), ("zed", False)])
def test_editors_that_take_a_colon(editor: str, terminal: bool) -> None:
    assert opened(editor) == Opening((editor, f"{FILE}:12"), terminal)


def test_code_goes_to_the_line_in_its_own_window() -> None:
    assert opened("code --wait") == Opening(("code", "--wait", "--goto", f"{FILE}:12"), False)


def test_an_editor_with_a_path_and_words_of_its_own() -> None:
    assert opened("'/opt/my editor/vim' -u NONE") == Opening(
        ("/opt/my editor/vim", "-u", "NONE", "+12", str(FILE)), True
    )


def test_an_unknown_editor_is_given_the_file_alone() -> None:
    assert opened("myedit") == Opening(("myedit", str(FILE)), True)


def test_visual_comes_before_editor() -> None:
    both = {"VISUAL": "nano", "EDITOR": "vim"}
    assert opening(FILE, Location(line=3), both, lambda name: name).arguments[0] == "nano"


def test_without_a_line_the_file_opens_at_its_top() -> None:
    assert opened("vim", line=None).arguments == ("vim", "+1", str(FILE))


def test_without_a_choice_an_installed_editor_is_taken() -> None:
    assert opening(FILE, Location(line=2), {}, found("nano", "vi").get).arguments[0] == "nano"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "Set EDITOR"),
        ({"EDITOR": "gone"}, "'gone' is not on the PATH"),
        ({"EDITOR": "a 'b"}, "a 'b"),
    ],
)
def test_where_there_is_no_editor_it_is_said(environment: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        opening(FILE, Location(line=2), environment, found().get)


@pytest.mark.parametrize(
    ("viewer", "arguments"),
    [
        ("zathura", ("zathura", "-P", "7", str(PDF))),
        ("evince", ("evince", "-i", "7", str(PDF))),
        ("okular", ("okular", "-p", "7", str(PDF))),
    ],
)
def test_a_pdf_opens_at_its_page(viewer: str, arguments: tuple[str, ...]) -> None:
    assert opening(PDF, Location(page=7), {"EDITOR": "vim"}, found(viewer).get) == Opening(
        arguments, False
    )


def test_without_such_a_viewer_the_desktop_opens_it() -> None:
    assert opening(PDF, Location(page=7), {}, found(DESKTOP).get).arguments == (DESKTOP, str(PDF))


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.EPUB"])
def test_what_is_not_text_never_opens_in_an_editor(name: str) -> None:
    file = Path("/notes") / name
    made = opening(file, Location(), {"EDITOR": "vim"}, found(DESKTOP).get)
    assert made.arguments == (DESKTOP, str(file))


def test_without_a_desktop_it_is_said() -> None:
    with pytest.raises(ConfigurationError, match=DESKTOP):
        opening(PDF, Location(page=7), {}, found().get)


def test_the_name_reaches_the_program_as_one_word(tmp_path: Path) -> None:
    said = tmp_path / "said"
    script = "import sys; open(sys.argv[1], 'w').write(repr(sys.argv[2:]))"
    name = "-x $(touch pwned)\n`id`; \udce9"
    launch(Opening((sys.executable, "-c", script, str(said), name), True), nullcontext())
    assert said.read_text() == repr([name])
    assert not Path("pwned").exists()


def test_a_program_that_cannot_be_run_is_an_error_in_words() -> None:
    with pytest.raises(ConfigurationError, match="cannot be run"):
        launch(Opening(("/no/such/program",), False), nullcontext())

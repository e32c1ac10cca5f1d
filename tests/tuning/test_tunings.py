"""What was measured is kept for this model, machine and software, and for no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docsearch.domain.errors import ModelError, ModelMissingError
from docsearch.domain.model import ModelFile
from docsearch.domain.runtime import REFERENCE
from docsearch.domain.tuning import Agreement, Trial, Tuning
from docsearch.serving import tunings as module
from docsearch.serving.tunings import MOST_KEPT, Tunings
from tests.fakes.tunable import FLOAT32, INT8

FILES = (ModelFile("model.safetensors", 4, "ab" * 32),)
TUNING = Tuning(
    "small",
    (
        Trial(REFERENCE, 8.0, 1.0),
        Trial(FLOAT32, 4.0, 2.0),
        Trial(INT8, 1.0, 8.0, Agreement(0.995, -0.001)),
    ),
)
OTHER = Tuning("large", (Trial(REFERENCE), Trial(INT8, problem="no room")))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tuning.json"


def opened(file: Path, files: tuple[ModelFile, ...] = FILES) -> Tunings:
    return Tunings(file, lambda _name: files)


def test_what_was_measured_is_there_in_the_next_session(file: Path) -> None:
    opened(file).keep(TUNING)
    opened(file).keep(OTHER)
    tunings = opened(file)
    assert tunings.of("small") == TUNING
    assert tunings.choice("small") == INT8
    assert tunings.of("large") == OTHER
    assert tunings.choice("large") == REFERENCE
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o077 == 0


def test_what_was_not_measured_is_run_as_the_reference(file: Path) -> None:
    assert opened(file).of("small") is None
    assert opened(file).choice("small") == REFERENCE


def test_other_weights_of_the_same_name_are_measured_anew(file: Path) -> None:
    opened(file).keep(TUNING)
    other = (ModelFile("model.safetensors", 4, "cd" * 32),)
    assert opened(file, other).of("small") is None


def test_another_machine_is_measured_anew_and_forgets_nothing_of_this_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(file).keep(TUNING)
    with monkeypatch.context() as there:
        there.setattr(module, "machine_fingerprint", lambda: "another")
        assert opened(file).of("small") is None
        opened(file).keep(Tuning("small", (Trial(REFERENCE),)))
        assert opened(file).choice("small") == REFERENCE
    assert opened(file).choice("small") == INT8


def test_a_model_that_is_not_here_has_no_choice(file: Path) -> None:
    def missing(name: str) -> tuple[ModelFile, ...]:
        raise ModelMissingError(name)

    assert Tunings(file, missing).choice("small") == REFERENCE


def test_old_ones_go(file: Path) -> None:
    for number in range(MOST_KEPT + 1):
        opened(file).keep(Tuning(f"model {number}", (Trial(REFERENCE),)))
    assert opened(file).of("model 0") is None
    assert opened(file).of("model 1") is not None


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"\xff\xfe{",
        lambda _: b"[" * 100_000,
        lambda _: b"[1]",
        lambda whole: whole[:-20],
        lambda whole: whole.replace(b"openvino int8", b"abacus int8"),
        lambda whole: whole.replace(b"torch float32", b"openvino float32"),
        lambda whole: whole.replace(b"8.0", b"NaN"),
        lambda whole: whole.replace(b"8.0", b'"fast"'),
        lambda whole: whole.replace(b'"trials"', b'"trails"'),
        lambda whole: whole.replace(b'"compared": true', b'"compared": 1'),
    ],
)
def test_what_cannot_be_read_is_measured_anew(file: Path, damage: Callable[[bytes], bytes]) -> None:
    opened(file).keep(TUNING)
    file.write_bytes(damage(file.read_bytes()))
    assert opened(file).of("small") is None
    opened(file).keep(TUNING)
    assert opened(file).of("small") == TUNING


def test_a_data_directory_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ModelError, match=r"tuning\.json"):
        opened(tmp_path / "data" / "tuning.json").keep(TUNING)

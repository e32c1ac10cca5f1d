"""Models over the network, against the stand-in hub: whole, broken, wrong, refused, offline."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import socket
from pathlib import Path

import pytest
from filelock import FileLock
from huggingface_hub.errors import OfflineModeIsEnabled

from docsearch.domain.errors import ModelCorruptError, ModelDownloadError, ModelMissingError
from docsearch.domain.model import Availability
from docsearch.domain.progress import DownloadProgress
from docsearch.models.hub.repository import Hub, hub_address
from docsearch.models.registry import ModelRegistry
from tests.models.conftest import HUB_ID
from tests.standins.hub import HubStandIn

WEIGHTS = "model.safetensors"


def ignore(progress: DownloadProgress) -> None:
    """A listener for transfers whose progress does not matter."""


def folder_of(data_dir: Path) -> Path:
    return data_dir / "models" / "someone--tiny"


def test_first_download_brings_a_model_that_scores(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path
) -> None:
    told: list[DownloadProgress] = []
    assert registry.state(HUB_ID).availability is Availability.NOT_DOWNLOADED

    registry.pull(HUB_ID, told.append)

    total = sum(path.stat().st_size for path in tiny_model.iterdir())
    assert registry.state(HUB_ID, verify=True).availability is Availability.READY
    assert told[0] == DownloadProgress(HUB_ID, "", 0, total)
    assert told[-1].received == total
    received = [each.received for each in told]
    assert received == sorted(received)
    assert {each.file for each in told[1:]} == {path.name for path in tiny_model.iterdir()}
    assert len(registry.load_reranker(HUB_ID).score("bread", ["the oven", "a train"])) == 2


def test_each_file_is_asked_for_once(hub: HubStandIn, registry: ModelRegistry) -> None:
    registry.pull(HUB_ID, ignore)

    transfers = hub.transfers()
    assert sorted(transfers) == sorted(set(transfers))
    assert len(hub.requests) == 1 + len(transfers) + len(hub.gets(WEIGHTS))


def test_a_whole_model_is_not_asked_for_again(hub: HubStandIn, registry: ModelRegistry) -> None:
    registry.pull(HUB_ID, ignore)
    asked = len(hub.requests)

    registry.pull(HUB_ID, ignore)

    assert len(hub.requests) == asked


def test_only_the_owner_can_read_the_models(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path
) -> None:
    registry.pull(HUB_ID, ignore)

    assert folder_of(data_dir).stat().st_mode & 0o077 == 0


def test_pickles_and_code_stay_on_the_hub(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path, tmp_path: Path, data_dir: Path
) -> None:
    crowded = tmp_path / "crowded"
    shutil.copytree(tiny_model, crowded)
    (crowded / "pytorch_model.bin").write_bytes(b"pickle")
    (crowded / "modeling_tiny.py").write_text("raise SystemExit")
    (crowded / "onnx").mkdir()
    (crowded / "onnx" / "model.onnx").write_bytes(b"onnx")
    hub.publish(HUB_ID, crowded)

    registry.pull(HUB_ID, ignore)

    fetched = {path.name for path in folder_of(data_dir).iterdir()} - {"receipt.json"}
    assert fetched == {path.name for path in tiny_model.iterdir()}


def test_a_model_with_pickled_weights_alone_is_refused(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    pickled = tmp_path / "pickled"
    shutil.copytree(tiny_model, pickled)
    (pickled / WEIGHTS).rename(pickled / "pytorch_model.bin")
    hub.publish(HUB_ID, pickled)

    with pytest.raises(ModelDownloadError, match="no weights as safetensors"):
        registry.pull(HUB_ID, ignore)
    assert hub.transfers() == []


def test_a_broken_connection_is_taken_up_where_it_broke(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    hub.drop_after.extend([50_000, 40_000])

    registry.pull(HUB_ID, ignore)

    assert hub.gets(WEIGHTS) == [None, 50_000, 90_000]
    assert registry.state(HUB_ID, verify=True).availability is Availability.READY


def test_a_transfer_that_was_given_up_goes_on_in_the_next_attempt(
    hub: HubStandIn, data_dir: Path
) -> None:
    hub.drop_after.extend([20_000] * 5)

    with pytest.raises(ModelDownloadError, match="The connection broke") as caught:
        ModelRegistry(data_dir).pull(HUB_ID, ignore)
    assert HUB_ID in str(caught.value)
    assert hub.address in str(caught.value)

    later = ModelRegistry(data_dir)
    assert later.state(HUB_ID).availability is Availability.INCOMPLETE
    told: list[DownloadProgress] = []
    later.pull(HUB_ID, told.append)
    assert hub.gets(WEIGHTS)[-1] == 100_000
    assert told[0].received >= 100_000
    assert later.state(HUB_ID, verify=True).availability is Availability.READY


def test_a_connection_that_brings_nothing_is_given_up(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    hub.drop_after.extend([0] * 100)

    with pytest.raises(ModelDownloadError, match="Run it again"):
        registry.pull(HUB_ID, ignore)
    assert hub.gets(WEIGHTS) == [None]


def test_a_hub_that_cannot_resume_is_asked_from_the_start(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    hub.resumes = False
    hub.drop_after.append(50_000)

    registry.pull(HUB_ID, ignore)

    assert registry.state(HUB_ID, verify=True).availability is Availability.READY


def test_a_listener_can_stop_the_transfer_and_what_arrived_stays(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    class StoppedError(Exception):
        pass

    def stop(progress: DownloadProgress) -> None:
        if progress.file == WEIGHTS:
            raise StoppedError

    with pytest.raises(StoppedError):
        registry.pull(HUB_ID, stop)
    registry.pull(HUB_ID, ignore)

    first, second = hub.gets(WEIGHTS)
    assert first is None
    assert second is not None
    assert second > 0


@pytest.mark.parametrize("name", [WEIGHTS, "tokenizer.json"])
def test_a_file_that_arrives_damaged_is_deleted_and_named(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path, name: str
) -> None:
    hub.damaged.add(name)

    with pytest.raises(ModelCorruptError, match=f"{name} of {HUB_ID} arrived damaged") as caught:
        registry.pull(HUB_ID, ignore)

    assert "expected" in str(caught.value)
    assert not list(folder_of(data_dir).glob(f"{name}*"))
    assert registry.state(HUB_ID).availability is Availability.INCOMPLETE
    hub.damaged.clear()
    registry.pull(HUB_ID, ignore)
    assert registry.state(HUB_ID, verify=True).availability is Availability.READY


def test_a_hub_with_other_weights_than_described_is_refused(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path
) -> None:
    described = "cross-encoder/ms-marco-MiniLM-L6-v2"
    commit = hub.publish(described, tiny_model)
    commits = hub.repositories[described].commits
    revision = registry.state(described).description.revision
    commits[revision] = {"special_tokens_map.json": b"{}", "vocab.txt": b"", **commits[commit]}

    with pytest.raises(ModelCorruptError, match=r"another model\.safetensors") as caught:
        registry.pull("ms-marco-MiniLM-L6-v2", ignore)

    offered = hashlib.sha256((tiny_model / WEIGHTS).read_bytes()).hexdigest()
    assert offered in str(caught.value)
    assert hub.transfers() == []


def test_a_hub_that_answers_with_another_commit_is_refused(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    hub.answer = (200, {}, json.dumps({"id": "x", "sha": "0" * 40, "siblings": []}).encode())

    with pytest.raises(ModelDownloadError, match=f"commit {'0' * 40}, where 7b0235231ca2"):
        registry.pull("ms-marco-MiniLM-L12-v2", ignore)


def test_an_empty_file_of_a_model_is_no_obstacle(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    with_empty = tmp_path / "with empty"
    shutil.copytree(tiny_model, with_empty)
    (with_empty / "merges.txt").write_bytes(b"")
    hub.publish(HUB_ID, with_empty)

    registry.pull(HUB_ID, ignore)

    assert registry.state(HUB_ID, verify=True).availability is Availability.READY


def test_a_damaged_file_on_disk_is_noticed_refused_and_repaired(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path
) -> None:
    registry.pull(HUB_ID, ignore)
    weights = folder_of(data_dir) / WEIGHTS
    content = bytearray(weights.read_bytes())
    content[-1] ^= 0xFF
    weights.write_bytes(content)

    state = registry.state(HUB_ID, verify=True)
    assert state.availability is Availability.WRONG_HASH
    assert str(weights) in state.problems[0]
    assert f"docsearch models pull {HUB_ID}" in state.problems[0]
    with pytest.raises(ModelCorruptError, match=f"expected .* models pull {HUB_ID}"):
        registry.load_reranker(HUB_ID)

    registry.pull(HUB_ID, ignore)
    assert len(hub.gets(WEIGHTS)) == 2
    assert hub.transfers().count("tokenizer.json") == 1
    assert registry.state(HUB_ID, verify=True).availability is Availability.READY


def test_a_file_of_another_size_is_noticed_without_hashing(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path
) -> None:
    registry.pull(HUB_ID, ignore)
    with (folder_of(data_dir) / WEIGHTS).open("ab") as file:
        file.write(b"more")

    assert registry.state(HUB_ID).availability is Availability.WRONG_HASH


def test_the_first_download_settles_the_commit(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path, tmp_path: Path, data_dir: Path
) -> None:
    first = hub.repositories[HUB_ID].main
    registry.pull(HUB_ID, ignore)
    changed = tmp_path / "changed"
    shutil.copytree(tiny_model, changed)
    (changed / "vocab.txt").write_text("new")
    assert hub.publish(HUB_ID, changed) != first
    (folder_of(data_dir) / "config.json").unlink()
    hub.requests.clear()

    registry.pull(HUB_ID, ignore)

    assert hub.requests[0].path.endswith(f"/revision/{first}")
    assert hub.transfers() == ["config.json"]


def test_a_file_in_the_users_hub_cache_is_not_fetched(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path, tmp_path: Path
) -> None:
    commit = hub.repositories[HUB_ID].main
    snapshot = tmp_path / "hub-cache" / "models--someone--tiny" / "snapshots" / commit
    snapshot.mkdir(parents=True)
    shutil.copy(tiny_model / WEIGHTS, snapshot)
    (snapshot / "tokenizer.json").write_text("not what was published")

    registry.pull(HUB_ID, ignore)

    assert hub.gets(WEIGHTS) == []
    assert "tokenizer.json" in hub.transfers()
    assert registry.state(HUB_ID, verify=True).availability is Availability.READY


def test_offline_is_absolute(hub: HubStandIn, data_dir: Path) -> None:
    offline = ModelRegistry(data_dir, offline=True)

    for name in (HUB_ID, "ms-marco-MiniLM-L6-v2", "ms-marco-electra-base"):
        with pytest.raises(ModelDownloadError, match="--offline"):
            offline.pull(name, ignore)
        with pytest.raises(ModelMissingError, match=f"docsearch models pull {name}"):
            offline.load_reranker(name)
    offline.states()

    assert hub.requests == []


def test_offline_uses_what_is_on_disk(hub: HubStandIn, data_dir: Path) -> None:
    ModelRegistry(data_dir).pull(HUB_ID, ignore)
    hub.requests.clear()

    offline = ModelRegistry(data_dir, offline=True)
    offline.pull(HUB_ID, ignore)

    assert offline.load_reranker(HUB_ID).name == HUB_ID
    assert hub.requests == []


def test_the_hubs_own_offline_switch_is_explained(
    hub: HubStandIn, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)

    with pytest.raises(ModelDownloadError, match="HF_HUB_OFFLINE is set"):
        registry.pull(HUB_ID, ignore)
    assert hub.requests == []


def test_a_model_that_does_not_fit_on_the_disk_is_not_begun(
    hub: HubStandIn, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(Path.cwd())._replace(free=60_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    with pytest.raises(ModelDownloadError, match="60 kB are free") as caught:
        registry.pull(HUB_ID, ignore)

    assert "Make room" in str(caught.value)
    assert hub.transfers() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_up_on_the_way_is_explained(
    hub: HubStandIn, registry: ModelRegistry, tiny_model: Path, data_dir: Path
) -> None:
    digest = hashlib.sha256((tiny_model / WEIGHTS).read_bytes()).hexdigest()
    folder = folder_of(data_dir)
    folder.mkdir(parents=True)
    (folder / f"{WEIGHTS}.{digest[:12]}.partial").symlink_to("/dev/full")

    with pytest.raises(ModelDownloadError, match="the disk is full") as caught:
        registry.pull(HUB_ID, ignore)
    assert "it goes on where it stopped" in str(caught.value)


def test_a_data_directory_that_cannot_be_written_is_explained(
    hub: HubStandIn, data_dir: Path
) -> None:
    data_dir.mkdir()
    (data_dir / "models").write_text("a file where the folder should be")

    with pytest.raises(ModelDownloadError, match="--data-dir"):
        ModelRegistry(data_dir).pull(HUB_ID, ignore)


def test_two_downloads_of_one_model_do_not_mix(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path
) -> None:
    (data_dir / "models").mkdir(parents=True)
    with (
        FileLock(data_dir / "models" / "someone--tiny.lock"),
        pytest.raises(ModelDownloadError, match="Another docsearch is downloading"),
    ):
        registry.pull(HUB_ID, ignore)


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (401, "RepoNotFound", "no such model, or it is private"),
        (403, "GatedRepo", "accept terms"),
        (404, "RepoNotFound", "no such model"),
        (404, "RevisionNotFound", "does not have the revision"),
        (403, "", "Check DOCSEARCH_HUB_TOKEN"),
        (429, "", "rate-limiting"),
        (503, "", "a server error"),
        (418, "", "HTTP 418"),
    ],
)
def test_a_refusal_says_what_to_do(
    hub: HubStandIn, registry: ModelRegistry, status: int, code: str, said: str
) -> None:
    hub.answer = (status, {"X-Error-Code": code} if code else {}, b"")

    with pytest.raises(ModelDownloadError, match=said) as caught:
        registry.pull(HUB_ID, ignore)
    assert f"{hub.address}/{HUB_ID}" in str(caught.value)
    assert registry.state(HUB_ID).availability is Availability.NOT_DOWNLOADED


@pytest.mark.parametrize("token", [None, "hf_for_the_mirror"])
def test_a_hub_of_another_address_gets_no_token_but_its_own(
    hub: HubStandIn, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_for_the_public_hub")
    if token:
        monkeypatch.setenv("DOCSEARCH_HUB_TOKEN", token)

    registry.pull(HUB_ID, ignore)

    sent = {request.authorization for request in hub.requests}
    assert sent == {f"Bearer {token}" if token else None}


def test_the_public_hub_gets_the_usual_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.setenv("DOCSEARCH_HUB_TOKEN", "hf_for_the_mirror")
    asked: dict[str, object] = {}

    class Api:
        def __init__(self, endpoint: str, **named: object) -> None:
            asked.update(named, endpoint=endpoint)

        def model_info(self, *_: object, **__: object) -> None:
            raise OfflineModeIsEnabled

    monkeypatch.setattr("huggingface_hub.HfApi", Api)
    with pytest.raises(ModelDownloadError):
        Hub(hub_address()).listing(HUB_ID, "main")

    assert asked["endpoint"] == "https://huggingface.co"
    assert asked["token"] is None, "huggingface_hub finds HF_TOKEN, or the one of its login"


@pytest.mark.parametrize(
    ("facts", "value"),
    [("sha", "../../../elsewhere"), ("sha", "a b"), ("size", -5)],
)
def test_an_answer_that_no_hub_gives_is_refused(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path, facts: str, value: object
) -> None:
    file: dict[str, object] = {"rfilename": "config.json", "size": 2, "blobId": "0" * 40}
    told: dict[str, object] = {"id": HUB_ID, "sha": "a" * 40, "siblings": [file]}
    (file if facts == "size" else told)[facts] = value
    hub.answer = (200, {"Content-Type": "application/json"}, json.dumps(told).encode())

    with pytest.raises(ModelDownloadError, match="does not answer like a hub"):
        registry.pull(HUB_ID, ignore)
    assert not list(data_dir.rglob("config.json"))


def test_an_answer_that_nests_without_end_is_refused(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    hub.answer = (200, {"Content-Type": "application/json"}, b"[" * 300_000)

    with pytest.raises(ModelDownloadError, match="does not answer like a hub"):
        registry.pull(HUB_ID, ignore)


@pytest.mark.parametrize("body", [b"<html>Welcome to the hotel</html>", b"[]", b'{"a": 1}'])
def test_something_that_is_no_hub_is_recognised(
    hub: HubStandIn, registry: ModelRegistry, body: bytes
) -> None:
    hub.answer = (200, {"Content-Type": "text/html"}, body)

    with pytest.raises(ModelDownloadError, match="does not answer like a hub"):
        registry.pull(HUB_ID, ignore)


def test_no_connection_is_explained(
    hub: HubStandIn, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(ModelDownloadError, match="No connection to") as caught:
            registry.pull(HUB_ID, ignore)
    assert "Check the network" in str(caught.value)


def test_an_address_without_a_protocol_is_explained(
    hub: HubStandIn, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "mirror.example")

    with pytest.raises(ModelDownloadError, match="is no address of a hub"):
        registry.pull(HUB_ID, ignore)


def test_a_name_that_the_hub_does_not_have_is_not_listed_afterwards(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    before = registry.states()

    with pytest.raises(ModelDownloadError, match="no such model"):
        registry.pull("someone/mistyped", ignore)

    assert registry.states() == before


def test_listed_names_cannot_lead_out_of_the_folder(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path
) -> None:
    repository = hub.repositories[HUB_ID]
    repository.commits[repository.main]["../../escaped/config.json"] = b"{}"
    repository.commits[repository.main]["/etc/tokenizer.json"] = b"{}"

    registry.pull(HUB_ID, ignore)

    assert not (data_dir / "escaped").exists()
    assert len(hub.transfers()) == len(list(folder_of(data_dir).iterdir())) - 1


def test_removing_makes_room_and_can_be_undone(
    hub: HubStandIn, registry: ModelRegistry, data_dir: Path
) -> None:
    registry.pull(HUB_ID, ignore)
    assert HUB_ID in [state.description.hub_id for state in registry.states()]

    registry.remove(HUB_ID)

    assert not folder_of(data_dir).exists()
    assert registry.state(HUB_ID).availability is Availability.NOT_DOWNLOADED
    with pytest.raises(ModelMissingError):
        registry.remove(HUB_ID)
    registry.pull(HUB_ID, ignore)
    assert registry.state(HUB_ID).availability is Availability.READY


def test_a_closed_pipe_of_the_listener_is_not_called_a_disk_fault(
    hub: HubStandIn, registry: ModelRegistry
) -> None:
    def closed(progress: DownloadProgress) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    with pytest.raises(BrokenPipeError):
        registry.pull(HUB_ID, closed)

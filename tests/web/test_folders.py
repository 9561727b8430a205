"""Folders over the API: imported, checked, kept from others, ended."""

from __future__ import annotations

import pytest

from lull.exchange.seal import open_bytes, pack, seal_bytes, unpack
from lull.store import models
from tests.store.kit import World
from tests.web.folders import IMPORT, imported, template, upload, worked, zipped
from tests.web.kit import Caller, caller


def test_a_zipped_folder_is_checked_and_kept_for_what_is_asked_of_it(world: World) -> None:
    olga = caller(world, "olga")
    sent = upload(olga, zipped())
    assert sent.status_code == 201, sent.content
    assert (sent.json()["state"], sent.json()["name"]) == ("waiting", "my-pause")
    worked(world)
    found = olga.get(f"{IMPORT}/{sent.json()['id']}").json()
    assert (found["state"], found["errors"], found["title"]) == ("ready", 0, "First steps")
    assert len(found["content_hash"]) == 64
    job = olga.get(f"pauses/{{pause}}/jobs/{found['job']}").json()
    assert (job["kind"], job["state"], job["answer"]["ready"]) == ("check", "done", True)
    row = models.Folder.objects.get()
    kept = unpack(open_bytes(bytes(row.kept), secrets=[world.store.secrets.data.secret]))
    assert kept == template()


def test_a_sealed_folder_is_taken_as_it_is(world: World) -> None:
    olga = caller(world, "olga")
    sealed = seal_bytes(pack(dict(template())), recipients=[world.store.secrets.data.public])
    sent = olga.ask("POST", IMPORT, raw=sealed)
    assert sent.status_code == 201, sent.content
    worked(world)
    assert olga.get(f"{IMPORT}/{sent.json()['id']}").json()["state"] == "ready"


def test_all_that_is_wrong_is_told_at_its_place_and_nothing_is_kept(world: World) -> None:
    olga = caller(world, "olga")
    files = dict(template())
    files["fleet.csv"] = files["fleet.csv"].replace(b"bus,", b"bus,", 1) + b"x,,minus one,nowhere\n"
    files["corridors.csv"] = b"id\n"
    sent = upload(olga, zipped(files))
    worked(world)
    found = olga.get(f"{IMPORT}/{sent.json()['id']}").json()
    assert found["state"] == "wrong"
    assert found["errors"] == sum(f["level"] == "error" for f in found["findings"]) > 1
    assert {f["file"] for f in found["findings"]} >= {"fleet.csv", "corridors.csv"}
    assert all(f["sentence"] for f in found["findings"])
    assert any(f["row"] and f["column"] for f in found["findings"])
    assert bytes(models.Folder.objects.get().kept) == b""
    asked = olga.post(f"{IMPORT}/{sent.json()['id']}/jobs", {"kind": "plan"})
    assert asked.status_code == 422


@pytest.mark.parametrize("given", ["no archive", "a way out", "half of one", "empty", "nothing"])
def test_what_is_no_folder_is_refused_at_once(world: World, given: str) -> None:
    raw = {"no archive": b"PK\x03\x04 but no more", "a way out": zipped({"../x": b"1"}, ""),
           "half of one": zipped()[:-200], "empty": zipped({}),
           "nothing": b""}[given]
    said = upload(caller(world, "olga"), raw)
    assert said.status_code == 422, said.content
    assert said.json()["sentence"]
    assert not models.Folder.objects.exists()
    assert not models.Job.objects.exists()


def test_a_form_without_the_file_or_too_large_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga = caller(world, "olga")
    assert olga.ask("POST", IMPORT, raw=b"").status_code == 422
    monkeypatch.setattr("lull.web.api.folders.LARGEST_UPLOAD_BYTES", 1_000)
    assert upload(olga, bytes(200_000)).status_code == 413
    assert olga.ask("POST", IMPORT, raw=bytes(200_000)).status_code == 413


def test_a_folder_is_for_its_side_and_coordinators(world: World) -> None:
    """The owner's, by a member and by strangers of each role."""
    one = imported(world, caller(world, "olga"))
    for name, seen in {"olga": True, "omar": True, "alice": True, "oda": False, "paul": False,
                       "mona": False, "fred": False}.items():
        asks = caller(world, name)
        assert [f["id"] for f in asks.get(IMPORT).json()] == ([one] if seen else []), name
        assert asks.get(f"{IMPORT}/{one}").status_code == (200 if seen else 404), name
    for name in ("paul", "mona", "fred"):
        assert upload(caller(world, name), zipped()).status_code == 403, name
    assert Caller(world).get(IMPORT).status_code == 401
    for name in ("oda", "paul", "mona"):
        assert caller(world, name).ask("DELETE", f"{IMPORT}/{one}").status_code == 404, name
    assert caller(world, "omar").ask("DELETE", f"{IMPORT}/{one}").status_code == 204


def test_what_is_ended_is_destroyed_and_what_waits_for_it_ends(world: World) -> None:
    olga = caller(world, "olga")
    one = imported(world, olga)
    asked = olga.post(f"{IMPORT}/{one}/jobs", {"kind": "plan", "options": {"work": 0}})
    assert asked.status_code == 201, asked.content
    assert olga.ask("DELETE", f"{IMPORT}/{one}").status_code == 204
    found = olga.get(f"{IMPORT}/{one}").json()
    assert (found["state"], found["name"], found["title"]) == ("ended", "", "")
    assert bytes(models.Folder.objects.get().kept) == b""
    worked(world)
    job = olga.get(f"pauses/{{pause}}/jobs/{asked.json()['id']}").json()
    assert (job["state"], job["answer"]) == ("ended", None)
    assert olga.post(f"{IMPORT}/{one}/jobs", {"kind": "plan"}).status_code == 422


def test_nothing_of_a_folder_lies_in_clear_in_the_store(world: World) -> None:
    olga = caller(world, "olga")
    canary = b"Canary school yard"
    files = {name: raw.replace(b"School yard", canary) for name, raw in template().items()}
    upload(olga, zipped(files), "Canary school yard.zip")
    worked(world)
    for row in (*models.Folder.objects.all(), *models.Job.objects.all()):
        for column in row._meta.concrete_fields:
            value = getattr(row, column.attname)
            raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            assert b"Canary" not in raw, column.attname

"""`lull key`, `seal` and `open`: what is sealed comes back, and to nobody else."""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path

import pyrage
import pytest


@pytest.fixture
def folder(made_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_folder, tmp_path / "pause"))


@pytest.fixture
def key(lull, tmp_path: Path) -> tuple[Path, str]:
    """A key file and its public half."""
    said = lull("key", tmp_path / "my.key")
    assert said.code == 0
    return tmp_path / "my.key", said.out.strip()


def test_a_key_is_for_its_owner_alone_and_never_written_over(lull, key) -> None:
    file, public = key
    assert public.startswith("age1")
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert lull("key", file).code == 2
    assert file.read_bytes() == before


def test_a_sealed_folder_comes_back_as_it_was(lull, folder: Path, key, tmp_path: Path) -> None:
    file, public = key
    assert lull("seal", folder, "--to", public).code == 0
    sealed = tmp_path / "pause.age"
    assert sealed.read_bytes().startswith(b"age-encryption.org/v1")
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert lull("open", sealed, "--key", file, "--out", tmp_path / "back").code == 0
    names = sorted(p.name for p in folder.iterdir() if p.is_file())
    same, other, wrong = filecmp.cmpfiles(folder, tmp_path / "back", names, shallow=False)
    assert (sorted(same), other, wrong) == (names, [], [])
    assert lull("check", tmp_path / "back").code == 0


def test_nothing_of_a_folder_shows_in_what_is_sealed(lull, folder: Path, key, tmp_path) -> None:
    lull("seal", folder, "--to", key[1])
    raw = (tmp_path / "pause.age").read_bytes()
    for word in (b"sites.csv", b"Reception", b"lat", b"pause.yaml"):
        assert word not in raw


def test_several_readers_each_open_it_and_a_stranger_does_not(
    lull, folder: Path, key, tmp_path: Path
) -> None:
    other = lull("key", tmp_path / "other.key").out.strip()
    lull("key", tmp_path / "stranger.key")
    assert lull("seal", folder, "--to", key[1], "--to", other).code == 0
    for i, file in enumerate(("my.key", "other.key")):
        words = ("--key", tmp_path / file, "--out", tmp_path / f"back{i}")
        assert lull("open", tmp_path / "pause.age", *words).code == 0
    said = lull(
        "open",
        tmp_path / "pause.age",
        "--key",
        tmp_path / "stranger.key",
        "--out",
        tmp_path / "back2",
    )
    assert said.code == 2
    assert "other keys" in said.err
    assert not (tmp_path / "back2").exists()


def test_another_age_program_opens_it(lull, folder: Path, key, tmp_path: Path) -> None:
    """The format is age's own: a decoder that knows nothing of lull reads it."""
    lull("seal", folder, "--to", key[1])
    secret = next(x for x in key[0].read_text().splitlines() if x.startswith("AGE-SECRET-KEY-1"))
    raw = pyrage.decrypt(
        (tmp_path / "pause.age").read_bytes(), [pyrage.x25519.Identity.from_str(secret)]
    )
    assert b"pause.yaml" in raw


def test_nothing_in_the_way_is_written_over(lull, folder: Path, key, tmp_path: Path) -> None:
    assert lull("seal", folder, "--to", key[1]).code == 0
    again = lull("seal", folder, "--to", key[1])
    assert again.code == 2
    assert "there already" in again.err
    assert lull("seal", folder, "--to", key[1], "--replace").code == 0
    said = lull("open", tmp_path / "pause.age", "--key", key[0])
    assert said.code == 2
    assert "there already" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("seal", "{folder}"), "public keys"),
        (("seal", "{folder}", "--to", "age1nonsense"), "starts with age1"),
        (("seal", "{folder}/none", "--to", "{public}"), "does not exist"),
        (("open", "{folder}/sites.csv", "--key", "{key}", "--out", "x"), "not sealed"),
        (("open", "{folder}/none.age", "--key", "{key}"), "cannot be opened"),
        (("open", "{folder}/sites.csv", "--key", "{key}"), "--out"),
        (("open", "{folder}/none.age", "--key", "{folder}/sites.csv"), "no secret key"),
        (("open", "{folder}/none.age", "--key", "{folder}/none.key"), "none.key"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_wrong_word_is_a_sentence(lull, folder, key, words, sentence) -> None:
    given = [w.format(folder=folder, public=key[1], key=key[0]) for w in words]
    said = lull(*given)
    assert said.code == 2
    assert sentence in said.err


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9, 0.999])
def test_a_sealed_file_that_was_cut_opens_nothing(lull, folder, key, tmp_path, share) -> None:
    lull("seal", folder, "--to", key[1])
    sealed = tmp_path / "pause.age"
    raw = sealed.read_bytes()
    sealed.write_bytes(raw[: int(len(raw) * share)])
    said = lull("open", sealed, "--key", key[0], "--out", tmp_path / "back")
    assert said.code == 2
    assert not (tmp_path / "back").exists()


def test_a_sealed_folder_is_planned_without_ever_being_opened_on_disk(
    lull, folder: Path, key, tmp_path: Path
) -> None:
    lull("seal", folder, "--to", key[1])
    shutil.rmtree(folder)
    sealed, out = tmp_path / "pause.age", tmp_path / "out"
    assert lull("check", sealed, "--key", key[0]).code == 0
    assert lull("plan", sealed, "--key", key[0], "--out", out).code == 0
    assert lull("verify", sealed, out, "--key", key[0]).code == 0
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {"my.key", "pause.age", "out"}
    without = lull("check", sealed)
    assert without.code == 2
    assert "key" in without.out


def test_a_sealed_plan_is_verified_shown_and_reported_in_memory(
    lull, folder: Path, planned: Path, key, tmp_path: Path
) -> None:
    file, public = key
    plan, whole = tmp_path / "plan.age", tmp_path / "planned.age"
    assert lull("seal", planned / "plan.json", "--to", public, "--out", plan).code == 0
    assert lull("seal", planned, "--to", public, "--out", whole).code == 0
    before = {path.name for path in tmp_path.iterdir()}
    for sealed in (plan, whole):
        assert lull("verify", folder, sealed, "--key", file).code == 0
        shown = lull("show", folder, sealed, "--key", file)
        assert (shown.code, shown.out) == (0, lull("show", folder, planned).out)
    assert {path.name for path in tmp_path.iterdir()} == before
    again = lull("report", folder, whole, "--key", file, "--out", tmp_path / "again")
    assert again.code == 0
    assert (tmp_path / "again" / "report.html").read_text(encoding="utf-8") == (
        planned / "report.html"
    ).read_text(encoding="utf-8")


def test_a_sealed_plan_stays_shut_without_its_key(
    lull, folder: Path, planned: Path, key, tmp_path: Path
) -> None:
    sealed = tmp_path / "planned.age"
    lull("seal", planned, "--to", key[1], "--out", sealed)
    for words in (("verify",), ("show",), ("report", "--out", tmp_path / "again")):
        said = lull(words[0], folder, sealed, *words[1:])
        assert said.code == 2
        assert "Give the secret key" in said.err
    assert not (tmp_path / "again").exists()


def test_a_sealed_folder_is_no_plan(lull, folder: Path, key, tmp_path: Path) -> None:
    lull("seal", folder, "--to", key[1], "--out", tmp_path / "pause.age")
    said = lull("verify", folder, tmp_path / "pause.age", "--key", key[0])
    assert said.code == 2
    assert "holds no plan.json" in said.err

"""What is sealed opens only for those it was sealed to, and nothing in it leads out."""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.exchange import (
    Key,
    SealError,
    key_file,
    new_folder,
    open_into,
    open_sealed,
    read_folder,
    seal,
    secrets_in,
)
from lull.exchange.seal import open_bytes, pack, seal_bytes, unpack
from tests.exchange.kit import Folder, template

KEY, OTHER = Key.new(), Key.new()


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    new_folder(tmp_path / "mine")
    return seal(tmp_path / "mine", tmp_path / "mine.age", recipients=[KEY.public])


def test_a_sealed_folder_is_read_without_being_unpacked(sealed: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    reading = read_folder(sealed, secrets=(OTHER.secret, KEY.secret))
    assert reading.findings == ()
    assert reading.content_hash == read_folder(tmp_path / "mine").content_hash
    assert sorted(tmp_path.rglob("*")) == before


def test_it_shows_neither_names_nor_words(sealed: Path) -> None:
    raw = sealed.read_bytes()
    for word in (b"pause.yaml", b"sites", b"school", b"First steps", b"bridge"):
        assert word not in raw
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({}, "secret key"),
        ({"secrets": (OTHER.secret,)}, "other keys"),
        ({"secrets": ("AGE-SECRET-KEY-1NONSENSE",)}, "not right"),
        ({"passphrase": "guess"}, "cannot be opened"),
    ],
)
def test_it_stays_shut_for_others_with_a_sentence(
    sealed: Path, given_: dict[str, object], said: str
) -> None:
    reading = read_folder(sealed, **given_)  # type: ignore[arg-type]
    assert reading.case is None
    assert [f.check for f in reading.findings] == ["sealed"]
    assert said in reading.findings[0].sentence


def test_a_passphrase_opens_what_it_sealed(tmp_path: Path) -> None:
    raw = seal_bytes(b"hours and sites", passphrase="a long sentence")
    assert open_bytes(raw, passphrase="a long sentence") == b"hours and sites"
    with pytest.raises(SealError):
        open_bytes(raw, passphrase="another sentence")


def test_two_may_open_what_was_sealed_to_both() -> None:
    raw = seal_bytes(b"x", recipients=[KEY.public, OTHER.public])
    assert open_bytes(raw, secrets=[KEY.secret]) == open_bytes(raw, secrets=[OTHER.secret]) == b"x"


def test_nobody_or_a_wrong_key_is_refused() -> None:
    for wrong in ({}, {"recipients": ["age1nonsense"]}, {"recipients": [KEY.secret]},
                  {"recipients": [KEY.public], "passphrase": "and"}):
        with pytest.raises(SealError):
            seal_bytes(b"x", **wrong)  # type: ignore[arg-type]


def test_any_changed_byte_keeps_it_shut() -> None:
    raw = seal_bytes(b"twelve buses at nine", recipients=[KEY.public])
    for at in range(0, len(raw), 7):
        wrong = bytearray(raw)
        wrong[at] ^= 1
        with pytest.raises(SealError):
            open_bytes(bytes(wrong), secrets=[KEY.secret])


def test_a_cut_file_stays_shut() -> None:
    raw = seal_bytes(b"x" * 200_000, recipients=[KEY.public])
    for at in (0, 10, 30, 100, 150, 199, 65_700, 70_000, len(raw) - 1):
        with pytest.raises(SealError):
            open_bytes(raw[:at], secrets=[KEY.secret])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_after_a_right_beginning_are_a_sentence(raw: bytes) -> None:
    with pytest.raises(SealError):
        open_bytes(b"age-encryption.org/v1\n" + raw, secrets=[KEY.secret])


def tar(name: str, *, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.size = kind, link, 3 if kind == tarfile.REGTYPE else 0
        archive.addfile(entry, io.BytesIO(b"bad"))
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        tar("../evil.csv"), tar("/etc/evil"), tar("a/../../evil"), tar("C:\\evil.csv"),
        tar("a/" * 12 + "deep"), tar("link", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        tar("hard", kind=tarfile.LNKTYPE, link="../x"), tar("dev", kind=tarfile.CHRTYPE),
        tar("pipe", kind=tarfile.FIFOTYPE), b"", b"no tar", tar("a")[:100],
    ],
    ids=range(12),
)
def test_nothing_that_leads_out_of_the_folder_is_opened(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.age"
    file.write_bytes(seal_bytes(raw, recipients=[KEY.public]))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SealError):
        open_into(file, tmp_path / "in", secrets=[KEY.secret])
    assert sorted(tmp_path.rglob("*")) == before
    assert read_folder(file, secrets=(KEY.secret,)).case is None


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?\.csv", fullmatch=True),
                       st.binary(max_size=50), min_size=1, max_size=5))
def test_what_is_packed_is_unpacked(files: dict[str, bytes]) -> None:
    assert unpack(pack(files)) == files
    assert pack(files) == pack(dict(reversed(files.items())))


def test_it_is_opened_into_a_folder_that_only_its_owner_reads(
    sealed: Path, tmp_path: Path
) -> None:
    written = open_into(sealed, tmp_path / "out", secrets=[KEY.secret])
    assert {p.name for p in written} == {p.name for p in (tmp_path / "mine").iterdir()}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in written} == {0o600}
    with pytest.raises(SealError, match="there already"):
        open_into(sealed, tmp_path / "out", secrets=[KEY.secret])


def test_a_workbook_or_a_plan_is_sealed_alone(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine.xlsx", xlsx=True)
    sealed = seal(tmp_path / "mine.xlsx", tmp_path / "m.age", recipients=[KEY.public])
    assert read_folder(sealed, secrets=(KEY.secret,)).ok
    (tmp_path / "plan.json").write_text("{}")
    sealed = seal(tmp_path / "plan.json", tmp_path / "p.age", recipients=[KEY.public])
    assert open_sealed(sealed, secrets=[KEY.secret]) == {"plan.json": b"{}"}


def test_links_that_lead_out_are_not_sealed(tmp_path: Path) -> None:
    folder = Folder().write(tmp_path / "mine")
    (tmp_path / "secret.txt").write_text("not for them")
    (folder / "extra.csv").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(SealError, match="leads out"):
        seal(folder, tmp_path / "m.age", recipients=[KEY.public])


def test_the_sealed_file_may_not_lie_in_what_it_seals(tmp_path: Path) -> None:
    folder = Folder().write(tmp_path / "mine")
    with pytest.raises(SealError, match="inside the folder"):
        seal(folder, folder / "m.age", recipients=[KEY.public])


def test_a_key_file_is_read_back_and_says_the_public_key() -> None:
    text = key_file(KEY, "2016-10-20T08:00:00Z")
    assert secrets_in(text) == (KEY.secret,)
    assert f"# public key: {KEY.public}" in text
    for wrong in ("", "# only a comment\n", KEY.public):
        with pytest.raises(SealError):
            secrets_in(wrong)


AGE = shutil.which("age")


@pytest.mark.parametrize("way", ["to age", "from age"])
def test_the_age_program_opens_ours_and_we_open_its(way: str, tmp_path: Path) -> None:
    """With the program where there is one; the recorded file below stands for it elsewhere."""
    content = pack(template())
    (tmp_path / "key").write_text(key_file(KEY))
    if AGE is None:
        assert open_bytes(RECORDED, secrets=[RECORDED_KEY]) == b"sealed by age 1.1.1\n"
        return
    if way == "to age":
        (tmp_path / "x.age").write_bytes(seal_bytes(content, recipients=[KEY.public]))
        done = subprocess.run([AGE, "-d", "-i", str(tmp_path / "key"), str(tmp_path / "x.age")],
                              capture_output=True, check=True)
        assert done.stdout == content
    else:
        done = subprocess.run([AGE, "-r", KEY.public], input=content, capture_output=True,
                              check=True)
        assert open_bytes(done.stdout, secrets=[KEY.secret]) == content
        done = subprocess.run([AGE, "-a", "-r", KEY.public], input=content, capture_output=True,
                              check=True)
        assert open_bytes(done.stdout, secrets=[KEY.secret]) == content


RECORDED_KEY = "AGE-SECRET-KEY-17UGTT8VAHCN5D8K6PTFG9HEYDQPQCJSTLQVR4N4QVWCXUTJXZVAQMY75HP"
RECORDED = bytes.fromhex(
    "6167652d656e6372797074696f6e2e6f72672f76310a2d3e20583235353139207a424d625064757a43435558"
    "4f48544268462b6658524f7863456539736142374851594b3339774e4f48490a526b4677674b46487a434c47"
    "7a38567a494733394f474a41694559776e6c47685676614b68333255434b6f0a2d2d2d204c684e4c6f583157"
    "324d567a4d464555765843774a6c30773635307145494f627a784f6d5a3941316274340a2a54ed84a3d455c8"
    "d74cdf923aeb18bbf840a01113293ca95b305a2a9d68268305cb4ae49d7a75dba307ad821b92bef9ac358e15"
)
"""A file that the program age 1.1.1 made, and its key: an oracle without the program."""


def test_a_file_that_another_program_made_is_opened() -> None:
    assert open_bytes(RECORDED, secrets=[RECORDED_KEY]) == b"sealed by age 1.1.1\n"


@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_a_file_of_random_bytes_is_no_sealed_folder(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.age").write_bytes(raw)
    with pytest.raises(SealError):
        open_sealed(tmp_path / "x.age", secrets=[KEY.secret])


def test_shared_streets_are_sealed_with_the_folder(tmp_path: Path) -> None:
    folder = Folder().text("pause.yaml", "place:", "roads: ../city/roads.osm.pbf\nplace:")
    folder.write(tmp_path / "mine")
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "roads.osm.pbf").write_bytes(os.urandom(50))
    sealed = seal(tmp_path / "mine", tmp_path / "m.age", recipients=[KEY.public])
    held = open_sealed(sealed, secrets=[KEY.secret])
    assert held["roads.osm.pbf"] == (tmp_path / "city" / "roads.osm.pbf").read_bytes()

"""Files for browsers: proven by their hash before they are used, and never in the repository."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from lull.web.pages.assets import MAP_LIBRARY, fetched_folder
from scripts import browser_files
from scripts.browser_files import (
    TAKEN,
    Away,
    Package,
    Wrong,
    integrity_of,
    is_current,
    put,
    read_lock,
    unpacked,
)

ROOT = Path(__file__).resolve().parents[2]
NAMES = TAKEN["maplibre-gl"]


def packed(without: str = "") -> bytes:
    """A package as npm sends it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name in (*NAMES, "package/package.json", "../outside"):
            if name != without:
                member = tarfile.TarInfo(name)
                member.size = len(name)
                archive.addfile(member, io.BytesIO(name.encode()))
    return out.getvalue()


def package(raw: bytes) -> Package:
    return Package("maplibre-gl", "6.0.0", integrity_of(raw))


def test_the_lock_names_a_version_and_a_hash_and_no_host() -> None:
    text = (ROOT / "browser.lock").read_text(encoding="utf-8")
    (one,) = read_lock(text)
    assert one.name == "maplibre-gl"
    assert re.fullmatch(r"6\.\d+\.\d+", one.version)
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", one.integrity)
    assert "://" not in text


def test_the_hash_is_the_one_that_npm_writes() -> None:
    """RFC 6234 gives the SHA-512 of «abc» in section 8.5."""
    assert integrity_of(b"abc") == ("sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/Bq"
                                    "Da6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==")


def test_only_the_files_that_are_needed_are_taken_out() -> None:
    raw = packed()
    found = unpacked(package(raw), raw)
    assert found == {name: inside.encode() for inside, name in NAMES.items()}
    assert set(MAP_LIBRARY) < set(found)
    assert any("LICENSE" in name for name in found)


def test_a_package_of_another_hash_is_refused_in_one_sentence() -> None:
    raw = packed()
    with pytest.raises(Wrong) as refused:
        unpacked(package(raw), raw + b"\0")
    assert re.fullmatch(r"maplibre-gl 6\.0\.0 is not what browser\.lock names: [^.]+\.", str(
        refused.value))


def test_a_package_without_a_file_that_is_needed_is_refused() -> None:
    raw = packed(without="package/dist/maplibre-gl.css")
    with pytest.raises(Wrong, match=r"does not hold package/dist/maplibre-gl\.css"):
        unpacked(package(raw), raw)


@pytest.mark.parametrize("line", ["maplibre-gl 6.0.0", "maplibre-gl 6.0.0 sha1-abc",
                                  "another 1.0.0 sha512-abc"])
def test_a_line_that_is_none_is_told_with_its_number(line: str) -> None:
    with pytest.raises(Wrong, match="line 2"):
        read_lock(f"# packages\n{line}\n")


def test_what_was_put_is_current_until_the_lock_changes_or_a_file_goes(tmp_path: Path) -> None:
    raw, folder = packed(), tmp_path / "share" / "browser"
    assert not is_current(folder, "one")
    put(folder, "one", unpacked(package(raw), raw))
    assert is_current(folder, "one")
    assert not is_current(folder, "two")
    (folder / "maplibre-gl.css").unlink()
    assert not is_current(folder, "one")


@pytest.fixture
def main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script with a folder and a lock of its own; gives the folder."""
    (tmp_path / "lock").write_text(f"maplibre-gl 6.0.0 {integrity_of(packed())}\n")
    monkeypatch.setattr(browser_files, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(browser_files, "FOLDER", tmp_path / "folder")
    return tmp_path / "folder"


def test_it_fetches_once(main: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(browser_files, "fetched", lambda one: asked.append(one.version) or packed())
    assert browser_files.main() == 0
    assert browser_files.main() == 0
    assert asked == ["6.0.0"]
    assert {path.name for path in main.iterdir()} == {*NAMES.values(), "browser.lock"}


def test_what_was_changed_on_the_way_is_not_used(
    main: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser_files, "fetched", lambda one: packed() + b"\0")
    assert browser_files.main() == 1
    assert not main.exists()
    assert "it was not used. The map that moves is not there" in capsys.readouterr().err


def test_without_npm_it_says_so_and_nothing_fails(
    main: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert browser_files.main() == 0
    said = capsys.readouterr().err
    assert said.startswith("npm is not here")
    assert "the room draws its maps itself" in said
    assert not main.exists()


def test_a_registry_that_is_not_reached_is_told(
    main: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "ENOTFOUND")
    monkeypatch.setattr("shutil.which", lambda name: "/bin/npm")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: failed)
    assert browser_files.main() == 0
    assert "could not fetch maplibre-gl 6.0.0" in capsys.readouterr().err
    with pytest.raises(Away):
        browser_files.fetched(Package("maplibre-gl", "6.0.0", ""))


def test_the_server_looks_where_the_script_puts_it() -> None:
    assert fetched_folder() == Path(sys.prefix) / "share" / "lull" / "browser"
    assert fetched_folder() == browser_files.FOLDER

"""A folder handed over in one file: read where it is one, and harmless where it means harm."""

from __future__ import annotations

import io
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.exchange import Key, new_folder, read_folder, seal, to_xlsx
from lull.exchange.archive import DEEPEST, Limits, files_of
from lull.exchange.finding import Findings
from lull.exchange.reading import read_upload
from lull.exchange.upload import LARGEST_UPLOAD_BYTES

KEY = Key.new()
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing is wrong."""
    folder = tmp_path_factory.mktemp("made") / "mine"
    new_folder(folder)
    return folder


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A .zip of files, under just these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, raw in files.items():
            archive.writestr(zipfile.ZipInfo(name), raw, how)
    return out.getvalue()


def tarred(files: dict[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """A .tar of files, under just these names."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, raw in files.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, link
            entry.size = len(raw) if kind == tarfile.REGTYPE else 0
            archive.addfile(entry, io.BytesIO(raw))
    return out.getvalue()


def all_of(folder: Path, below: str = "") -> dict[str, bytes]:
    """A folder's files by name."""
    return {below + p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}


def wrong(raw: bytes, label: str = "up.zip") -> list[tuple[str, str, str]]:
    """Check, file and sentence of each error found; there is then no case."""
    reading = read_upload(raw, label, secrets=(KEY.secret,))
    assert reading.case is None
    return [(f.check, f.file, f.sentence) for f in reading.errors]


@pytest.mark.parametrize("below", ["", "my pause/", "./"])
@pytest.mark.parametrize("make", [zipped, tarred])
def test_an_archive_of_a_folder_is_read_as_the_folder_is(
    mine: Path, make: Callable[[dict[str, bytes]], bytes], below: str
) -> None:
    reading = read_upload(make(all_of(mine, below)), "mine.zip")
    assert reading.findings == ()
    assert reading.content_hash == read_folder(mine).content_hash


def test_a_workbook_and_a_sealed_folder_are_read_too(mine: Path, tmp_path: Path) -> None:
    whole = read_folder(mine).content_hash
    to_xlsx(mine, tmp_path / "mine.xlsx")
    sealed = seal(mine, tmp_path / "mine.age", recipients=[KEY.public])
    book = seal(tmp_path / "mine.xlsx", tmp_path / "book.age", recipients=[KEY.public])
    for file in (tmp_path / "mine.xlsx", sealed, book):
        reading = read_upload(file.read_bytes(), file.name, secrets=(KEY.secret,))
        assert (reading.findings, reading.content_hash) == ((), whole), file.name
    assert wrong(seal_for_another(mine, tmp_path))[0][0] == "sealed"


def seal_for_another(folder: Path, place: Path) -> bytes:
    """A folder sealed to somebody else."""
    return seal(folder, place / "other.age", recipients=[Key.new().public]).read_bytes()


def test_check_reads_an_archive_on_the_disk_and_leaves_nothing_beside_it(
    mine: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.zip").write_bytes(zipped(all_of(mine)))
    assert read_folder(tmp_path / "mine.zip").findings == ()
    assert [p.name for p in tmp_path.iterdir()] == ["mine.zip"]


def test_what_a_system_puts_in_by_itself_is_passed_over_and_a_misspelt_name_is_asked_about(
    mine: Path
) -> None:
    files = all_of(mine, "mine/")
    files |= {"__MACOSX/mine/._sites.csv": b"x", "mine/.DS_Store": b"x"}
    assert read_upload(zipped(files), "mine.zip").findings == ()
    files["mine/claim.csv"] = files.pop("mine/claims.csv")
    assert [f.check for f in read_upload(zipped(files), "mine.zip").findings] == ["file"]


LEADS_OUT = ("../evil.csv", "/etc/cron.d/evil", "a/../../evil.csv", "C:\\evil.csv", "\\\\host\\x",
             "a\\..\\..\\x", "C:evil.csv", "a/" * DEEPEST + "deep.csv", "new\nline.csv",
             "x" * 300 + ".csv")


@pytest.mark.parametrize("name", LEADS_OUT)
@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_name_that_leads_out_is_refused_at_its_file_and_nothing_is_written(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    make: Callable[[dict[str, bytes]], bytes], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found = wrong(make({**all_of(mine), name: b"evil"}))
    assert [check for check, _, _ in found] == ["path"]
    assert all("\n" not in said for _, _, said in found)
    assert list(tmp_path.rglob("*")) == []


def test_a_name_that_python_would_cut_at_a_zero_byte_is_refused(mine: Path) -> None:
    raw = zipped({**all_of(mine), "sites.csvXevil": b"x"}).replace(b"csvXevil", b"csv\0evil")
    assert "path" in [check for check, _, _ in wrong(raw)]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE,
                                  tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.CONTTYPE + b""])
def test_links_devices_and_pipes_in_a_tar_are_refused(kind: bytes) -> None:
    raw = tarred({"sites.csv": b""}, kind, "/etc/passwd")
    found = wrong(raw, "up.tar")
    if kind == tarfile.CONTTYPE:  # a plain file by another word
        assert "not found" in [check for check, _, _ in found]
    else:
        assert [(check, file) for check, file, _ in found] == [("archive", "sites.csv")]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO,
                                  stat.S_IFSOCK])
def test_links_devices_and_pipes_in_a_zip_are_refused(kind: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("sites.csv")
        info.create_system, info.external_attr = 3, (kind | 0o777) << 16
        archive.writestr(info, b"/etc/passwd")
    assert [(check, file) for check, file, _ in wrong(out.getvalue())] == [
        ("archive", "sites.csv")]


def test_an_encrypted_zip_is_refused_with_what_to_do_instead() -> None:
    raw = bytearray(zipped({"sites.csv": b"id"}))
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(head) + at] |= 1
    assert "lull seal" in wrong(bytes(raw))[0][2]


def test_a_file_that_stands_twice_is_refused() -> None:
    raw = zipped({"sites.csv": b"one", "sitez.csv": b"two"}).replace(b"sitez.csv", b"sites.csv")
    assert "twice" in wrong(raw)[0][2]


def test_a_bomb_is_refused_by_what_it_says_before_it_is_unpacked() -> None:
    """Zeros, pressed a thousand times; as many tables as are needed to fill a memory."""
    one = zipped({"sites.csv": b"\0" * 150 * MEGABYTE})
    assert len(one) < MEGABYTE
    many = zipped({f"t{i}.csv": b"\0" * 40 * MEGABYTE for i in range(9)})
    tracemalloc.start()
    assert "fill a memory" in wrong(one)[0][2]
    found = wrong(many)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 10
    assert any("360 MB" in said for _, _, said in found)
    assert most < 5 * MEGABYTE


def test_an_archive_that_lies_about_its_sizes_is_unpacked_no_further_than_it_says() -> None:
    raw = bytearray(zipped({"sites.csv": b"\0" * 100 * MEGABYTE}))
    for head, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = raw.index(head) + at
        raw[start:start + 4] = struct.pack("<I", 1_000)
    tracemalloc.start()
    found = wrong(bytes(raw))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [check for check, _, _ in found] == ["archive"]
    assert most < 5 * MEGABYTE


def test_a_workbook_that_lies_about_its_sizes_or_claims_a_million_rows_fills_no_memory(
    mine: Path, tmp_path: Path
) -> None:
    to_xlsx(mine, tmp_path / "mine.xlsx")
    with zipfile.ZipFile(tmp_path / "mine.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = next(n for n in parts if n.startswith("xl/worksheets/sheet2"))
    far = parts[sheet].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="n">'
                               b"<v>1</v></c></row></sheetData>")
    assert far != parts[sheet]
    found = wrong(zipped({**parts, sheet: far}), "mine.xlsx")
    assert [check for check, _, _ in found] == ["too large"]
    bomb = bytearray(zipped({**parts, "xl/zz.bin": b"\0" * 100 * MEGABYTE}))
    for head, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = bomb.rindex(head) + at
        bomb[start:start + 4] = struct.pack("<I", 1_000)
    tracemalloc.start()
    assert [check for check, _, _ in wrong(bytes(bomb), "mine.xlsx")] == ["workbook"]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * MEGABYTE


def test_too_many_files_and_too_large_a_file_are_refused() -> None:
    assert "more than 2,000 files" in wrong(zipped({f"{i}.csv": b"" for i in range(2_001)}))[0][2]
    assert wrong(tarred({f"{i}.csv": b"" for i in range(2_001)}), "up.tar")[0][0] == "archive"
    assert wrong(b"PK\x03\x04" + bytes(LARGEST_UPLOAD_BYTES))[0][0] == "too large"


def test_a_file_of_two_gigabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    for name in ("huge.zip", "huge.tar", "huge.xlsx"):
        with (tmp_path / name).open("wb") as file:
            file.write(b"PK\x03\x04")
            file.truncate(2_000_000_000)  # sparse: it takes no room
        tracemalloc.start()
        reading = read_folder(tmp_path / name)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert [f.check for f in reading.errors] == ["too large"]
        assert most < LARGEST_UPLOAD_BYTES + 5 * MEGABYTE


@pytest.mark.parametrize(("raw", "said"), [
    (b"", "empty"), (b"\x1f\x8b\x08" + bytes(20), "gzip"), (b"7z\xbc\xaf'\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"), (b"%PDF-1.7", "PDF"), (b"id,name\n", "no file of a kind"),
    (zipped({}), "no file"), (tarred({"sites.csv": b"x" * 5_000})[:2_000], "damaged"),
    (zipped({"sites.csv": b"x" * 5_000})[:80], "damaged"),
])
def test_what_is_no_archive_is_told_in_a_sentence(raw: bytes, said: str) -> None:
    assert said in wrong(raw)[0][2]


def test_a_table_in_a_wrong_encoding_is_told_as_in_a_folder(mine: Path) -> None:
    files = all_of(mine)
    files["sites.csv"] = files["sites.csv"].decode().encode("utf-16-le")[:-1]
    found = read_upload(zipped(files), "mine.zip").findings
    assert "encoding" in [f.check for f in found if f.file == "sites.csv"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_changed_byte_of_an_archive_gives_findings_or_the_same_files_and_never_a_fault(
    data: st.DataObject
) -> None:
    make = data.draw(st.sampled_from([zipped, tarred]))
    raw = bytearray(make({"a.csv": b"id,name\n1,x\n" * 20, "b.csv": b"\0" * 2_000}))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    findings = Findings()
    found = files_of(bytes(raw), "up", findings, Limits(total=50_000, one=20_000))
    assert (found is None) == bool(findings.errors)
    assert sum(map(len, (found or {}).values())) <= 50_000

"""The files of a .zip or .tar that somebody handed over, in memory, or all that is wrong with it.

Nothing is written to a disk, so no name in it can lead anywhere. What it says of sizes is looked at
before anything is unpacked, and no more is unpacked than it said.
"""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from attrs import frozen

from lull.exchange.finding import Findings, Where

DEEPEST = 8
LONGEST_PART = 255
JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put into archives by themselves; it is passed over."""
RATIO_FROM_BYTES = 1_000_000
"""A smaller file may be pressed as hard as it will go."""


@frozen
class Limits:
    """How much is unpacked: bytes in all, bytes of one file, files, and how many times larger than
    what was given a file may become. Assumed: a table of travel times is pressed to a 50th at most.
    """

    total: int = 300_000_000
    one: int = 200_000_000
    files: int = 2_000
    ratio: int = 200


@frozen
class Entry:
    """What an archive says of one file. `odd` says why it is none: a link, a device, a secret."""

    name: str
    size: int
    packed: int
    odd: str = ""


ODD_KINDS = {stat.S_IFLNK: "a link", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
             stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}


def is_zip(raw: bytes) -> bool:
    """Whether bytes begin as a ZIP archive does."""
    return raw.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(raw: bytes) -> bool:
    """Whether bytes begin as a tar archive does (POSIX.1-1988, or GNU)."""
    return raw[257:262] == b"ustar"


def files_of(raw: bytes, label: str, findings: Findings,
             limits: Limits | None = None) -> dict[str, bytes] | None:
    """The files of an archive by their paths; None where anything is wrong, with all of it found.

    A folder in which all files stand is left off their paths.
    """
    before, limits = findings.errors, limits or Limits()
    try:
        if is_zip(raw):
            found = _from_zip(raw, label, findings, limits)
        else:
            found = _from_tar(raw, label, findings, limits)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError,
            OverflowError, NotImplementedError, RuntimeError, MemoryError) as wrong:
        findings.error("archive", Where(label), "The archive is damaged, was cut off, or is of a "
                       f"kind that is not read ({type(wrong).__name__}: {str(wrong)[:80]}). Make "
                       "it again as a plain .zip or .tar.")
        return None
    return None if findings.errors > before else found


def _from_zip(raw: bytes, label: str, findings: Findings,
              limits: Limits) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        entries = [_zip_entry(info) for info in infos]
        wanted = _wanted(entries, label, findings, limits)
        if wanted is None:
            return {}
        return {path: _read(archive, infos[at]) for path, at in wanted.items()}


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One file, and no more of it than its entry says: asked for all, Python unpacks what comes."""
    with archive.open(info) as held:
        return held.read(info.file_size)


def as_it_says(archive: zipfile.ZipFile) -> bytes:
    """The same archive unpacked, with no more in any file than its entry says.

    For a reader that unpacks whatever comes. Look at the sizes first.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as plain:
        for info in archive.infolist():
            plain.writestr(info.filename, _read(archive, info))
    return out.getvalue()


def _zip_entry(info: zipfile.ZipInfo) -> Entry:
    kind = stat.S_IFMT(info.external_attr >> 16)
    odd = ODD_KINDS.get(kind, "")
    if info.flag_bits & 0x1:
        odd = "encrypted; seal the folder with age instead (lull seal)"
    # Python cuts a name at a zero byte; what stood there first is looked at.
    name = info.orig_filename if "\0" in info.orig_filename else info.filename
    return Entry(_unicode(name, info.flag_bits), info.file_size, info.compress_size, odd)


def _unicode(name: str, flags: int) -> str:
    """A name that was written in UTF-8 without saying so, as some programs do."""
    if flags & 0x800 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _from_tar(raw: bytes, label: str, findings: Findings,
              limits: Limits) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as archive:
        members = []
        for member in archive:
            if not member.isdir():
                members.append(member)
            if len(members) > limits.files:
                break
        entries = [_tar_entry(member, len(raw)) for member in members]
        wanted = _wanted(entries, label, findings, limits)
        found = {}
        for path, at in (wanted or {}).items():
            held = archive.extractfile(members[at])
            found[path] = held.read() if held else b""
        return found


def _tar_entry(member: tarfile.TarInfo, given: int) -> Entry:
    odd = ""
    if member.issym() or member.islnk():
        odd = "a link"
    elif member.ischr() or member.isblk():
        odd = "a device"
    elif member.isfifo():
        odd = "a pipe"
    elif not member.isfile() or member.issparse():
        odd = "of a kind that is not read"
    elif member.size > given:
        odd = "larger than the whole archive"
    return Entry(member.name, member.size, member.size, odd)


def _wanted(entries: Iterable[Entry], label: str, findings: Findings,
            limits: Limits) -> dict[str, int] | None:
    """The files to be unpacked, by path, with their places; None where anything is wrong."""
    before = findings.errors
    listed = [(at, one) for at, one in enumerate(entries) if not _is_junk(one.name)]
    if len(listed) > limits.files:
        findings.error("archive", Where(label), f"The archive holds more than {limits.files:,} "
                       "files; is it the right one?", expected=f"at most {limits.files} files")
        return None
    for _, one in listed:
        _judge(one, Where(shown_name(one.name) or label), findings, limits)
    total = sum(one.size for _, one in listed)
    if total > limits.total:
        findings.error("too large", Where(label), f"The archive unpacks to {total / 1e6:,.0f} MB; "
                       f"at most {limits.total / 1e6:,.0f} MB are read.", f"{total} bytes",
                       f"at most {limits.total} bytes")
    if findings.errors > before:
        return None
    if not listed:
        findings.error("archive", Where(label), "The archive holds no file.")
        return None
    paths = _below_one_folder([PurePosixPath(one.name) for _, one in listed])
    found: dict[str, int] = {}
    for (at, _), path in zip(listed, paths, strict=True):
        if path in found:
            findings.error("archive", Where(shown_name(path)), "The file stands in the archive "
                           "twice, and nobody can say which is meant.")
        found[path] = at
    return found


def _is_junk(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and (parts[0] in JUNK or parts[-1] in JUNK)


def _judge(one: Entry, where: Where, findings: Findings, limits: Limits) -> None:
    """Say what is wrong with one file."""
    if not is_plain_path(one.name):
        findings.error("path", where, "The name of this file leads out of the folder, or is none "
                       "that every system can keep; it is not opened.", one.name,
                       "a plain path below the folder")
    if one.odd:
        findings.error("archive", where, f"This is no plain file but {one.odd}; it is not opened."
                       if not one.odd.startswith("encr") else f"This file is {one.odd}.")
    if one.size > limits.one:
        findings.error("too large", where, f"The file unpacks to {one.size / 1e6:,.0f} MB; at most "
                       f"{limits.one / 1e6:,.0f} MB are read.", f"{one.size} bytes",
                       f"at most {limits.one} bytes")
    elif one.size > RATIO_FROM_BYTES and one.size > limits.ratio * max(1, one.packed):
        findings.error("too large", where, f"The file becomes {one.size / max(1, one.packed):,.0f} "
                       f"times as large when it is unpacked, and no table does (at most "
                       f"{limits.ratio} times): it is made to fill a memory.")


def is_plain_path(name: str) -> bool:
    """Whether a name is a path that stays below wherever it is put, on every system."""
    path = PurePosixPath(name)
    return not (
        path.is_absolute() or not path.parts or len(path.parts) > DEEPEST or name.endswith("/.")
        or any(part == ".." or len(part.encode("utf-8", "surrogatepass")) > LONGEST_PART
               or any(mark in part for mark in "\\:") or any(ord(mark) < 32 for mark in part)
               for part in path.parts)
    )


def shown_name(name: str) -> str:
    """A file's name as it may be printed."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)[:80]


def _below_one_folder(paths: list[PurePosixPath]) -> list[str]:
    """Paths without the one folder in which all of them stand, if they do."""
    tops = {path.parts[0] for path in paths}
    folder = len(tops) == 1 and all(len(path.parts) > 1 for path in paths)
    return ["/".join(path.parts[1:] if folder else path.parts) for path in paths]

"""The files of a pause folder, wherever they lie: a folder, a workbook, or bytes in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from attrs import define, field

from lull.exchange.finding import Findings, Where, did_you_mean
from lull.exchange.raw.grid import Grid, each_row, grid_of, read_csv, too_large
from lull.exchange.raw.tree import Node, flatten, read_yaml, unflatten
from lull.exchange.raw.workbook import Rows, read_workbook
from lull.exchange.schema.column import Table
from lull.exchange.schema.folder import (
    BY_NAME,
    CLOSURES_FILE,
    OTHER_FILES,
    PAUSE_FILE,
    ROUTES_FILE,
    STREETS_FILE,
)

PAUSE_SHEET = "pause"
CACHE_FOLDER = ".lull-cache"
OUTPUT_SUFFIXES = frozenset((".csv", ".yaml", ".yml", ".geojson", ".pbf"))
"""Files with these endings are looked at for misspelt names; others are left alone."""


@define
class Package:
    """What was given: files by name (as paths or bytes), or a workbook's sheets.

    `folder` is where it lies on disk (None where it is only in memory).
    """

    label: str
    blobs: Mapping[str, Path | bytes]
    folder: Path | None = None
    sheets: Mapping[str, Rows] | None = None
    book: str = ""
    read: dict[str, bytes] = field(factory=dict)

    def file_of(self, table: Table) -> str:
        """How findings name the place of a table."""
        return f"{self.book}[{table.name}]" if self.sheets is not None else table.file

    @property
    def pause_file(self) -> str:
        """How findings name the place of the pause's keys."""
        return f"{self.book}[{PAUSE_SHEET}]" if self.sheets is not None else PAUSE_FILE

    def bytes_of(self, name: str, findings: Findings) -> bytes | None:
        """A file's bytes; None where it is absent, unreadable or too large (with a finding)."""
        blob = self.blobs.get(name)
        if blob is None:
            return None
        if isinstance(blob, bytes):
            return blob
        if name not in self.read:
            try:
                limit_ok = not too_large(blob.stat().st_size, Where(name), findings)
                if not limit_ok:
                    return None
                self.read[name] = blob.read_bytes()
            except OSError as error:
                findings.error("unreadable", Where(name), f"The file cannot be opened "
                               f"({error.strerror or error}).")
                return None
        return self.read[name]

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return name in self.blobs

    def grid(self, table: Table, findings: Findings) -> Grid | None:
        """A table's grid; None where it is absent or cannot be read (then with a finding)."""
        if self.sheets is not None:
            rows = self.sheets.get(table.name)
            if rows is None:
                return None
            file = self.file_of(table)
            return grid_of(iter(rows), file, findings, most_rows=table.most_rows)
        raw = self.bytes_of(table.file, findings)
        if raw is None:
            return None
        return read_csv(raw, table.file, table.by_heading, findings, table.most_rows)

    def pause(self, findings: Findings) -> Node | None:
        """The tree of the pause's keys."""
        if self.sheets is None:
            raw = self.bytes_of(PAUSE_FILE, findings)
            return None if raw is None else read_yaml(raw, PAUSE_FILE, findings)
        rows = self.sheets.get(PAUSE_SHEET)
        if rows is None:
            return None
        grid = grid_of(iter(rows), self.pause_file, findings)
        if grid is None:
            return None
        if not {"key", "value"} <= set(grid.headings):
            findings.error("heading", Where(self.pause_file, grid.heading_row), "The sheet needs "
                           "the headings key and value.", ", ".join(grid.headings), "key, value")
            return None
        pairs = ((n, cells["key"], cells["value"]) for n, cells in each_row(grid))
        return unflatten((row for row in pairs if row[1]), self.pause_file, findings)

    def cached(self, folder: Path | None, name: str) -> bytes:
        """The bytes of a kept file, from the package or a cache folder; empty if there is none."""
        blob = self.blobs.get(f"{CACHE_FOLDER}/{name}")
        if isinstance(blob, bytes):
            return blob
        try:
            return (folder / name).read_bytes() if folder else b""
        except OSError:
            return b""

    def share_streets(self, said: str, findings: Findings) -> None:
        """Use the streets at a path from this folder, where it holds none of its own."""
        if not said or self.has(STREETS_FILE):
            return
        where = Where(self.pause_file, column="roads")
        path = Path(said)
        if path.is_absolute() or "\0" in said or path.suffix != ".pbf":
            findings.error("streets", where, "The streets must be a path from this folder to an "
                           ".osm.pbf file.", said, "../city/roads.osm.pbf")
            return
        if self.folder is None or not (self.folder / path).is_file():
            findings.error("not found", where, f"There are no streets at {said}; put the file "
                           f"there, or into the folder as {STREETS_FILE}.", said, STREETS_FILE)
            return
        self.blobs = {**self.blobs, STREETS_FILE: self.folder / path}

    def streets_hash(self) -> str:
        """The SHA-256 of the streets file ("" where there is none)."""
        blob = self.blobs.get(STREETS_FILE)
        if blob is None:
            return ""
        if isinstance(blob, bytes):
            return hashlib.sha256(blob).hexdigest()
        with blob.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def content_hash_of(package: Package, grids: Mapping[str, Grid], pause: Node | None) -> str:
    """A SHA-256 of what a folder says, whatever form it has.

    Comments, order of columns, line endings, encoding and the choice of CSV or workbook do not
    change it; order of rows does.
    """
    digest = hashlib.sha256()

    def put(*parts: str) -> None:
        for part in parts:
            raw = part.encode("utf-8", errors="surrogatepass")
            digest.update(len(raw).to_bytes(8, "big") + raw)

    for path, text in sorted(flatten(pause)) if pause else ():
        put("pause", path, text)
    for name in sorted(grids):
        for _, cells in each_row(grids[name]):
            put("row", name)
            for heading in sorted(h for h, text in cells.items() if text):
                put(heading, cells[heading])
    for name in (CLOSURES_FILE, ROUTES_FILE):
        raw = package.bytes_of(name, Findings())
        if raw is not None:
            put("file", name, hashlib.sha256(raw).hexdigest())
    if package.has(STREETS_FILE):
        put("file", STREETS_FILE, package.streets_hash())
    return digest.hexdigest()


def open_package(path: Path, findings: Findings) -> Package | None:
    """The package at a path, a folder or an .xlsx; None (and a finding) where there is none."""
    where = Where(path.name or str(path))
    try:
        if path.is_file() and path.suffix.lower() == ".xlsx":
            return _workbook(path, findings)
        if not path.is_dir():
            findings.error("not found", where, f"{path} is not a folder"
                           f"{' or an .xlsx workbook' if path.exists() else ': it does not exist'}"
                           ".", str(path), "a pause folder")
            return None
        return _folder(path, findings)
    except OSError as error:
        findings.error("unreadable", where, f"{path} cannot be opened ({error.strerror or error}).")
        return None


def package_in_memory(
    files: Mapping[str, bytes], label: str, findings: Findings
) -> Package | None:
    """The package of files that are nowhere on disk: a folder's, or one workbook's."""
    books = [name for name in files if name.lower().endswith(".xlsx")]
    plain = PAUSE_FILE in files or any(table.file in files for table in BY_NAME.values())
    if plain or len(books) != 1:
        _doubt_names(set(files), findings)
        return Package(label, files)
    sheets = read_workbook(files[books[0]], books[0], findings)
    if sheets is None:
        return None
    by_name = {name.casefold(): rows for name, rows in sheets.items()}
    return Package(label, files, None, by_name, books[0])


def _folder(path: Path, findings: Findings) -> Package | None:
    files = {p.name: p for p in sorted(path.iterdir()) if p.is_file()}
    books = [name for name in files if name.lower().endswith(".xlsx") and not name.startswith("~")]
    plain = PAUSE_FILE in files or any(table.file in files for table in BY_NAME.values())
    if not plain and len(books) == 1:
        return _workbook(files[books[0]], findings)
    if plain and books:
        findings.warn("workbook", Where(books[0]), "The folder holds CSV files and a workbook; "
                      "the workbook is not read.", books[0])
    _doubt_names(set(files), findings)
    return Package(path.name, files, path)


def _doubt_names(files: set[str], findings: Findings) -> None:
    """Ask about files that are not read and nearly have the name of one that is."""
    known = {table.file for table in BY_NAME.values()} | set(OTHER_FILES)
    missing = sorted(known - files)
    for name in sorted(files - known):
        hint = did_you_mean(name, missing)
        if Path(name).suffix.lower() in OUTPUT_SUFFIXES and hint:
            findings.warn("file", Where(name), f"The file is not read.{hint}", name)


def _workbook(path: Path, findings: Findings) -> Package | None:
    if too_large(path.stat().st_size, Where(path.name), findings):
        return None
    sheets = read_workbook(path.read_bytes(), path.name, findings)
    if sheets is None:
        return None
    known = [*BY_NAME, PAUSE_SHEET]
    by_name = {name.casefold(): rows for name, rows in sheets.items()}
    for name in sheets:
        if name.casefold() not in known and (hint := did_you_mean(name, known)):
            findings.warn("sheet", Where(path.name), f"The sheet {name!r} is not read.{hint}", name)
    beside = {
        name: path.parent / name
        for name in (STREETS_FILE, ROUTES_FILE, CLOSURES_FILE)
        if (path.parent / name).is_file()
    }
    return Package(path.stem, beside, path.parent, by_name, path.name)

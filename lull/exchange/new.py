"""`lull new`: a small, valid, commented folder to start from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from lull.domain.refusal import Refusal
from lull.exchange.atomic import write_whole
from lull.exchange.finding import Findings
from lull.exchange.raw.package import Package
from lull.exchange.schema.folder import DATAPACKAGE_FILE, PAUSE_FILE, TABLES
from lull.exchange.write.folder import datapackage_text
from lull.exchange.write.sheets import Sheets, sheets_of_package
from lull.exchange.write.workbook import workbook_bytes


def template_package() -> Package:
    """The template's files, in memory."""
    folder = resources.files("lull.exchange.template")
    names = (PAUSE_FILE, *(table.file for table in TABLES))
    found = {name: folder.joinpath(name).read_bytes() for name in names}
    return Package("first-steps", found)


def template_sheets() -> Sheets:
    """The template's tables and keys, without comments."""
    sheets = sheets_of_package(template_package(), Findings())
    assert sheets is not None, "The template cannot be read."
    return sheets


def template_files() -> dict[str, bytes]:
    """Every file of the folder that `lull new` writes, by name."""
    blobs = template_package().blobs
    files = {name: blob for name, blob in blobs.items() if isinstance(blob, bytes)}
    described = datapackage_text(template_sheets(), as_read=True)
    return {**files, DATAPACKAGE_FILE: described.encode()}


def new_folder(path: Path, *, xlsx: bool = False) -> list[Path]:
    """Write the template as a folder, or as one workbook at `path`; returns the files.

    Raises Refusal where something is in the way: nothing is ever overwritten.
    """
    path = Path(path)
    if path.is_symlink() or path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise Refusal(f"{path} is there already and not empty; give another name.")
    if xlsx:
        if path.is_dir():
            raise Refusal(f"{path} is a folder; give the name of a workbook, such as pause.xlsx.")
        return [write_whole(path, workbook_bytes(template_sheets()))]
    return [write_whole(path / name, content) for name, content in template_files().items()]

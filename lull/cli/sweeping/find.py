"""Finds the pause folders below a folder: those that are right, and those that are not yet."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lull.exchange import Finding, Level, is_sealed
from lull.exchange.raw.package import PAUSE_SHEET
from lull.exchange.schema.folder import BY_NAME, PAUSE_FILE

TABLES = frozenset({PAUSE_FILE, *(table.file for table in BY_NAME.values())})
SHEETS = frozenset({PAUSE_SHEET, *(name.casefold() for name in BY_NAME)})


@frozen
class Found:
    """A pause at a path, under its name; `wrong` says why it is not even read."""

    name: str
    path: Path
    wrong: Finding | None = None


def find(root: Path, out: Path) -> list[Found]:
    """Every pause below a folder, in the order of their names; what lies in `out` is left out.

    A folder with any of a pause's files is one, even where others are missing: it is then refused
    with what is missing, and not passed over. So is a workbook with any of its sheets. Hidden
    folders and links to folders are not looked into.
    """
    found = sorted(_all(root, out.resolve()), key=lambda f: f.name)
    names: dict[str, int] = {}
    for one in found:
        names[_bare(one)] = names.get(_bare(one), 0) + 1
    return [Found(_bare(one) if names[_bare(one)] == 1 else one.name, one.path, one.wrong)
            for one in found]


def _bare(one: Found) -> str:
    """Its name without the ending of a workbook."""
    name = Path(one.name)
    return name.with_suffix("").as_posix() if name.suffix.lower() == ".xlsx" else one.name


def _all(root: Path, out: Path) -> Iterator[Found]:
    shut: list[Found] = []

    def unreadable(error: OSError) -> None:
        path = Path(error.filename or root)
        shut.append(Found(_name(root, path), path, _wrong(
            "unreadable", path, f"The folder cannot be opened ({error.strerror or error}).")))

    for at, folders, files in os.walk(root, onerror=unreadable):
        here = Path(at)
        if here.resolve() == out:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if TABLES & set(files):
            folders.clear()
            yield Found(_name(root, here), here)
            continue
        for file in sorted(files):
            path = here / file
            if file.lower().endswith(".xlsx") and not file.startswith(("~", ".")):
                if _is_pause(path):
                    yield Found(_name(root, path), path)
            elif file.endswith(".age") and _is_shut(path):
                yield Found(_name(root, path), path, _wrong(
                    "sealed", path, "It is sealed, and a sweep opens nothing that is sealed. Plan "
                    "it by itself: lull plan --key."))
    yield from shut


def _name(root: Path, path: Path) -> str:
    return root.resolve().name if path == root else path.relative_to(root).as_posix()


def _is_pause(book: Path) -> bool:
    """Whether a workbook has a sheet of a pause; one that cannot be read is taken for one."""
    try:
        sheets = load_workbook(book, read_only=True).sheetnames
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, InvalidFileException):
        return True
    return bool(SHEETS & {sheet.casefold() for sheet in sheets})


def _is_shut(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return is_sealed(opened.read(64))
    except OSError:
        return True


def _wrong(check: str, path: Path, sentence: str) -> Finding:
    return Finding(Level.ERROR, path.name, 0, "", "", "", sentence, check)

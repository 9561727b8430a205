"""Outputs are written whole or not at all: beside their place first, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lull.cli.exits import BadInput

PRIVATE = 0o600
PUBLIC = 0o644


def require_writable(folder: Path) -> None:
    """Raise BadInput where a folder could not be written, before any work is done for it."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        why = "may not be written to" if there.is_dir() else "is a file"
        raise BadInput(f"{folder} cannot be written: {there} {why}.")


@contextmanager
def whole(folder: Path, mode: int = PRIVATE, *, instead_of: Iterable[str] = ()) -> Iterator[Path]:
    """Yields an empty folder; what is written there stands in `folder` once all of it is done.

    Files of the same name are replaced, others are left alone, save those whose names match
    `instead_of` (globs): they are of an earlier run and would be taken for this one's. Nothing is
    left behind if the work is broken off. Files can be read by their owner alone unless `mode`
    says otherwise: they hold sites and times ahead. Raises BadInput where `folder` cannot be
    written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
    except OSError as wrong:
        raise BadInput(f"{folder} cannot be written: {wrong.strerror}.") from None
    try:
        yield part
        fresh = set(files_in(part))
        old = [path for glob in instead_of for path in folder.glob(glob) if path.is_file()]
        for path in old:
            if path.relative_to(folder).as_posix() not in fresh:
                path.unlink()
        for path in sorted(part.rglob("*")):
            if path.is_file():
                to = folder / path.relative_to(part)
                to.parent.mkdir(parents=True, exist_ok=True)
                path.chmod(mode)
                os.replace(path, to)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def files_in(part: Path) -> list[str]:
    """The files under a folder, relative to it, in order."""
    return sorted(p.relative_to(part).as_posix() for p in part.rglob("*") if p.is_file())

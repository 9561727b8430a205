"""Outputs are written whole or not at all: beside their place first, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lull.cli.exits import BadInput

PRIVATE = 0o600
PUBLIC = 0o644


@contextmanager
def whole(folder: Path, mode: int = PRIVATE) -> Iterator[Path]:
    """Yields an empty folder; what is written there stands in `folder` once all of it is done.

    Files of the same name are replaced, others are left alone. Nothing is left behind if the
    work is broken off. Files can be read by their owner alone unless `mode` says otherwise: they
    hold sites and times ahead. Raises BadInput where `folder` cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
    except OSError as wrong:
        raise BadInput(f"{folder} cannot be written: {wrong.strerror}.") from None
    try:
        yield part
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

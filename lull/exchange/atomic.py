"""Files written beside and then renamed, so that nobody ever finds half of one."""

from __future__ import annotations

import os
from pathlib import Path
from threading import get_ident

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700


def write_whole(path: Path, content: bytes | str, mode: int | None = None) -> Path:
    """Write a file whole or not at all; raises OSError. Returns the path.

    Without a `mode` a file that was there keeps its permissions, and a new one gets those of the
    user's umask.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.part")
    if mode is None and path.exists():
        mode = path.stat().st_mode & 0o777
    beside.unlink(missing_ok=True)
    # What somebody else put there must not be written into, nor a link be followed.
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0),
                     PRIVATE if mode else 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return path


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk too, where a folder can be told so."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # a folder in which one may write and not look
        return
    try:
        os.fsync(handle)
    except OSError:  # a file system that knows no such thing; the file itself is written
        pass
    finally:
        os.close(handle)

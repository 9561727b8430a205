"""Files written beside and then renamed, so that nobody ever finds half of one."""

from __future__ import annotations

import os
from pathlib import Path

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700


def write_whole(path: Path, content: bytes | str, mode: int | None = None) -> Path:
    """Write a file whole or not at all; raises OSError. Returns the path.

    Without a `mode` a file that was there keeps its permissions, and a new one gets those of the
    user's umask.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    if mode is None and path.exists():
        mode = path.stat().st_mode & 0o777
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE if mode else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path

"""A post's private key as a file: for its owner alone, and under a passphrase.

The file is an age file sealed to the passphrase (scrypt), with the key as PKCS #8 in PEM inside, so
`age -d` and `openssl` can use it without lull. Without a passphrase it is the PEM alone: for a
device that is encrypted as a whole and has nobody to type.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lull.exchange.atomic import PRIVATE, write_whole
from lull.exchange.ledger.ed25519 import SigningKey
from lull.exchange.seal import SealError, is_sealed, open_bytes, seal_bytes

SHORTEST_PASSPHRASE = 12


def new_key_file(path: Path, passphrase: str | None) -> SigningKey:
    """Make a key, write it to a new file with mode 0600, and return it.

    `passphrase` None keeps it without one. Raises SealError where the file is there already or the
    passphrase is too short.
    """
    if path.exists():
        raise SealError(f"{path} is there already; a key is never written over.")
    if passphrase is not None and len(passphrase) < SHORTEST_PASSPHRASE:
        raise SealError(f"A passphrase has at least {SHORTEST_PASSPHRASE} characters; six random "
                        "words are better.")
    made = SigningKey.new()
    raw = made.pem()
    kept = raw if passphrase is None else seal_bytes(raw, passphrase=passphrase)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:  # The name is taken first: of two who make a key at once, one is refused.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    except FileExistsError:
        raise SealError(f"{path} is there already; a key is never written over.") from None
    try:
        write_whole(path, kept, PRIVATE)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def needs_passphrase(path: Path) -> bool:
    """Whether a key file is under a passphrase."""
    with path.open("rb") as file:
        return is_sealed(file.read(64))


def read_key_file(path: Path, passphrase: str = "") -> SigningKey:
    """The key in a file; raises SealError where it cannot be had, or where others can read it."""
    if not path.is_file():
        raise SealError(f"{path} is not there; give the file of the post's key.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise SealError(f"{path} can be read by others (mode {mode:04o}). If anybody may have, the "
                        "key is to be replaced; else: chmod 600, and look who else uses this "
                        "machine.")
    raw = path.read_bytes()
    if is_sealed(raw):
        try:
            raw = open_bytes(raw, passphrase=passphrase)
        except SealError as wrong:
            raise SealError(f"{path}: {wrong}") from None
    try:
        return SigningKey.from_pem(raw)
    except SealError as wrong:
        raise SealError(f"{path}: {wrong}") from None

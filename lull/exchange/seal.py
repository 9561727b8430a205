"""Folders, plans and caches kept only sealed: age files (age-encryption.org/v1), by pyrage.

A folder is sealed as one tar inside one age file, so that neither names nor sizes of its files
show. What was sealed is opened in memory, or into a folder that only its owner can read.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import pyrage
from attrs import field, frozen

from lull.domain.refusal import Refusal
from lull.exchange.archive import is_plain_path
from lull.exchange.atomic import PRIVATE, PRIVATE_FOLDER, write_whole
from lull.exchange.finding import Findings
from lull.exchange.raw.package import Package
from lull.exchange.raw.tree import read_yaml
from lull.exchange.schema.folder import PAUSE_FILE, STREETS_FILE

MOST_FILES = 2_000
MOST_BYTES_SEALED = 1_000_000_000
"""Bytes of a sealed file, and of all that it holds together."""

AGE_HEADS = (b"age-encryption.org/v1", b"-----BEGIN AGE ENCRYPTED FILE-----")


class SealError(Refusal):
    """Something cannot be sealed or opened; the message says what to do."""


@frozen
class Key:
    """One's own key pair: `public` is given away, `secret` never."""

    public: str
    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> Key:
        """A new X25519 key pair."""
        identity = pyrage.x25519.Identity.generate()
        return cls(str(identity.to_public()), str(identity))


def key_file(key: Key, made: str = "") -> str:
    """The text of a key file, as `age-keygen` writes it."""
    lines = [f"# created: {made}"] if made else []
    return "\n".join([*lines, f"# public key: {key.public}", key.secret, ""])


def secrets_in(text: str) -> tuple[str, ...]:
    """The secret keys in the text of a key file; raises SealError where there is none."""
    found = tuple(
        line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")
    )
    if not found or not all(line.startswith("AGE-SECRET-KEY-1") for line in found):
        raise SealError("The key file holds no secret key; it has lines that start with "
                        "AGE-SECRET-KEY-1.")
    return found


def is_sealed(raw: bytes) -> bool:
    """Whether bytes are an age file."""
    return raw.startswith(AGE_HEADS)


def require_public_key(text: str) -> None:
    """Raise SealError where a text is no public key of age (`age1...`)."""
    if text.upper().startswith("AGE-SECRET-KEY"):
        raise SealError("This is a secret key, and was not kept. Give the public one, which starts "
                        "with age1; take a new pair if anybody else can have read this.")
    try:
        pyrage.x25519.Recipient.from_str(text)
    except (pyrage.RecipientError, ValueError) as error:
        raise SealError("This is no public key of age: it starts with age1 and has 62 characters; "
                        "lull key makes one.") from error


def seal_bytes(
    raw: bytes, *, recipients: Iterable[str] = (), passphrase: str = "", armoured: bool = False
) -> bytes:
    """Encrypt bytes to public keys (`age1...`), or to a passphrase; raises SealError."""
    keys = tuple(recipients)
    if bool(keys) == bool(passphrase):
        raise SealError("Give the public keys of those who may open it, or a passphrase.")
    try:
        if passphrase:
            return pyrage.passphrase.encrypt(raw, passphrase, armored=armoured)
        known = [pyrage.x25519.Recipient.from_str(key.strip()) for key in keys]
        return pyrage.encrypt(raw, known, armored=armoured)
    except (pyrage.RecipientError, ValueError) as error:
        raise SealError(f"A public key is not right ({error}); it starts with age1.") from error
    except pyrage.EncryptError as error:
        raise SealError(f"It cannot be sealed ({error}).") from error


def open_bytes(raw: bytes, *, secrets: Iterable[str] = (), passphrase: str = "") -> bytes:
    """Decrypt bytes with secret keys or a passphrase; raises SealError."""
    keys = tuple(secrets)
    if not is_sealed(raw):
        raise SealError("It is not sealed with age, or it has been damaged.")
    if bool(keys) == bool(passphrase):
        raise SealError("Give the secret key that it was sealed to, or the passphrase.")
    try:
        if passphrase:
            return pyrage.passphrase.decrypt(raw, passphrase)
        known = [pyrage.x25519.Identity.from_str(key.strip()) for key in keys]
    except (pyrage.IdentityError, ValueError) as error:
        raise SealError("A secret key is not right; it starts with AGE-SECRET-KEY-1.") from error
    except pyrage.DecryptError as error:
        raise SealError(f"It cannot be opened ({error}): the passphrase is another, or the file "
                        "was damaged or cut off.") from error
    try:
        return pyrage.decrypt(raw, known)
    except pyrage.DecryptError as error:
        raise SealError(f"It cannot be opened ({error}): it was sealed to other keys, or the file "
                        "was damaged or cut off.") from error


def seal(
    path: Path, target: Path, *, recipients: Iterable[str] = (), passphrase: str = ""
) -> Path:
    """Seal a folder or a file into one age file, written whole; raises SealError.

    A folder's kept travel tables are sealed with it, and streets that it shares with other
    folders. The original is left in place: deleting it is for its owner to decide.
    """
    path, target = Path(path), Path(target)
    keys = tuple(recipients)
    if not path.exists():
        raise SealError(f"{path} does not exist.")
    if path.is_dir() and target.resolve().is_relative_to(path.resolve()):
        raise SealError(f"{target} lies inside the folder that is to be sealed; put it elsewhere.")
    content = pack({path.name: path} if path.is_file() else _all_of(path))
    return write_whole(
        target, seal_bytes(content, recipients=keys, passphrase=passphrase), PRIVATE
    )


def packed(folder: Path) -> bytes:
    """A folder as it is sealed, before it is: every file, and streets that it shares; raises
    SealError."""
    return pack(_all_of(folder))


def _all_of(folder: Path) -> dict[str, Path]:
    """Every file of a folder, with the streets that `pause.yaml` finds elsewhere."""
    files = _files_below(folder)
    node = read_yaml((folder / PAUSE_FILE).read_bytes(), PAUSE_FILE, Findings()) if (
        PAUSE_FILE in files) else None
    roads = node.value.get("roads") if node and isinstance(node.value, dict) else None
    if roads and isinstance(roads.value, str) and STREETS_FILE not in files:
        package = Package(folder.name, dict(files), folder)
        package.share_streets(roads.value, Findings())
        shared = package.blobs.get(STREETS_FILE)
        if isinstance(shared, Path):
            files[STREETS_FILE] = shared
    return files


def _files_below(folder: Path) -> dict[str, Path]:
    """Every file below a folder by its path; links that lead out of it are refused."""
    found: dict[str, Path] = {}
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(".part") or not path.is_file():
            continue
        if not path.resolve().is_relative_to(root):
            raise SealError(f"{path} is a link that leads out of the folder; put the file itself "
                            "there.")
        found[path.relative_to(folder).as_posix()] = path
    return found


def pack(files: Mapping[str, Path | bytes]) -> bytes:
    """A tar of files without owners, times or modes, the same for the same content."""
    if len(files) > MOST_FILES:
        raise SealError(f"There are {len(files):,} files; at most {MOST_FILES:,} are sealed.")
    out = io.BytesIO()
    total = 0
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in sorted(files.items()):
            raw = content if isinstance(content, bytes) else content.read_bytes()
            total += len(raw)
            if total > MOST_BYTES_SEALED:
                raise SealError(f"It is larger than {MOST_BYTES_SEALED / 1e6:,.0f} MB.")
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(raw), PRIVATE
            archive.addfile(entry, io.BytesIO(raw))
    return out.getvalue()


def unpack(raw: bytes) -> dict[str, bytes]:
    """The files of a tar by name; raises SealError for names that lead out, links, or too much."""
    found: dict[str, bytes] = {}
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as archive:
            for entry in archive:
                if entry.isdir():
                    continue
                name = _safe(entry)
                total += entry.size
                if total > MOST_BYTES_SEALED or len(found) >= MOST_FILES:
                    raise SealError("What was sealed holds more than is opened.")
                held = archive.extractfile(entry)
                found[name] = held.read() if held else b""
    except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
        if isinstance(error, SealError):
            raise
        raise SealError(f"What was sealed is no folder or is damaged ({error}).") from error
    if not found:
        raise SealError("What was sealed holds no file.")
    return found


def _safe(entry: tarfile.TarInfo) -> str:
    """The path of a plain file that stays below where it is put; raises SealError."""
    if not entry.isfile() or entry.issparse() or not is_plain_path(entry.name):
        raise SealError(f"What was sealed holds {entry.name[:80]!r}, which is no plain file below "
                        "the folder; it is not opened.")
    return PurePosixPath(entry.name).as_posix()


def open_sealed(
    path: Path, *, secrets: Iterable[str] = (), passphrase: str = ""
) -> dict[str, bytes]:
    """The files of a sealed folder (or the one sealed file) in memory; raises SealError."""
    path = Path(path)
    try:
        if path.stat().st_size > 2 * MOST_BYTES_SEALED:
            raise SealError(f"{path.name} is larger than is opened.")
        raw = path.read_bytes()
    except OSError as error:
        raise SealError(f"{path} cannot be opened ({error.strerror or error}).") from error
    return unpack(open_bytes(raw, secrets=secrets, passphrase=passphrase))


def open_into(
    path: Path, folder: Path, *, secrets: Iterable[str] = (), passphrase: str = ""
) -> list[Path]:
    """Open a sealed folder or file into a folder that only its owner reads; returns the files.

    Raises SealError; nothing that is there is overwritten.
    """
    folder = Path(folder)
    files = open_sealed(path, secrets=secrets, passphrase=passphrase)
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise SealError(f"{folder / there[0]} is there already; give another folder.")
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return [write_whole(folder / name, raw, PRIVATE) for name, raw in files.items()]

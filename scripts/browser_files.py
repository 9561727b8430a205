"""Files for browsers that come from the npm registry: fetched, proven by their hash, and unpacked.

`browser.lock` has one package a line: name, version and integrity (`sha512-` and base64, as
npm writes it). No host is named: npm knows where its registry is. Nothing of a package is run.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "browser.lock"
FOLDER = Path(sys.prefix) / "share" / "lull" / "browser"
"""Where the server looks for them (`lull.web.pages.assets`)."""
TAKEN = {"maplibre-gl": {
    "package/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "package/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    "package/dist/maplibre-gl.css": "maplibre-gl.css",
    "package/LICENSE.txt": "maplibre-gl.LICENSE.txt",
}}
"""What is taken out of each package, and what it is called here."""
STAMP = "browser.lock"
SECONDS = 300
LARGEST_BYTES = 20_000_000
WITHOUT = "The map that moves is not there; the room draws its maps itself."


class Wrong(Exception):
    """A package is not what it should be; the message is a sentence."""


class Away(Exception):
    """A package cannot be had now; the message is a sentence."""


@dataclass(frozen=True)
class Package:
    """A line of the lock."""

    name: str
    version: str
    integrity: str


def read_lock(text: str) -> list[Package]:
    """The packages of a lock; raises Wrong with the line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts or line.startswith("#"):
            continue
        if len(parts) != 3 or not parts[2].startswith("sha512-") or parts[0] not in TAKEN:
            raise Wrong(f"{STAMP}, line {number}: name, version and sha512 integrity of one of "
                        f"{', '.join(TAKEN)} are expected.")
        found.append(Package(*parts))
    return found


def integrity_of(raw: bytes) -> str:
    """The hash of a package as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(raw).digest()).decode()


def unpacked(package: Package, raw: bytes) -> dict[str, bytes]:
    """The files that are taken out of a package; raises Wrong where its hash is another."""
    if (is_ := integrity_of(raw)) != package.integrity:
        raise Wrong(f"{package.name} {package.version} is not what {STAMP} names: its hash is "
                    f"{is_}, expected {package.integrity}; it was not used.")
    found = {}
    with tarfile.open(fileobj=BytesIO(raw), mode="r:gz") as archive:
        for inside, name in TAKEN[package.name].items():
            try:
                member = archive.extractfile(inside)
            except KeyError:
                member = None
            if member is None:
                raise Wrong(f"{package.name} {package.version} does not hold {inside}.")
            found[name] = member.read()
    return found


def fetched(package: Package) -> bytes:
    """A package from the registry of this machine's npm; raises Away."""
    npm = shutil.which("npm")
    if npm is None:
        raise Away("npm is not here, which fetches the library of the map (on Debian or Ubuntu: "
                   "apt-get install npm).")
    with tempfile.TemporaryDirectory() as home:
        asked = [npm, "pack", f"{package.name}@{package.version}", "--ignore-scripts", "--silent",
                 "--fetch-retries=1", "--fetch-timeout=120000", "--pack-destination", home]
        try:
            done = subprocess.run(asked, cwd=home, capture_output=True, text=True, check=False,
                                  timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as met:
            raise Away(f"npm could not fetch {package.name} ({type(met).__name__}).") from None
        made = list(Path(home).glob("*.tgz"))
        if done.returncode or len(made) != 1 or made[0].stat().st_size > LARGEST_BYTES:
            raise Away(f"npm could not fetch {package.name} {package.version}; 'npm pack "
                       f"{package.name}@{package.version}' says why.")
        return made[0].read_bytes()


def is_current(folder: Path, lock: str) -> bool:
    """Whether a folder holds all that a lock names."""
    stamp = folder / STAMP
    names = [name for files in TAKEN.values() for name in files.values()]
    return (stamp.is_file() and stamp.read_text(encoding="utf-8") == lock
            and all((folder / name).is_file() for name in names))


def put(folder: Path, lock: str, files: dict[str, bytes]) -> None:
    """Put files into a folder; the stamp comes last, so that half of them never pass as current."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STAMP).unlink(missing_ok=True)
    for name, raw in [*files.items(), (STAMP, lock.encode())]:
        beside = folder / f".{name}.{os.getpid()}.part"
        beside.write_bytes(raw)
        beside.replace(folder / name)


def main() -> int:
    """Fetch what is not there; 1 where something is not what the lock names."""
    folder, lock = FOLDER, LOCK.read_text(encoding="utf-8")
    if is_current(folder, lock):
        return 0
    try:
        files: dict[str, bytes] = {}
        for package in read_lock(lock):
            files |= unpacked(package, fetched(package))
    except Away as why:
        print(f"{why} {WITHOUT}", file=sys.stderr)
        return 0
    except Wrong as why:
        print(f"{why} {WITHOUT}", file=sys.stderr)
        return 1
    put(folder, lock, files)
    print("The library of the map that moves was fetched.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Finished parts of a long piece of work in a folder, so that what is begun again goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import field, frozen

from lull.cli.spread.values import Damaged, pack, unpack
from lull.exchange.atomic import PRIVATE, PRIVATE_FOLDER, write_whole

FOLDER = "parts"
"""Where they lie in a cache."""


class _Missing:
    """Nothing was kept; None may be what a part gave."""


MISSING = _Missing()


@frozen
class Parts:
    """A folder of finished parts, by the fingerprint of what each was worked out from.

    Files are written beside and then renamed, can be read by their owner alone, and are taken for
    none where they are damaged. `used` are the files that were found or written here.
    """

    folder: Path
    used: set[Path] = field(factory=set)

    def _file(self, fingerprint: str) -> Path:
        return self.folder / f"part-{fingerprint[:40]}"

    def find(self, fingerprint: str) -> Any:
        """What the part gave; MISSING where it was not kept."""
        file = self._file(fingerprint)
        try:
            found = unpack(file.read_bytes())
        except (OSError, Damaged):
            return MISSING
        self.used.add(file)
        return found

    def keep(self, fingerprint: str, value: object) -> None:
        """Put a finished part there, whole or not at all."""
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        self.used.add(write_whole(self._file(fingerprint), pack(value), PRIVATE))

    def clear(self, *, everything: bool = False) -> None:
        """Take away what was used: the answer that it was part of is whole, and kept.

        `everything` takes away what others left here too, where nobody else keeps anything.
        """
        for file in {*self.used, *(self.folder.glob("part-*") if everything else ())}:
            file.unlink(missing_ok=True)
        self.used.clear()
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

"""Into a folder, from which somebody carries it on a stick."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from lull.domain.records.receipt import Channel
from lull.exchange.atomic import PRIVATE, PRIVATE_FOLDER, write_whole
from lull.store.sending.transport import NotSent, Parcel

NAME_LETTERS = 32


@frozen
class FileDrop:
    """A folder with one folder in it for each recipient's address.

    A file is written beside and then renamed. It bears the idempotency key, so that a second time
    it takes its own place, and nothing of what it says.
    """

    folder: Path
    channels: tuple[str, ...] = (Channel.FILE.value,)

    def send(self, parcel: Parcel) -> bool:
        """Write a parcel. That a file was written is no word of its recipient's."""
        end = ".age" if parcel.sealed else ".txt"
        path = self.folder / parcel.address / (parcel.once[:NAME_LETTERS] + end)
        try:
            path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_whole(path, parcel.payload, PRIVATE)
        except OSError:
            raise NotSent("the folder cannot be written") from None
        return False

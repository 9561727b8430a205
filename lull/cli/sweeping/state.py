"""What an earlier sweep found for a folder, taken again while the folder says the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

from attrs import frozen
from pydantic import ValidationError

from lull.cli.questions.kept import program
from lull.cli.questions.model import Answer
from lull.cli.schemas import SweepPlaceAnswer
from lull.exchange.atomic import PRIVATE, write_whole

FILE = "swept.json"
"""Beside the plan of each folder; written last, so that what it tells of is whole."""


class SweptFile(Answer):
    """A folder's line of the answer, by what it was worked out from, and the files that go with it.
    """

    form: Literal["lull swept 1"] = "lull swept 1"
    asked: str
    place: SweepPlaceAnswer
    files: dict[str, str]


@frozen
class State:
    """Earlier answers in a folder; `asked` is all that they depend on beside the pause folders."""

    out: Path
    asked: tuple[object, ...]

    def _asked(self, folder_hash: str) -> str:
        what = json.dumps([*self.asked, folder_hash, program()])
        return hashlib.sha256(what.encode()).hexdigest()

    def find(self, name: str, folder_hash: str) -> SweepPlaceAnswer | None:
        """What was found for a folder of this content; None where that has changed, or a file."""
        here = self.out / name
        try:
            kept = SweptFile.model_validate_json((here / FILE).read_bytes())
            if kept.asked != self._asked(folder_hash):
                return None
            if any(_hash(here / file) != was for file, was in kept.files.items()):
                return None
        except (OSError, ValidationError):
            return None
        return kept.place.model_copy(update={"kept": True})

    def keep(self, place: SweepPlaceAnswer, files: tuple[str, ...]) -> None:
        """Put down what was found for a folder, once its files are written."""
        here = self.out / place.name
        body = SweptFile(asked=self._asked(place.folder_hash), place=place,
                         files={file: _hash(here / file) for file in files})
        write_whole(here / FILE, body.model_dump_json(indent=1) + "\n", PRIVATE)

    def of_an_earlier_run(self, name: str) -> bool:
        """Whether there is something of a folder that no longer holds."""
        return (self.out / name / FILE).is_file()


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

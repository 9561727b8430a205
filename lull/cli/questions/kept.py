"""Answers that were found before, kept by what they answer: a folder's content, not its place."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from attrs import frozen
from pydantic import ValidationError

import lull
from lull.cli.questions.model import QuestionAnswer
from lull.cli.writing import PRIVATE

A = TypeVar("A", bound=QuestionAnswer)


@cache
def program() -> str:
    """A hash of all sources of lull: another program may give another answer."""
    home = Path(lull.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(path.relative_to(home).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@frozen
class Kept:
    """The folder in which answers are kept; None keeps nothing and knows nothing.

    Files can be read by their owner alone: they hold sites, and times ahead. A file that is
    damaged, or of another form, is taken for none.
    """

    folder: Path | None

    def place(self, verb: str, folder_hash: str, asked: Mapping[str, object]) -> Path | None:
        """Where the answer to a question lies: by verb, folder, all that was asked, and program."""
        if self.folder is None:
            return None
        what = json.dumps([verb, folder_hash, dict(asked), program()], sort_keys=True)
        return self.folder / f"{verb}-{hashlib.sha256(what.encode()).hexdigest()[:32]}.json"

    def find(self, place: Path | None, kind: type[A]) -> A | None:
        """The answer that lies there."""
        if place is None:
            return None
        try:
            return kind.model_validate_json(place.read_bytes())
        except (OSError, ValidationError):
            return None

    def keep(self, place: Path | None, answer: QuestionAnswer) -> None:
        """Put an answer there, whole or not at all; one that was stopped is not kept."""
        if place is None or answer.stopped:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=".part-", dir=place.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(answer.model_dump_json())
            Path(part).chmod(PRIVATE)
            os.replace(part, place)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

"""Answers that were written into a plan's folder, read again so that a report can show them."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from lull.cli.folder import How, Opened
from lull.cli.planning import READING_OF
from lull.cli.questions.registry import QUESTIONS
from lull.cli.saved import files_of
from lull.report.told import Told


def answers(folder: Path, opened: Opened, how: How) -> tuple[Told, ...]:
    """What the questions asked with `--out FOLDER` have to say, in the order of the questions.

    Answers about a pause folder that has changed since are left out, and so is a file that is no
    answer: a report shows what belongs together.
    """
    if not folder.exists():
        return ()
    read, found = files_of(folder, how), []
    for verb, question in QUESTIONS.items():
        raw = read(f"{verb}.json")
        if raw is None:
            continue
        try:
            answer = question.kind.model_validate_json(raw)
        except ValidationError:
            continue
        if answer.folder_hash == opened.reading.content_hash and answer.consents in READING_OF:
            found.append(question.told(opened.case.on(READING_OF[answer.consents]), answer))
    return tuple(found)

"""What every answer to a question holds, whatever was asked."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """The base of every answer: no field beyond those named, and which form it has."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class QuestionAnswer(Answer):
    """The base of every answer to a question; `form` and what was asked stand in each."""

    folder: str
    folder_hash: str = Field(description="of the pause folder that was asked about")
    consents: str = Field(description="the reading of the consents on which it rests")
    again: str = Field(description="the command that gives this answer; empty if none does")
    work: int = Field(description="with seed, gives this answer again unless it was stopped")
    seed: int
    stopped: bool = Field(description="it was asked to end before it was done")
    seconds: float = Field(description="that finding it took; not those of reading a kept answer")


def common(seed: int, work: int, *, stopped: bool) -> dict[str, Any]:
    """The fields of `QuestionAnswer`; those that only the frame knows are filled in by it."""
    return {"folder": "", "folder_hash": "", "consents": "", "again": "", "work": work,
            "seed": seed, "stopped": stopped, "seconds": 0.0}

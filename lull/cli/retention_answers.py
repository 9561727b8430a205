"""What `lull retention` prints with --json."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lull.cli.questions.model import Answer


class ToDestroyAnswer(Answer):
    """An entry that is to be destroyed. The kind is empty where the server cannot read it."""

    entry: str
    kind: str
    wall: str
    rule: str
    since: str = Field(description="UTC")


class RetentionOfPause(Answer):
    """What rules of retention say of one pause."""

    pause: str
    ended: str | None = Field(description="UTC; null while it has not, or nothing says so")
    due: list[ToDestroyAnswer]
    elsewhere: list[ToDestroyAnswer] = Field(description="due, and for other posts to destroy")
    unread: int = Field(description="sealed entries of which no rule can be told to govern them")
    staying: int
    destroyed: int


class RetentionAnswer(Answer):
    """What `lull retention` prints."""

    form: Literal["lull retention answer 1"] = "lull retention answer 1"
    database: str
    now: str
    dry: bool = Field(description="nothing was changed")
    rules: list[str]
    without_sealed: list[str] = Field(
        description="rules that name a kind, and so reach nothing sealed that cannot be read here")
    pauses: list[RetentionOfPause]

"""Who has said yes to what at which level, and the questions that must be answered before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from attrs import frozen

from lull.domain.protocol import Role
from lull.domain.records.common import Record
from lull.domain.refusal import require


class CommandLevel(StrEnum):
    """Where a yes was given; one at the top is not one at the bottom."""

    CAPITAL = "capital"
    OPERATIONS_ROOM = "operations_room"
    LOCAL_COMMAND = "local_command"
    CHECKPOINT_ON_SHIFT = "checkpoint_on_shift"


@frozen(kw_only=True)
class ReadinessCell(Record):
    """One cell: what one actor says of one condition on one corridor, at one level."""

    corridor: str
    condition: str
    actor: str
    level: CommandLevel
    said_by_function: str
    said_at: datetime
    document_sha256: str = ""

    @property
    def cell(self) -> str:
        """The part under which this cell has its state."""
        return "/".join((self.corridor, self.condition, self.actor, self.level.value))


def missing(wanted: Iterable[str], states: Mapping[str, str]) -> tuple[str, ...]:
    """The cells that are wanted and not ready, each by itself: none stands for another."""
    return tuple(cell for cell in wanted if states.get(cell) != "ready")


class Question(StrEnum):
    """What must be answered before a pause is ready (ICRC news release 18/15, 14 March 2018)."""

    INFORMED = "informed"
    VOLUNTARY = "voluntary"
    FAMILY_UNITY = "family_unity"
    PAPERS_KEPT = "papers_kept"
    SPECIAL_NEEDS = "special_needs"
    DESTINATION = "conditions_at_destination"
    MEN_OF_FIGHTING_AGE = "men_of_fighting_age"
    MINES = "mines"
    HOLDING_AREAS = "holding_areas"


NOT_WAIVED_BY_A_PARTY = frozenset(
    {Question.VOLUNTARY, Question.MINES, Question.MEN_OF_FIGHTING_AGE}
)


@frozen(kw_only=True)
class ProtectionAnswer(Record):
    """The answer to one question, or that it stays open and a role accepts that with a reason."""

    question: Question
    answered_by_function: str
    answered_at: datetime
    answer: str = ""
    waived_by: Role | None = None
    waiver_reason: str = ""

    def check(self) -> None:
        """Answered, or waived by a role that may, with a reason."""
        require(bool(self.answer) != (self.waived_by is not None),
                "Give an answer, or say which role accepts that there is none.")
        if self.waived_by is None:
            return
        require(bool(self.waiver_reason), "An open question is accepted only with a reason, which "
                "is printed.")
        require(self.question not in NOT_WAIVED_BY_A_PARTY or self.waived_by is not Role.PARTY,
                f"The question {self.question.value!r} cannot be waived by a party.")


def open_questions(answers: Iterable[ProtectionAnswer]) -> tuple[Question, ...]:
    """The questions that block «ready»: nobody has answered them or accepted that they are open."""
    done = {answer.question for answer in answers}
    return tuple(question for question in Question if question not in done)

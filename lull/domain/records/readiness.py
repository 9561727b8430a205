"""Who has said yes to what at which level, and the questions that must be answered before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from lull.domain.protocol import Role
from lull.domain.records.common import SHA256, Record
from lull.domain.refusal import require


class CommandLevel(StrEnum):
    """Where a yes was given; one at the top is not one at the bottom."""

    CAPITAL = "capital"
    OPERATIONS_ROOM = "operations_room"
    LOCAL_COMMAND = "local_command"
    CHECKPOINT_ON_SHIFT = "checkpoint_on_shift"


def cell_of(corridor: str, condition: str, actor: str, level: str) -> str:
    """One cell in a word; what a side says of it stands under that and the side's name."""
    return "/".join((corridor, condition, actor, level))


def require_no_slash(*names: str) -> None:
    """Raise Refusal where a name would be taken for two names of a cell."""
    require(not any("/" in name for name in names), "The corridor, the condition and the actor of "
            "a cell are written without a slash.")


@frozen(kw_only=True)
class ReadinessCell(Record):
    """What one side says of one cell: whether one actor is ready, on one condition of one corridor,
    at one level."""

    corridor: str
    condition: str
    actor: str
    level: CommandLevel
    said_by_function: str
    said_at: datetime
    document_sha256: str = ""

    def check(self) -> None:
        """Its names are told apart."""
        require_no_slash(self.corridor, self.condition, self.actor)

    @property
    def cell(self) -> str:
        """The cell in a word."""
        return cell_of(self.corridor, self.condition, self.actor, self.level.value)


@frozen(kw_only=True)
class WantedCell:
    """One yes that the terms of a pause ask for before it begins."""

    corridor: str
    condition: str
    actor: str
    level: CommandLevel

    def __attrs_post_init__(self) -> None:
        require_no_slash(self.corridor, self.condition, self.actor)

    @property
    def cell(self) -> str:
        """The cell in a word."""
        return cell_of(self.corridor, self.condition, self.actor, self.level.value)


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
    """One word on one question: an answer, that it is open, or that a role accepts it as open.

    `waived_by` is the role of whoever writes it, and `waiver_reason` is printed on the notice and
    the report. `open_because` opens a question, or opens it again; whoever did so, or a role that
    accepts it with a reason, closes it.
    """

    question: Question
    answered_by_function: str
    answered_at: datetime
    answer: str = ""
    waived_by: Role | None = None
    waiver_reason: str = ""
    open_because: str = ""

    def check(self) -> None:
        """One of the three; waived by a role that may, with a reason."""
        said = (bool(self.answer), self.waived_by is not None, bool(self.open_because))
        require(sum(said) == 1, "Give an answer, or say why the question is open, or which role "
                "accepts that it is: one of the three.")
        if self.waived_by is None:
            return
        require(bool(self.waiver_reason), "An open question is accepted only with a reason, which "
                "is printed.")
        require(self.question not in NOT_WAIVED_BY_A_PARTY or self.waived_by is not Role.PARTY,
                f"The question {self.question.value!r} cannot be waived by a party.")


@frozen(kw_only=True)
class Settled:
    """One question that is settled when a pause begins, and by which entry.

    Where it stays open: which function accepts that, and the reason, as both are printed.
    """

    question: Question
    entry: str
    accepted_by: str = ""
    reason: str = ""

    def __attrs_post_init__(self) -> None:
        require(bool(SHA256.fullmatch(self.entry)), "An entry is named by the 64 hexadecimal "
                "digits of its hash.")
        require(bool(self.accepted_by) == bool(self.reason), "Who accepts an open question, and "
                "the reason, stand together.")


@frozen(kw_only=True)
class PauseBegun(Record):
    """That a pause is kept from now on, and on which answers to the protection questions it rests.

    A server fills `rests_on` where it is left out.
    """

    rests_on: tuple[Settled, ...] = ()
    reason: str = ""

"""How long before, how often and how long at most: every time that the ledger measures by.

One table. A pause may agree on other figures (`PauseTerms.lead_times`); where it has not, these
hold. To be late by one of them is told and never refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen

from lull.domain.refusal import require_whole

HOUR = 60
DAY = 24 * HOUR


class LeadRule(StrEnum):
    """What a time is for."""

    PLANNED_MOVEMENT = "planned_movement"
    EMERGENCY_MOVEMENT = "emergency_movement"
    LEAD_NOTICE = "lead_notice"
    SITE_REVIEW = "site_review"
    SITE_REVIEW_NOTICE = "site_review_notice"
    REQUEST_ANSWER = "request_answer"
    CHECK_IN = "check_in"
    LINE_TEST = "line_test"


@frozen
class LeadTime:
    """One time in minutes, what it says, and its source; `assumed` where no source asks for it."""

    rule: LeadRule
    minutes: int
    says: str
    source: str
    assumed: bool = False

    def __attrs_post_init__(self) -> None:
        require_whole(self.minutes, f"Minutes of the rule {self.rule.value!r}", least=1)

    @property
    def cited(self) -> str:
        """The rule with its source, for the end of a sentence."""
        return f"{self.rule.value}: {self.source}{', assumed' if self.assumed else ''}"


Times = Mapping[LeadRule, LeadTime]

YEMEN = "HNS Yemen, standard operating procedure, March 2021"
LEAD_TIMES: Times = {
    time.rule: time
    for time in (
        LeadTime(LeadRule.PLANNED_MOVEMENT, 48 * HOUR,
                 "A movement is transmitted so long before it departs.", YEMEN),
        LeadTime(LeadRule.EMERGENCY_MOVEMENT, 24 * HOUR,
                 "A movement marked as an emergency is transmitted so long before it departs.",
                 YEMEN),
        LeadTime(LeadRule.LEAD_NOTICE, 12 * HOUR,
                 "That a lead time runs out is told so long before.", "a working day",
                 assumed=True),
        LeadTime(LeadRule.SITE_REVIEW, 183 * DAY,
                 "A site's function is confirmed anew within this time.",
                 "six months, as lists that go stale are the classic failure", assumed=True),
        LeadTime(LeadRule.SITE_REVIEW_NOTICE, 14 * DAY,
                 "That a site is to be reviewed is told so long before.", "two weeks",
                 assumed=True),
        LeadTime(LeadRule.REQUEST_ANSWER, 3 * DAY,
                 "A request that names no latest useful hour is answered within this time.",
                 "as the letter of 7 November 2016 was, on the 10th (tass.com/politics/911598)",
                 assumed=True),
        LeadTime(LeadRule.CHECK_IN, HOUR,
                 "A movement under way whose notification names no interval checks in so often.",
                 "convoys check in at fixed intervals (Logistics Cluster); the hour",
                 assumed=True),
        LeadTime(LeadRule.LINE_TEST, 12 * HOUR,
                 "Every line of a movement has answered a test call within this time before go.",
                 "lines are test-called before go; the half day", assumed=True),
    )
}  # fmt: skip
"""The times by rule, where a pause has agreed on no other."""


@frozen(kw_only=True)
class AgreedTime:
    """A time that the parties to a pause agreed on instead of the one in the table."""

    rule: LeadRule
    minutes: int

    def __attrs_post_init__(self) -> None:
        require_whole(self.minutes, f"Minutes of the rule {self.rule.value!r}", least=1)


def with_agreed(agreed: Iterable[AgreedTime], source: str, times: Times = LEAD_TIMES) -> Times:
    """The times that hold where some were agreed; `source` is the reference of the terms."""
    changed = {
        one.rule: LeadTime(one.rule, one.minutes, times[one.rule].says, f"agreed in {source}")
        for one in agreed
    }
    return {**times, **changed}

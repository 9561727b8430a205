"""Whether a notification leaves in time: by how much it is late, and by which rule."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from lull.domain.lead_times import LEAD_TIMES, LeadRule, LeadTime, Times
from lull.domain.records.notification import MovementNotification, SiteNotification, SiteStatus
from lull.domain.time import lasting, minutes_between, shifted


@frozen
class LateWarning:
    """That something is later than a rule asks for. It is told; nothing is refused for it."""

    rule: LeadRule
    late_minutes: int
    sentence: str


def lead_time_of(of: MovementNotification, times: Times = LEAD_TIMES) -> LeadTime:
    """The lead time that a movement's notification falls under."""
    return times[LeadRule.EMERGENCY_MOVEMENT if of.emergency else LeadRule.PLANNED_MOVEMENT]


def transmit_by(of: MovementNotification, times: Times = LEAD_TIMES) -> datetime:
    """The last instant at which a movement's notification leaves in time."""
    return shifted(of.departure.leaves, -lead_time_of(of, times).minutes)


def transmission_warnings(of: MovementNotification | SiteNotification, at: datetime,
                          times: Times = LEAD_TIMES) -> tuple[LateWarning, ...]:
    """What is to be said of a version that is transmitted at an instant; nothing if it is in time.

    A movement: later than its lead time. A site: its review is overdue, or set too far ahead.
    """
    if isinstance(of, MovementNotification):
        return _of_movement(of, at, times)
    return _of_site(of, at, times)


def _of_movement(of: MovementNotification, at: datetime, times: Times) -> tuple[LateWarning, ...]:
    time = lead_time_of(of, times)
    late = minutes_between(transmit_by(of, times), at)
    if late <= 0:
        return ()
    left = minutes_between(at, of.departure.leaves)
    when = f"{lasting(left)} before departure" if left > 0 else "after departure"
    what = "an emergency movement" if of.emergency else "a planned movement"
    return (LateWarning(time.rule, late, f"It is transmitted {when}; {what} is notified "
                        f"{lasting(time.minutes)} before, so it is {lasting(late)} late "
                        f"({time.cited})."),)


def _of_site(of: SiteNotification, at: datetime, times: Times) -> tuple[LateWarning, ...]:
    time = times[LeadRule.SITE_REVIEW]
    if of.status is SiteStatus.REMOVED:
        return ()
    found = []
    late = minutes_between(of.review_by, at)
    if late > 0:
        found.append(LateWarning(time.rule, late, f"It was to be reviewed by "
                                 f"{of.review_by:%Y-%m-%d}, {lasting(late)} ago; until that is "
                                 f"done it is unverified ({time.cited})."))
    over = minutes_between(of.function_confirmed_at, of.review_by) - time.minutes
    if over > 0:
        found.append(LateWarning(time.rule, over, f"Its review is set {lasting(over)} later than "
                                 f"{lasting(time.minutes)} after its function was confirmed "
                                 f"({time.cited})."))
    return tuple(found)

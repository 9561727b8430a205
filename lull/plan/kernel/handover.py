"""Hand the days of a compiled search over to the schedule, which books them as they are."""

from __future__ import annotations

from lull.plan.itinerary import Trip
from lull.plan.kernel.roster import Roster, RosterDay
from lull.plan.schedule import Schedule
from lull.plan.walk import Team


def hand_over(roster: Roster, schedule: Schedule) -> None:
    """Book every day of a roster in a schedule, with the minutes and loads found."""
    for day in roster.days:
        if day.trips:
            schedule.adopt(day.window, team_of(roster, day), trips_of(roster, day))


def team_of(roster: Roster, day: RosterDay) -> Team:
    """The team of a day as it stands before its first round."""
    return Team(
        roster.names.kinds[day.kind], day.vehicles, roster.names.places[day.start[0]],
        int(day.start[1]) + roster.origin,
    )


def trips_of(roster: Roster, day: RosterDay) -> list[Trip]:
    """The rounds of a day in the schedule's words."""
    return [roster.trip(day, booked) for booked in day.trips]

"""Hand the days of a compiled search over to the schedule, which books them as they are."""

from __future__ import annotations

from lull.plan.itinerary import Trip
from lull.plan.kernel.compose import Composer
from lull.plan.kernel.roster import Roster, RosterDay
from lull.plan.packing import Load
from lull.plan.schedule import Schedule
from lull.plan.walk import Team


def hand_over(composer: Composer, schedule: Schedule) -> None:
    """Book every day found in a schedule, with its minutes and loads, and the last empty drives.

    The lanes of these are held in the schedule already; they are let go and booked as trips.
    """
    roster, left = composer.roster, list(composer.standbys)
    for one in left:
        schedule.pools.book(one.walk.steps, 1, undo=True)
    for day in roster.days:
        if not day.trips:
            continue
        trips = trips_of(roster, day)
        for one in [s for s in left if s.window == day.window and s.vehicle in day.vehicles]:
            trips.append(Trip(one.walk, Load((), (), schedule.aims.nothing)))
            left.remove(one)
        schedule.adopt(day.window, team_of(roster, day), trips)
    for one in left:
        team = schedule.team((one.vehicle,), one.window)
        schedule.adopt(one.window, team, [Trip(one.walk, Load((), (), schedule.aims.nothing))])


def team_of(roster: Roster, day: RosterDay) -> Team:
    """The team of a day as it stands before its first round."""
    return Team(
        roster.names.kinds[day.kind], day.vehicles, roster.names.places[day.start[0]],
        int(day.start[1]) + roster.origin,
    )


def trips_of(roster: Roster, day: RosterDay) -> list[Trip]:
    """The rounds of a day in the schedule's words."""
    return [roster.trip(day, booked) for booked in day.trips]

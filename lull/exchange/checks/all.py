"""Every question of `lull check`, in the order of the tables."""

from __future__ import annotations

from collections.abc import Callable

from lull.exchange.build.draft import Draft
from lull.exchange.build.geography import Geography
from lull.exchange.checks import corridors, fleet, ground, people, terms

PLACES = ("sites", "corridors")
MOVES = ("sites", "corridors", "fleet")
PEOPLE = ("sites", "corridors", "fleet", "people")
AID = ("corridors", "fleet", "supplies")

CHECKS: tuple[tuple[Callable[[Draft], None], tuple[str, ...]], ...] = (
    (ground.tables_have_rows, ()),
    (terms.windows_make_sense, ()),
    (terms.notice_comes_before, ()),
    (terms.parties_stand_once, ()),
    (terms.parties_are_named, ()),
    (terms.parties_have_answered, ()),
    (ground.positions_belong_together, ()),
    (ground.streets_are_near, ()),
    (ground.sites_are_reached, MOVES),
    (ground.minutes_are_minutes, ()),
    (ground.somebody_may_pass, ("corridors",)),
    (corridors.gates_connect, MOVES),
    (corridors.gates_are_reached, MOVES),
    (corridors.ways_through_are_direct, MOVES),
    (corridors.mines_are_known, ()),
    (corridors.opens_in_a_window, ()),
    (corridors.check_takes_time, ()),
    (people.wish_has_a_source, ()),
    (people.wish_is_not_everyone, ()),
    (people.destination_is_a_choice, ("sites",)),
    (people.somebody_can_carry_them, PEOPLE),
    (people.corridor_for_walkers, PEOPLE),
    (people.children_go_to_an_organisation, ()),
    (people.households_fit_a_vehicle, ("fleet",)),
    (people.room_where_they_arrive, ("sites",)),
    (people.beds_where_they_arrive, ("sites",)),
    (people.shelter_is_known, ()),
    (people.no_more_than_are_inside, ()),
    (fleet.carries_something, ()),
    (fleet.figures_of_vehicles, ()),
    (fleet.can_leave_its_base, ()),
    (fleet.reaches_a_gate, MOVES),
    (fleet.available_in_a_window, ()),
    (fleet.tonnes_fit_the_trucks, AID),
    (fleet.stock_covers_need, ("supplies",)),
    (fleet.units_of_items, ()),
)
"""Each question, with the tables that must be whole before an answer means anything."""

CHECKS_OF_GROUND: tuple[tuple[Callable[[Draft, Geography], None], tuple[str, ...]], ...] = (
    (ground.on_its_side_of_the_line, PLACES),
    (ground.streets_are_approved, MOVES),
    (ground.overrides_of_closures, ()),
)


def check_all(draft: Draft, geography: Geography) -> None:
    """Ask every question of a draft whose answer does not rest on what could not be read."""
    for ask, needed in CHECKS:
        if draft.whole(needed):
            ask(draft)
    for ask_of_ground, needed in CHECKS_OF_GROUND:
        if draft.whole(needed):
            ask_of_ground(draft, geography)

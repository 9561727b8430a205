"""Every question of `lull check`, in the order of the tables."""

from __future__ import annotations

from collections.abc import Callable

from lull.exchange.build.draft import Draft
from lull.exchange.build.geography import Geography
from lull.exchange.checks import corridors, fleet, ground, people, terms

CHECKS: tuple[Callable[[Draft], None], ...] = (
    terms.windows_make_sense,
    terms.notice_comes_before,
    terms.parties_stand_once,
    terms.parties_are_named,
    terms.parties_have_answered,
    ground.positions_belong_together,
    ground.streets_are_near,
    ground.sites_are_reached,
    ground.minutes_are_minutes,
    ground.somebody_may_pass,
    corridors.gates_connect,
    corridors.gates_are_reached,
    corridors.mines_are_known,
    corridors.opens_in_a_window,
    corridors.check_takes_time,
    people.wish_has_a_source,
    people.wish_is_not_everyone,
    people.destination_is_a_choice,
    people.somebody_can_carry_them,
    people.corridor_for_walkers,
    people.children_go_to_an_organisation,
    people.households_fit_a_vehicle,
    people.room_where_they_arrive,
    people.beds_where_they_arrive,
    people.shelter_is_known,
    people.no_more_than_are_inside,
    fleet.carries_something,
    fleet.figures_of_vehicles,
    fleet.can_leave_its_base,
    fleet.reaches_a_gate,
    fleet.available_in_a_window,
    fleet.tonnes_fit_the_trucks,
    fleet.stock_covers_need,
    fleet.units_of_items,
)
CHECKS_OF_GROUND: tuple[Callable[[Draft, Geography], None], ...] = (
    ground.on_its_side_of_the_line,
    ground.streets_are_approved,
    ground.overrides_of_closures,
)


def check_all(draft: Draft, geography: Geography) -> None:
    """Ask every question of a draft; what could not be read is passed over."""
    for ask in CHECKS:
        ask(draft)
    for ask_of_ground in CHECKS_OF_GROUND:
        ask_of_ground(draft, geography)

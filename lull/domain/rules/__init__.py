"""Every rule that a plan must keep, each a function that says in words what breaks it.

The planner is never trusted: each plan is judged here before it is shown, in code that shares
nothing with any solver.
"""

from __future__ import annotations

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.rules import (
    aid,
    checkpoints,
    convoys,
    corridors,
    names,
    orders,
    people,
    returns,
    rounds,
    sites,
    vehicles,
    waiting,
    ways,
    window,
)
from lull.domain.rules.facts import Facts
from lull.domain.rules.rule import Breach, Rule, Violation

FIRST: tuple[Rule, ...] = (names.known_names, names.sensible_figures)
"""While one of these is broken, the others cannot be judged."""

RULES: tuple[Rule, ...] = (
    *FIRST,
    names.overrides_named,
    vehicles.vehicle_in_one_place,
    vehicles.leg_takes_its_time,
    vehicles.load_fits,
    vehicles.use_matches,
    vehicles.fleet_available,
    corridors.corridor_open,
    corridors.corridor_direction,
    corridors.corridor_users,
    corridors.holding_limit,
    corridors.linked_corridors,
    checkpoints.checkpoint_throughput,
    convoys.convoy_size,
    convoys.convoy_leader,
    convoys.convoy_headway,
    convoys.convoy_keeps_together,
    convoys.whole_slots,
    ways.crossed_at_gates_only,
    ways.approved_streets,
    ways.mines_cleared,
    sites.site_bays,
    sites.site_minutes,
    sites.site_hours,
    sites.site_capacity,
    sites.hospital_level,
    waiting.crowd_limit,
    waiting.waiting_limit,
    waiting.called_forward,
    waiting.send_home,
    waiting.exchange_point,
    people.people_accounted,
    people.means_respected,
    people.no_more_than_wish,
    people.households_together,
    people.destinations_respected,
    people.companions_with_patients,
    people.unaccompanied_children,
    returns.return_seats,
    aid.aid_stock,
    aid.aid_lead_times,
    aid.aid_need,
    aid.aid_inspected,
    aid.aid_accounted,
    window.nobody_inside_at_end,
    window.last_safe_departure,
    window.windows_carry_over,
    rounds.round_is_one_journey,
    orders.routes_per_driver,
    orders.orders_fit_half_page,
    orders.crew_duty,
)
"""All rules, in the order in which they are printed."""


def judge(case: Case, plan: Plan) -> tuple[Violation, ...]:
    """Every violation of every rule, in the order of `RULES`; empty for a plan that keeps all.

    While names are unknown or figures impossible, only those are returned, since nothing else
    can be judged; judge again once they are right.
    """
    facts = Facts(case, plan)
    for first in FIRST:
        broken = first.violations(facts)
        if broken:
            return broken
    return tuple(found for rule in RULES[len(FIRST) :] for found in rule.violations(facts))


__all__ = ["FIRST", "RULES", "Breach", "Rule", "Violation", "judge"]

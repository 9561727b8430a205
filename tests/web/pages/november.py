"""A pause told as its parties told it: the notice of November 2016, and the request refused after.

Hours, corridors and the refusal follow what was published (docs/samples); names are those of the
test's world. Sealed sentences hold a word that must be read by nobody but those addressed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.store.kit import PEOPLE, SIDES, World

DAY = datetime(2016, 11, 4, 6, tzinfo=UTC)
"""Three hours before the window opens by Damascus time less two: nothing has begun."""
WINDOW = {"start": "2016-11-04T07:00:00Z", "end": "2016-11-04T17:00:00Z",
          "time_zone": "Asia/Damascus"}
SHORTER = {**WINDOW, "end": "2016-11-04T14:00:00Z"}
CORRIDORS = [f"Corridor {n}" for n in range(1, 9)]
FIGHTERS = CORRIDORS[6:]
TERMS: dict[str, Any] = {
    "title": "Pause over the eastern neighbourhoods", "basis": "declared", "version": 1,
    "parties": [{"party": "Party A", "must_agree": True}, {"party": "Party B", "must_agree": True}],
    "corridors": CORRIDORS, "corridors_for_fighters": FIGHTERS, "buses": 10, "ambulances": 8,
    "feeding_points": 2, "who_may_leave": "Whoever wishes to; fighters by two corridors",
    "security_measures": ["Guns stay 3.5 km away from the road"],
    "safeguards": [{"id": "S1", "text": "Nobody is turned back by force", "binds": "all parties",
                    "observed_by": "Watch"}],
    "windows": [SHORTER], "source": "Letter of 3 November",
}
LONGER = {**TERMS, "version": 2, "windows": [WINDOW], "buses": 20,
          "source": "Statement of 4 November"}
CANARY = "quail-in-the-reeds"
OTHER_CANARY = "heron-on-the-weir"


def notice(world: World) -> None:
    """Two versions of a notice, one party's word, and what two observers saw of one block."""
    say = world.write
    world.clock.at = DAY
    say("alice", "pause.declare", "P2", **TERMS)
    say("paul", "pause.declare", "P2", **LONGER)
    say("paul", "consent.declare", "P2", part="Party A", party="Party A",
        said_by_function="head of the centre", said_at="2016-11-03T12:00:00Z")
    say("piotr", "consent.condition", "P2", part="Party B", wall="sealed", to=("ocha",),
        party="Party B", condition=CANARY, said_by_function="local council",
        said_at="2016-11-04T05:00:00Z")
    say("mona", "preparation_observed", "P2", block="Corridor 1", observer="Watch",
        announced="Open for civilians", seen="Two lanes are cleared; no buses stand there",
        observed_at="2016-11-04T05:30:00Z")
    say("mila", "preparation_observed", "P2", block="corridor 1", observer="Eyes",
        announced="Open for civilians", seen="One lane is cleared",
        observed_at="2016-11-04T05:45:00Z")


def matrix(world: World) -> None:
    """Cells of three levels: a yes above, a no below, one taken back."""
    for name, event, level in (("paul", "confirm", "capital"), ("paul", "confirm", "local_command"),
                               ("fred", "deny", "checkpoint_on_shift")):
        cell = {"corridor": "Corridor 1", "condition": "lanes cleared", "actor": "Party A",
                "level": level}
        part = "/".join((*cell.values(), SIDES[PEOPLE[name][0]][0]))
        world.write(name, f"readiness.{event}", "P2", part=part, **cell,
                    said_by_function="on shift", said_at="2016-11-04T05:00:00Z")
        if level == "local_command":
            world.write(name, "readiness.revoke", "P2", part=part, **cell,
                        said_by_function="on shift", said_at="2016-11-04T05:20:00Z")


ALL = ("ocha", "crescent", "a", "b")


def request(world: World) -> None:
    """A request after an earlier one: refused by one party without a reason, granted by another."""
    say = world.write
    world.clock.at = max(world.clock.at, DAY)
    say("olga", "request.draft", "R0", wall="sealed", to=ALL, addressees=["Party A"],
        organisation="Red Crescent", windows=[WINDOW], pause="P2",
        proposals=[{"text": "Two days in all", "is_new": True}])
    say("alice", "request.send", "R0", wall="sealed", to=ALL)
    say("alice", "request.lapse", "R0", wall="sealed", to=ALL)
    say("olga", "request.draft", "R1", wall="sealed", to=ALL, **asked())
    say("alice", "request.send", "R1", wall="sealed", to=ALL, at="2016-11-04T06:00:00Z",
        channel="letter", by_function="liaison")


def answers(world: World) -> None:
    """The two answers."""
    say = world.write
    say("paul", "decision.refuse", "R1", part="Party A", wall="sealed", to=ALL, party="Party A",
        decided_by_function="spokesman", request="R1")
    say("piotr", "decision.grant_with_conditions", "R1", part="Party B", wall="sealed", to=ALL,
        party="Party B", decided_by_function="local council", request="R1",
        reason_given="The wounded still wait", conditions=["Medicines come in, too"],
        conditions_for_next_pause=["Monitors stand at each crossing"])


def asked() -> dict[str, Any]:
    """What the request asks for."""
    return {
        "organisation": "Red Crescent", "function": "access officer", "pause": "P2",
        "addressees": ["Party A", "Party B"], "earlier_requests": ["R0"],
        "windows": [{"start": "2016-11-05T07:00:00Z", "end": "2016-11-07T07:00:00Z"}],
        "proposals": [{"text": "Two days in all", "is_new": True},
                      {"text": "Medical staff come in", "is_new": True},
                      {"text": "One more corridor"}],
        "waiting": {"persons": 1500, "patients": 300, "aid_t": "280", "hours_p50": "31",
                    "hours_p90": "44", "persons_an_hour": 120, "rests_on": "plan of 3 November"},
        "latest_useful_decision": "2016-11-04T15:00:00Z",
        "guarantees_outstanding": [OTHER_CANARY],
    }


def ways(world: World) -> None:
    """One corridor of which two sides say different things, and a movement on the day."""
    say = world.write
    way = {"name": "Corridor 1", "users": ["civilians", "wounded"], "direction": "out",
           "waypoints": [{"place": {"name": "Crossing"}, "kind": "checkpoint"}]}
    say("paul", "corridor", "Corridor 1", **way, status="open", mine_status="cleared",
        mines_cleared_by="Engineers of Party A")
    say("mona", "corridor", "Corridor 1", **way, status="suspended", mine_status="unknown",
        status_reason="Fire at the exit", status_by="nobody known")
    say("olga", "movement.plan", "C1", wall="sealed", to=ALL)
    say("olga", "movement.make_ready", "C1", wall="sealed", to=ALL)


def everything(world: World) -> None:
    """All of it."""
    notice(world)
    matrix(world)
    request(world)
    answers(world)
    ways(world)

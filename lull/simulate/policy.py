"""What is done on the day when something is late or closed: the dispatch policy, as data."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from lull.domain.refusal import require, require_whole


@frozen
class Policy:
    """How dispatchers and drivers act; minutes unless the name says otherwise.

    - `wait_for_mates`: a convoy waits this long after its planned start for those missing, then
      goes with those who are there. `follow`: who comes later follows alone on the next slot; if
      not, it gives the round up (never on the way out: who is inside always tries to leave).
    - `wait_at_exchange`: how long a vehicle waits at an exchange point for those it is to take on
      (None: the pause's `exchange_wait`).
    - `reserve`: going in, and stopping for people or aid inside, only while even at the high times
      the vehicle is out this long before the close (None: the pause's margin). What is too late is
      skipped: a stop is passed by, a round is not begun.
    - `reserve_at_gate`: entering the way out only while even at the high times it is out this long
      before the close; later it turns back to its last stop, under shelter (`turn_back`).
    - `reroute`: from a closed gate, or one halted for longer than its holding limit, who is inside
      drives to the nearest open corridor for which the travel table has a way.
    - `keep_send_home`: nobody boards after the send-home time; who is not there is not waited for.
    - `take_up`: whoever comes out later by the same corridor and has free places takes up the
      people of a vehicle that was lost inside, for `detour` minutes more, if that is in time even
      at the most. If not, nobody but its own convoy does.
    - `teams`: so many teams stand outside each corridor to fetch them. A team is two vehicles, each
      with `team_seats` and `team_stretchers` for all that it fetches (so one may break down); it
      goes in once the corridor is open, if even at the most it is out before the close.
    - `reserve_of`: more minutes for going in, by the corridor by which the way leads out.

    Raises Refusal for negative minutes.
    """

    wait_for_mates: int = 15
    follow: bool = True
    wait_at_exchange: int | None = None
    reserve: int | None = None
    reserve_at_gate: int = 0
    turn_back: bool = True
    reroute: bool = True
    keep_send_home: bool = True
    take_up: bool = False
    detour: int = 30
    teams: int = 0
    team_seats: int = 50
    team_stretchers: int = 2
    reserve_of: Mapping[str, int] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for name in ("wait_for_mates", "reserve_at_gate", "detour", "teams", "team_seats",
                     "team_stretchers"):
            require_whole(getattr(self, name), f"The policy's {name!r}")
        for name in ("wait_at_exchange", "reserve"):
            if getattr(self, name) is not None:
                require_whole(getattr(self, name), f"The policy's {name!r}")
        for corridor, minutes in self.reserve_of.items():
            require_whole(minutes, f"The reserve of the corridor {corridor!r}")
        require(
            self.reserve is None or self.reserve >= self.reserve_at_gate,
            f"The policy keeps {self.reserve} minutes for going in and {self.reserve_at_gate} at "
            "the gate on the way out; going in needs at least as many.",
        )


DAY_POLICY = Policy()
"""Hold a quarter of an hour, follow alone, skip what is too late, reroute, turn back in time."""

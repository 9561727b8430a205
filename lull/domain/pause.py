"""The pause itself: its hours, parties, what they agreed to, and the rules of planning."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from lull.domain.corridor import User
from lull.domain.refusal import require, require_one_of, require_whole
from lull.domain.tiers import DEFAULT_TIERS, Tier
from lull.domain.time import Clock, Window

ANY = "*"


class Stance(StrEnum):
    """What a party has said to a request, in its own act."""

    AGREED = "agreed"
    DECLARED = "declared"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


class Consents(StrEnum):
    """On which reading of the consents a plan rests: the three columns of every headline."""

    RECORDED = "as recorded"
    DECLARED = "as declared"
    ALL_MET = "if all conditions are met"


@frozen
class Party:
    """A party by the name it uses. `must_agree`: no corridor is in force without it."""

    id: str
    name: str
    must_agree: bool = True
    role: str = ""


@frozen
class Consent:
    """What one party said about one corridor and use (`*` for every one), and where it stands."""

    party: str
    stance: Stance
    corridor: str = ANY
    use: str = ANY
    condition: str = ""
    at: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        require_one_of(self.stance, Stance, f"The consent of {self.party!r}: stance")
        require_one_of(self.use, (ANY, *User), f"The consent of {self.party!r}: use")
        require(
            self.stance is not Stance.CONDITIONAL or bool(self.condition),
            f"The consent of {self.party!r} is conditional; state the condition.",
        )

    def covers(self, corridor: str, use: User) -> bool:
        """Whether it speaks of this corridor and use."""
        return self.corridor in (ANY, corridor) and self.use in (ANY, use)


@frozen
class PlanningRules:
    """The figures that a plan keeps to; minutes unless the name says otherwise.

    `margin`: everyone is out this long before a window closes. `slot`: convoys start at gates
    on whole multiples of it. `fill`: share of seats that are planned on. `call_lead`: how long
    before boarding people are called forward. `return_share`: r, the share of each outbound
    load for which a return seat is kept. `max_order_lines`: half a page. `routes_per_driver`.
    `safe_times`: which times the last safe departure uses (high). `approved_within_m`: how far
    from an approved route a street may lie.
    """

    margin: int = 30
    slot: int = 5
    fill: float = 1.0
    call_lead: int = 30
    return_share: float = 0.0
    routes_per_driver: int = 2
    max_order_lines: int = 30
    exchange_wait: int = 60
    approved_within_m: float = 30.0
    rest: int = 480

    def __attrs_post_init__(self) -> None:
        for what in ("margin", "call_lead", "exchange_wait", "rest"):
            require_whole(getattr(self, what), f"Planning rule {what!r}")
        for what in ("slot", "routes_per_driver", "max_order_lines"):
            require_whole(getattr(self, what), f"Planning rule {what!r}", least=1)
        require(0 < self.fill <= 1, f"The fill {self.fill} must lie between 0 and 1.")
        require(
            0 <= self.return_share <= 1,
            f"The return share {self.return_share} must lie between 0 and 1.",
        )


@frozen
class Pause:
    """Title, place, hours and terms of a pause. Windows do not overlap and stand in order."""

    title: str
    place: str
    clock: Clock
    windows: tuple[Window, ...]
    parties: tuple[Party, ...] = ()
    consents: tuple[Consent, ...] = ()
    rules: PlanningRules = PlanningRules()
    tiers: tuple[Tier, ...] = DEFAULT_TIERS
    notice: int | None = None
    """Minute at which the pause was notified to those who mobilise (None: long before)."""
    people_inside: int | None = None
    sources: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        require(bool(self.windows), "A pause has no window; give at least one.")
        for before, after in zip(self.windows, self.windows[1:], strict=False):
            require(
                before.closes <= after.opens,
                f"The window {after.name or after.opens} opens before the window "
                f"{before.name or before.opens} has closed.",
            )

    def window_at(self, minute: int) -> Window | None:
        """The window in which a minute lies, or None."""
        return next((w for w in self.windows if w.opens <= minute < w.closes), None)

    def permits(self, corridor: str, use: User, reading: Consents) -> bool:
        """Whether a corridor may be used for something on one reading of the consents.

        Recorded: every party that must agree has agreed. Declared: some party has declared or
        agreed to it, taken at its word. All met: every corridor of the folder, as if each open
        condition were fulfilled.
        """
        if reading is Consents.ALL_MET:
            return True
        said = [c for c in self.consents if c.covers(corridor, use)]
        if reading is Consents.DECLARED:
            return any(c.stance in (Stance.DECLARED, Stance.AGREED) for c in said)
        needed = {p.id for p in self.parties if p.must_agree}
        refused = {c.party for c in said if c.stance is not Stance.AGREED}
        agreed = {c.party for c in said if c.stance is Stance.AGREED}
        return needed <= agreed and not refused & needed

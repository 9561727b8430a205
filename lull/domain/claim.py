"""Figures with their sources, and the safeguards agreed; never overwritten, side by side."""

from __future__ import annotations

from attrs import frozen

from lull.domain.refusal import require


@frozen
class Claim:
    """A figure that somebody gave. `figure` may be blank in the source: then there is no claim."""

    id: str
    about: str
    figure: float
    unit: str
    claimed_by: str
    source: str
    at: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        require(bool(self.source), f"Claim {self.id!r} has no source; a figure needs one.")


@frozen
class Safeguard:
    """A security measure or clause: what, whom it binds, who observes it, and its state."""

    id: str
    what: str
    binds: str
    observed_by: str = ""
    state: str = ""
    source: str = ""

"""What a notice announces, block by block, beside what observers have seen of each.

Blocks are what the notice names: each corridor, the buses, the ambulances, the feeding points, the
hours, each security measure; and whatever else somebody has looked at. What several observers saw
stands side by side and is never made one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from lull.web.pages.hours import in_all, windows
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room

COUNTED = ("buses", "ambulances", "feeding_points")
"""Counts of a notice; each is a block by this name, the same in every language."""
TOGETHER = frozenset({"corridors", "security_measures"})
"""Blocks under which somebody may have looked at all of a kind at once."""


@frozen
class Block:
    """One block: what the notice announces of it, and every observation of it, the latest first.

    `kind` is `corridor`, `count`, `measure`, `together` or `other`; `fighters` marks one for them.
    """

    name: str
    kind: str
    announced: str
    tag: str
    seen: tuple[Told, ...] = ()
    fighters: bool = False


def blocks(room: Room, about: str, terms: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks of a notice in its order, then those that only observers speak of."""
    seen: dict[str, list[Told]] = {}
    for known in reversed(room.told("preparation_observed", about=about)):
        one = told(known)
        seen.setdefault(_same(one.payload["block"]), []).append(one)
    for_fighters = set(terms.get("corridors_for_fighters", ()))
    named = [(c, "corridor", "", c in for_fighters) for c in terms.get("corridors", ())]
    named += [(name, "count", str(terms[name]), False) for name in COUNTED
              if terms.get(name) is not None]
    named += [("hours", "count", in_all(windows(spans)), False)
              for spans in [terms.get("windows", ())] if spans]
    named += [(m, "measure", "", False) for m in terms.get("security_measures", ())]
    found: dict[str, Block] = {}
    for name, kind, announced, fighters in named:
        found.setdefault(_same(name), Block(name, kind, announced, _tag(room, about, name),
                                            tuple(seen.pop(_same(name), ())), fighters))
    others = {key: Block(ones[0].payload["block"], "together" if key in TOGETHER else "other", "",
                         _tag(room, about, ones[0].payload["block"]), tuple(ones))
              for key, ones in seen.items()}
    return (*found.values(), *others.values())


def block_of(room: Room, about: str, tag: str) -> Block | None:
    """The block for which a tag stands in the latest notice, or None."""
    terms = terms_of(room, about)
    return next((b for b in blocks(room, about, terms[-1].payload if terms else {})
                 if b.tag == tag), None)


def terms_of(room: Room, about: str | None = None) -> list[Told]:
    """Every version of the terms of a pause that its reader can see, the latest last."""
    found = [told(k) for k in room.told("pause", about=about)]
    return [one for one in found if one.payload.get("record") == "pause_terms" and not one.fault]


def parties_of(room: Room, about: str) -> tuple[str, ...]:
    """Parties that a pause or a request speaks of, and those that have spoken to it."""
    terms = terms_of(room, about)
    found = [p["party"] for p in terms[-1].payload.get("parties", ())] if terms else []
    for known in room.told("request", about=about):
        assert known.content is not None
        found += known.content.payload.get("addressees", ())
    found += [s.thing.part for table in ("consent", "decision")
              for s in room.standing(table, about)]
    return tuple(dict.fromkeys(found))


def _same(name: str) -> str:
    """What two ways of writing the name of a block have in common, as for what is due."""
    return "_".join(str(name).casefold().replace("_", " ").split())


def _tag(room: Room, about: str, name: str) -> str:
    return room.tag("preparation_observed", f"{about}\n{_same(name)}")

"""Policies of the day by name, with the words in which they are told to those who act on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, fields, frozen

from lull.domain.refusal import Refusal
from lull.simulate import DAY_POLICY, Policy


@frozen
class NamedPolicy:
    """A policy, what it is called, and what it says in a sentence."""

    name: str
    policy: Policy
    words: str


BASE = (
    "A convoy waits a quarter of an hour for those missing, who then follow alone; what is too "
    "late to be out in time is not begun; from a closed gate the nearest open one is driven to; "
    "who is too late for a gate turns back under shelter."
)
NAMED: Mapping[str, NamedPolicy] = {
    each.name: each for each in (
        NamedPolicy("day", DAY_POLICY, f"{BASE} Nobody but its own convoy takes the people of a "
                    "lost vehicle over."),
        NamedPolicy("take-up", evolve(DAY_POLICY, take_up=True),
                    "As «day», and whoever comes out later by the same corridor takes up the "
                    "people of a lost vehicle, if in time."),
        NamedPolicy("teams", evolve(DAY_POLICY, take_up=True, teams=1),
                    "As «take-up», and outside each corridor stands a team of two empty vehicles "
                    "that goes in for those who wait beside a lost one, if it is out in time. "
                    "These vehicles are taken to be there beside the plan's own."),
    )
}
"""From what costs nothing to what costs vehicles."""


def named(words: tuple[str, ...]) -> NamedPolicy:
    """A policy from words such as `teams` and `wait_for_mates=30`; Refusal where one means nothing.

    A name gives all that follows from it; `setting=value` changes one setting of it.
    """
    found = NAMED["day"]
    for word in words:
        setting, equals, value = word.partition("=")
        if equals:
            found = _changed(found, setting, value)
        elif word in NAMED:
            found = NAMED[word]
        else:
            raise Refusal(f"There is no policy {word!r}; there are: {', '.join(NAMED)}; or give "
                          f"one setting as NAME=VALUE: {', '.join(_settings())}.")
    return found


def _settings() -> tuple[str, ...]:
    return tuple(one.name for one in fields(Policy) if one.name != "reserve_of")


def _changed(of: NamedPolicy, setting: str, value: str) -> NamedPolicy:
    if setting not in _settings():
        raise Refusal(f"A policy has no setting {setting!r}; it has: {', '.join(_settings())}.")
    switch = isinstance(getattr(of.policy, setting), bool)
    if switch and value not in {"yes", "no"}:
        raise Refusal(f"The policy's {setting!r} is yes or no, not {value!r}.")
    if not switch and not value.isdecimal():
        raise Refusal(f"The policy's {setting!r} is a whole number, not {value!r}.")
    chosen: Any = value == "yes" if switch else int(value)
    return NamedPolicy(f"{of.name}, {setting}={value}", evolve(of.policy, **{setting: chosen}),
                       f"{of.words} With {setting} = {value}.")

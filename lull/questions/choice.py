"""What is chosen for rounds under way that would break a rule if they went on as they are."""

from __future__ import annotations

from attrs import frozen

Part = tuple[str, int]
"""A vehicle and the number of one of its rounds."""


@frozen
class Choice:
    """By the first part of each group: what is done so that it keeps the rules.

    `first` are given room before all others, in this order. `at_once` may be held from now on, by
    word to the gate, not only from when new orders reach drivers. `waits` wait where they loaded,
    not at the gate. `tight` make up for their delay where the plan had them wait. `other_way` come
    out by another corridor, `unloaded` leave without taking on who has not boarded, `back` turn
    back before they are inside.
    """

    first: tuple[Part, ...] = ()
    at_once: frozenset[Part] = frozenset()
    waits: frozenset[Part] = frozenset()
    tight: frozenset[Part] = frozenset()
    other_way: frozenset[Part] = frozenset()
    unloaded: frozenset[Part] = frozenset()
    back: frozenset[Part] = frozenset()

    def turn(self, key: Part) -> int:
        """Where a group stands among those that are given room before others."""
        return self.first.index(key) if key in self.first else len(self.first)


AS_IT_IS = Choice()

"""Worlds of posts that write, meet, part, fork and destroy, from a list of whole numbers."""

from __future__ import annotations

from attrs import define, field
from hypothesis import strategies as st

from lull.domain.protocol import TABLES, Role
from lull.ledger.entry import Act, Control
from lull.ledger.fold import Thing, fold
from lull.ledger.ledger import Ledger, merge
from tests.ledger.kit import Post, key_of

ROLES = (Role.COORDINATOR, Role.PARTY, Role.ORGANISATION)
TALKED_OF = ("notification", "receipt")
STEPS = [(table, step.event) for table in TALKED_OF for step in TABLES[table].steps]

acts = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 2), st.integers(0, 999)),
    max_size=14,
)
"""Who acts, what it does, with whom, and a number that says which step or which reason."""


@define
class World:
    """Three posts, and the copies of ledgers that have been lying about."""

    posts: list[Post] = field(factory=list)
    copies: list[Ledger] = field(factory=list)

    @property
    def union(self) -> Ledger:
        """All that anybody holds."""
        whole = Ledger()
        for held in (*(p.held for p in self.posts), *self.copies):
            whole = merge(whole, held)
        return whole

    @property
    def views(self) -> list[Ledger]:
        """What each post holds, and the copies."""
        return [*(p.held for p in self.posts), *self.copies]


def world(script: list[tuple[int, int, int, int]]) -> World:
    """The world that a script leads to. Posts write what they like, legal or not."""
    made = World([Post(f"P{i}", role) for i, role in enumerate(ROLES)])
    for who, what, whom, number in script:
        post = made.posts[who]
        if what <= 5:
            _step(post, number)
        elif what == 6:
            post.held = merge(post.held, made.posts[whom].held)
        elif what == 7:
            # A copy of the post, restored elsewhere, writes on by itself: a fork.
            clone = evolve_post(post)
            _step(clone, number + 1)
            made.copies.append(clone.held)
        elif what == 8:
            own = [h for h, e in post.held.entries.items() if e.log == post.log and e.said]
            if own:
                post.do(Control(Act.DESTROY, of=sorted(own)[number % len(own)]))
        else:
            post.do(Control(Act.REPLACE, key=key_of(f"{post.name} {len(post.held.entries)}")))
    return made


def _step(post: Post, number: int) -> None:
    """A step on one of two things: mostly one that may follow there, else any."""
    steps = STEPS
    if number % 4:
        state = fold(post.held)
        steps = [
            (table, event) for table, event in STEPS
            if isinstance(TABLES[table].judge(
                state.states(Thing(table, f"X{number % 2}", "A/1" if table == "receipt" else "")),
                event, post.role, side="", what=""), str)
        ] or STEPS
    table, event = steps[number // 4 % len(steps)]
    part = "A/1" if table == "receipt" else ""
    post.write(f"{table}.{event}", f"X{number % 2}", part, note=f"by {post.name}")


def evolve_post(post: Post) -> Post:
    """A second post with the first one's name, key and ledger, as a restored copy has."""
    clone = Post.__new__(Post)
    for at in ("name", "role", "key", "recovery", "held", "log"):
        setattr(clone, at, getattr(post, at))
    return clone

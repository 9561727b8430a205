"""The rights as the API keeps them: every role, with an owner, a member and a stranger."""

from __future__ import annotations

from typing import Any

import pytest

from lull.domain.protocol import Role
from lull.domain.records import WITHOUT_STATES, kinds
from lull.domain.records.lines import NEVER_PUBLIC
from lull.domain.rights import NAMING, WRITTEN_BY_THE_SERVER
from lull.store.view import View
from tests.domain.test_rights import cells
from tests.store.kit import SIDES, World, record
from tests.web.kit import Caller, caller

TRIPLES = {
    Role.COORDINATOR: ("alice", "adam", ""), Role.ORGANISATION: ("olga", "omar", "oda"),
    Role.PARTY: ("paul", "petra", "piotr"), Role.OBSERVER: ("mona", "mark", "mila"),
    Role.CLERK: ("fred", "fay", "finn"),
}  # fmt: skip
SIDE = {Role.COORDINATOR: "OCHA", Role.ORGANISATION: "Red Crescent", Role.PARTY: "Party A",
        Role.OBSERVER: "Watch", Role.CLERK: "Red Crescent"}


CELL = "some corridor/some condition/some actor/capital"


class _Owned(dict):
    """Every object is of one side."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self.side = side

    def get(self, _key: object, _default: object = None) -> str:
        """That side."""
        return self.side


@pytest.mark.parametrize("role", TRIPLES, ids=lambda role: role.value)
def test_each_kind_of_entry_is_written_by_whom_the_table_lets(
    world: World, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    """All objects are made the owner's; a refusal by right is a 403, any other answer is none."""
    catch_up = View.catch_up

    def owned(self: View, **how: bool) -> View:
        catch_up(self, **how)
        self.owners = _Owned(SIDE[role])
        return self

    monkeypatch.setattr(View, "catch_up", owned)
    expected = {thing: letters for action, thing, _, of, letters in cells()
                if action.value == "write" and of is role}
    first: dict[str, str] = {}
    for kind in kinds():
        first.setdefault(kind.partition(".")[0], kind)
    for thing, kind in first.items():
        if thing in WRITTEN_BY_THE_SERVER:
            continue
        part = SIDE[role] if thing in NAMING else ""
        part = f"{CELL}/{SIDE[role]}" if thing == "readiness" else part
        part += " 1" if thing == "receipt" else ""
        changes = {NAMING[thing]: SIDE[role]} if thing in NAMING else {}
        found = "".join(
            letter if _status(world, name, kind, thing, part, changes) != 403 else "."
            for letter, name in zip("OMS", TRIPLES[role], strict=True) if name)
        assert found == expected[thing][:len(found)], (thing, found)


def _status(world: World, name: str, kind: str, thing: str, part: str,
            changes: dict[str, Any]) -> int:
    wall = "restricted" if thing in NEVER_PUBLIC else "public"
    answer = caller(world, name).write(kind, f"{thing} X", part=part, key=f"{name}-{thing}-key",
                                       wall=wall, **changes)
    if thing == "readiness" and answer.status_code == 422:  # a word in another's mouth
        assert [e["field"] for e in answer.json()["errors"]] == ["part"]
        return 403
    assert answer.status_code in (201, 403, 409), (kind, answer.content)
    return int(answer.status_code)


def test_what_the_server_itself_writes_nobody_else_does(world: World) -> None:
    for kind in WRITTEN_BY_THE_SERVER:
        assert kind in WITHOUT_STATES
        for name in ("alice", "olga", "paul"):
            answer = caller(world, name).write(kind, "X", key=f"{name}-{kind}")
            assert [e["field"] for e in answer.json()["errors"]] == ["kind"]


@pytest.mark.parametrize("role", TRIPLES, ids=lambda role: role.value)
@pytest.mark.parametrize("wall", ["public", "restricted", "sealed"])
def test_each_wall_is_read_through_by_whom_the_table_lets(
    world: World, role: Role, wall: str
) -> None:
    """An entry of the owner; sealed to the other party, whose two readers stand for `key`."""
    owner, member, stranger = TRIPLES[role]
    to = ("b",) if wall == "sealed" else ()
    made = caller(world, owner).write("incident.allege", "X", wall=wall, to=to)
    assert made.status_code == 201, made.content
    path = f"pauses/{{pause}}/entries/{made.json()['hash']}"

    def reads(name: str) -> bool:
        answer = (caller(world, name) if name else Caller(world)).get(path)
        assert answer.status_code in (200, 404)
        found = answer.status_code == 200 and answer.json()["content"] is not None
        asks = caller(world, name) if name else Caller(world)
        listed = asks.post("pauses/{pause}/find", {"object": "X"}).json()["items"]
        fed = [e for e in asks.get("pauses/{pause}/changes").json()["items"]
               if e["content"] and e["content"]["object"] == "X"]
        assert found is bool(listed) is bool(fed)
        return found

    if wall == "sealed":
        assert reads(owner)
        assert reads("piotr")
        others = {member, stranger, "alice", "mona", "petra", "fay", ""} - {owner, "piotr"}
        assert [name for name in sorted(others) if reads(name)] == []
    else:
        letters = next(le for action, thing, _, of, le in cells()
                       if action.value == "read" and thing == wall and of is role)
        people = [(letter, name) for letter, name in zip("OMS", TRIPLES[role], strict=True) if name]
        found = "".join(letter if reads(name) else "." for letter, name in people)
        assert found == letters[:len(found)]
        assert reads("alice")
        assert reads("") is (wall == "public")


ADMIN: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "make side": ("POST", "pauses/{pause}/sides", {"name": "New side"}),
    "make post": ("POST", "pauses/{pause}/posts", {"name": "0a" * 32, "side": "", "role": "party"}),
    "read post": ("GET", "pauses/{pause}/posts", None),
    "read side": ("GET", "pauses/{pause}/sides", None),
    "make job": ("POST", "pauses/{pause}/jobs", None),
    "read metrics": ("GET", "metrics", None),
    "read outbox": ("GET", "pauses/{pause}/outbox", None),
    "make outbox": ("POST", "pauses/{pause}/transmissions", {"object": "N1"}),
    "read addressee": ("GET", "pauses/{pause}/addressees", None),
    "make addressee": ("POST", "pauses/{pause}/addressees", {
        "recipient": "Party A", "channel": "file", "address": "box-3"}),
    "end addressee": ("POST", "pauses/{pause}/addressees/drop", {
        "recipient": "Party A", "channel": "file"}),
    "read ledger": ("GET", "pauses/{pause}/ledger", None),
}


@pytest.mark.parametrize("what", ADMIN)
def test_each_other_act_is_done_by_whom_the_table_lets(world: World, what: str) -> None:
    method, path, body = ADMIN[what]
    action, thing = what.split()
    if body and "side" in body:
        body = {**body, "side": str(world.side("a"))}
    for role, (owner, *_) in TRIPLES.items():
        letters = next(le for a, t, _, of, le in cells()
                       if (a.value, t) == (action, thing) and of is role)
        answer = caller(world, owner).ask(method, path, body, idempotency_key="a-key-of-mine")
        assert (answer.status_code != 403) is letters.startswith("O"), (what, role, answer.content)
    public = Caller(world).ask(method, path, body).status_code
    assert public == (200 if what == "read ledger" else 401)


@pytest.mark.parametrize("role", TRIPLES, ids=lambda role: role.value)
def test_members_and_links_are_seen_and_ended_by_whom_the_table_lets(
    world: World, role: Role
) -> None:
    """The owner is a new member of the side; what the three may do to them is tried for real."""
    from lull.store import models
    from lull.store.accounts import make_member

    _, member, stranger = TRIPLES[role]
    sides = {name: key for key, (name, _) in SIDES.items()}
    for by, letter in ((member, "M"), (stranger, "S")):
        if not by:
            continue
        made = make_member(world.store, side=world.side(sides[SIDE[role]]), login=f"new {by}",
                           function="", passphrase="words for the new one").member
        models.Seat.objects.create(member_id=made, pause_id=world.pause, role=role.value)
        asks = caller(world, by)
        seen = str(made) in {m["id"] for m in asks.get("pauses/{pause}/members").json()}
        reset = asks.post(f"pauses/{{pause}}/members/{made}/reset").status_code == 201
        ended = asks.ask("DELETE", f"pauses/{{pause}}/members/{made}").status_code == 204
        for (action, thing), done in {("read", "member"): seen, ("write", "member"): reset,
                                      ("end", "member"): ended}.items():
            letters = next(le for a, t, _, of, le in cells()
                           if (a.value, t) == (action, thing) and of is role)
            assert done is (letter in letters), (action, by)


def test_a_pause_in_which_one_does_not_sit_is_not_there(world: World) -> None:
    alice = caller(world, "alice")
    other = alice.post("pauses", {"name": "Homs"}).json()["id"]
    assert caller(world, "olga").post("pauses", {"name": "Idlib"}).status_code == 422
    for path in ("changes", "things", "sides", "members", "ledger", "jobs", "posts"):
        for name in ("adam", "olga", "paul"):
            assert caller(world, name).get(f"pauses/{other}/{path}").status_code == 404, path
    assert caller(world, "olga").post(f"pauses/{other}/entries", {
        "kind": "statement", "object": "S", "wall": "public", "payload": record("statement")},
        idempotency_key="abcdefgh").status_code == 404
    assert alice.get(f"pauses/{other}/changes").status_code == 200

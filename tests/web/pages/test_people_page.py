"""People: sides, members, invitations, posts, tokens; what lets somebody in is shown once."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from lull.store import models
from tests.store.kit import World, words_of
from tests.web.pages.account_kit import EVERYONE, rows, words
from tests.web.pages.kit import Browser

POST = "0a" * 32


def member(world: World, name: str) -> str:
    """The id of a person's member."""
    return str(world.who(name).member)


def once(answer: object) -> str:
    """What a page shows once."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    found = re.search(r'id="once"><bdi[^>]*>([^<]+)</bdi>', page)
    assert found is not None
    return found[1]


def test_a_coordinator_sees_all_members_and_others_those_of_their_side(world: World) -> None:
    seen = {name: len(re.findall(r'name="member" value="([^"]*)"',
                                 Browser(world, name).text("@people")))
            for name in ("alice", "olga", "fred")}
    assert seen["alice"] > seen["olga"] > 0
    page = words(Browser(world, "oda").text("@people").partition('id="members"')[2]
                 .partition('id="invitations"')[0].join(("<main>", "</main>")))
    assert "Relief" in page
    assert "Party A" not in page


def test_the_public_does_not_come_in(world: World) -> None:
    assert Browser(world).get("@people").status_code == 302
    assert Browser(world).client.post(f"/p/{world.pause}/people", {"act": "invite"}
                                      ).status_code == 302


def test_an_invitation_is_shown_once_lets_in_once_and_can_be_taken_back(world: World) -> None:
    olga = Browser(world, "olga")
    side = str(world.side("crescent"))
    fields = {"act": "invite", "side": side, "role": "field_clerk", "function": "gate"}
    token = once(olga.send("@people", fields))
    assert token not in olga.text("@people")
    assert "Field clerk" in words(olga.text("@people").partition('id="invitations"')[2]
                                  .join(("<main>", "</main>")))
    come = {"token": token, "login": "gate", "passphrase": "gate keeps a long secret"}
    assert "You are in." in Browser(world).client.post("/join", come).content.decode()
    assert Browser(world).client.post("/join", {**come, "login": "gate2"}).status_code == 422
    other = once(olga.send("@people", fields))
    link = re.search(r'name="link" value="([^"]*)"', olga.text("@people"))
    assert link is not None
    assert olga.send("@people", {"act": "end_invitation", "link": link[1]}).status_code == 303
    assert Browser(world).client.post("/join", {**come, "token": other, "login": "late"}
                                      ).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("olga", 303), ("omar", 303), ("alice", 303),
                                             ("oda", 404), ("paul", 404), ("fred", 404)])
def test_a_link_is_taken_back_by_its_side_or_a_coordinator(world: World, who: str, status: int
                                                           ) -> None:
    Browser(world, "olga").send("@people", {
        "act": "invite", "side": str(world.side("crescent")), "role": "organisation"})
    link = models.Invitation.objects.get()
    answer = Browser(world, who).send("@people", {"act": "end_invitation", "link": str(link.id)})
    assert answer.status_code == status
    assert models.Invitation.objects.get().used == (status == 303)


@pytest.mark.parametrize(("who", "side", "role", "status"), [
    ("olga", "crescent", "organisation", 200), ("olga", "crescent", "field_clerk", 200),
    ("olga", "crescent", "coordinator", 422), ("olga", "relief", "organisation", 403),
    ("alice", "a", "party", 422), ("fred", "crescent", "field_clerk", 403),
    ("olga", "crescent", "king", 422), ("paul", "a", "party", 200), ("mona", "watch", "observer",
                                                                     200)])
def test_a_side_invites_its_own_and_to_its_own_role(
    world: World, who: str, side: str, role: str, status: int
) -> None:
    answer = Browser(world, who).send("@people", {"act": "invite", "side": str(world.side(side)),
                                                  "role": role})
    assert answer.status_code == status, words(answer.content.decode())
    assert models.Invitation.objects.count() == (status == 200)


def test_a_coordinator_has_a_new_side_take_part_and_invites_its_first_member(world: World) -> None:
    alice = Browser(world, "alice")
    assert alice.send("@people", {"act": "make_side", "name": "Second Relief"}).status_code == 303
    page = alice.text("@people")
    assert ["Second Relief", "0", "none: nothing can be sealed to them yet"] in rows(page)
    side = models.Side.objects.exclude(members__isnull=False).get()
    answer = alice.send("@people", {"act": "invite", "side": str(side.id),
                                    "role": "organisation"})
    assert answer.status_code == 200
    again = alice.send("@people", {"act": "make_side", "name": "Second Relief"})
    assert again.status_code == 422
    assert 'value="Second Relief"' in again.content.decode()


@pytest.mark.parametrize("who", ["olga", "paul", "mona", "fred"])
def test_only_a_coordinator_has_sides_take_part_and_admits_posts(world: World, who: str) -> None:
    one = Browser(world, who)
    page = one.text("@people")
    assert 'value="make_side"' not in page
    assert 'value="admit"' not in page
    assert one.send("@people", {"act": "make_side", "name": "X"}).status_code == 403
    assert one.send("@people", {"act": "admit", "name": POST, "side": str(world.side("a")),
                                "role": "party", "compared": "yes"}).status_code == 403
    assert not models.Post.objects.filter(name=POST).exists()


@pytest.mark.parametrize(("change", "status"), [
    ({}, 303), ({"compared": ""}, 422), ({"name": "0a"}, 422), ({"name": "z" * 64}, 422),
    ({"side": str(uuid4())}, 404), ({"side": "no id"}, 404), ({"role": ""}, 422)])
def test_a_post_is_admitted_once_all_its_digits_were_compared(
    world: World, change: dict[str, str], status: int
) -> None:
    spoken = " ".join(POST[i:i + 4] for i in range(0, 64, 4)).upper()
    fields = {"act": "admit", "name": spoken, "side": str(world.side("a")), "role": "party",
              "compared": "yes", **change}
    answer = Browser(world, "alice").send("@people", fields)
    assert answer.status_code == status
    assert models.Post.objects.filter(name=POST).exists() == (status == 303)


@pytest.mark.parametrize(("who", "whom", "status"), [
    ("olga", "omar", 200), ("omar", "fred", 200), ("olga", "olga", 422), ("oda", "omar", 403),
    ("alice", "omar", 403), ("fred", "omar", 403), ("paul", "petra", 200)])
def test_a_new_passphrase_is_offered_by_ones_own_side(
    world: World, who: str, whom: str, status: int
) -> None:
    answer = Browser(world, who).send("@people", {"act": "reset", "member": member(world, whom)})
    assert answer.status_code == status, words(answer.content.decode())
    if status == 200:
        token = once(answer)
        done = Browser(world).client.post("/join", {
            "token": token, "login": whom, "passphrase": "another long secret of mine"})
        assert "You are in." in done.content.decode()


@pytest.mark.parametrize("act", ["end_seat", "end_member"])
@pytest.mark.parametrize(("who", "whom", "status"), [
    ("olga", "omar", 303), ("alice", "omar", 303), ("oda", "omar", 403), ("paul", "omar", 403),
    ("fred", "fay", 403)])
def test_a_member_is_ended_by_their_side_or_a_coordinator_who_says_that_they_mean_it(
    world: World, act: str, who: str, whom: str, status: int
) -> None:
    one, there = Browser(world, who), Browser(world, whom)
    fields = {"act": act, "member": member(world, whom)}
    assert one.send("@people", fields).status_code == 422
    assert there.get("@due").status_code == 200
    answer = one.send("@people", {**fields, "sure": "yes"})
    assert answer.status_code == status, words(answer.content.decode())
    assert (there.get("@people").status_code == 200) == (status != 303)


def test_the_last_coordinator_is_not_taken_away(world: World) -> None:
    alice = Browser(world, "alice")
    assert alice.send("@people", {"act": "end_seat", "member": member(world, "adam"),
                                  "sure": "yes"}).status_code == 303
    answer = alice.send("@people", {"act": "end_seat", "member": member(world, "alice"),
                                    "sure": "yes"})
    assert answer.status_code == 422
    assert "last coordinator" in words(answer.content.decode())


def test_a_token_is_shown_once_does_what_it_is_for_and_is_ended_by_its_owner(world: World) -> None:
    from tests.web.kit import Caller

    olga = Browser(world, "olga")
    text = once(olga.send("@people", {"act": "make_token", "label": "export at night",
                                      "days": "3", "scope": ["read", "ledger"]}))
    assert text not in olga.text("@people")
    assert Caller(world, text).get("me").status_code == 200
    token = str(models.Token.objects.get().id)
    for name in ("omar", "oda", "alice"):
        assert Browser(world, name).send("@people", {"act": "end_token", "token": token}
                                         ).status_code == 404
        assert "export at night" not in Browser(world, name).text("@people")
    assert olga.send("@people", {"act": "end_token", "token": token}).status_code == 303
    assert Caller(world, text).get("me").status_code == 401


@pytest.mark.parametrize("change", [{"days": "0"}, {"days": "x"}, {"days": "99999"}, {"days": "²"},
                                    {"label": ""}, {"scope": []}, {"scope": ["account"]},
                                    {"label": "x" * 500}])
def test_a_token_that_is_not_right_is_refused_in_a_sentence(world: World, change: dict[str, object]
                                                            ) -> None:
    answer = Browser(world, "olga").send("@people", {
        "act": "make_token", "label": "x", "days": "3", "scope": ["read"], **change})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert models.Token.objects.count() == 0


@pytest.mark.parametrize("act", ["", "nothing", "reset", "end_seat", "end_member", "end_token",
                                 "end_invitation", "invite", "admit", "make_side", "make_token"])
@pytest.mark.parametrize("noise", ["", "x", "9b2f0f4e-3f0c-4d2e-9a55-0c8f6e6f7a10", "\x00",
                                   "<script>alert(1)</script>"])
def test_what_makes_no_sense_is_refused_and_never_a_fault(world: World, act: str, noise: str
                                                          ) -> None:
    fields = dict.fromkeys(("member", "side", "role", "name", "link", "token", "label", "days",
                            "function", "scope"), noise)
    answer = Browser(world, "alice").send("@people", {"act": act, "sure": "yes",
                                                      "compared": "yes", **fields})
    assert answer.status_code in (303, 403, 404, 422)
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("name", [n for n in EVERYONE if n])
def test_the_page_is_there_for_everyone_and_holds_nobodys_passphrase_or_login(
    world: World, name: str
) -> None:
    page = Browser(world, name).text("@people")
    assert words_of(name) not in page
    others = [n for n in EVERYONE if n and n != name]
    assert not [n for n in others if re.search(rf"\b{n}\b", words(page))]

"""What a stolen session and a reset do to a second factor, and when links end."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from lull.domain.protocol import Role
from lull.domain.refusal import Refusal
from lull.store import accounts, models, signin, totp
from lull.store.principal import NotAllowed, NotThere
from lull.store.signin import CodeNeeded, sign_in
from lull.store.throttle import BOTH
from tests.store.kit import World, words_of
from tests.web.kit import caller

NEW = "six other words to come in by"


def with_factor(world: World, name: str) -> str:
    """Turn a person's second factor on; its secret."""
    secret, _ = signin.begin_totp(world.store, world.who(name), words_of(name))
    signin.confirm_totp(world.store, world.who(name),
                        totp.code_at(secret, totp.step_of(world.clock.at)))
    world.clock.forward(seconds=60)
    return secret


def written(world: World) -> list[tuple[str, str]]:
    """Kind and reason of the disclosures that the own side's key opens."""
    known = world.store.own.view(world.pause).known.values()
    return [(k.content.payload["kind"], k.content.payload.get("reason", "")) for k in known
            if k.content and k.content.kind == "disclosure"]


def test_whoever_has_a_session_alone_does_not_turn_a_second_factor_on(world: World) -> None:
    thief = caller(world, "olga")
    assert thief.post("me/second-factor").status_code == 422
    codes = [thief.post("me/second-factor", {"passphrase": "guess"}).status_code
             for _ in range(BOTH.free + 1)]
    assert codes == [422] * BOTH.free + [429]
    assert thief.post("me/second-factor/confirm", {"code": "000000"}).status_code in (422, 429)
    member = models.Member.objects.get(pk=world.who("olga").member)
    assert (member.totp, member.totp_on) == (None, False)
    world.clock.forward(hours=1)
    answer = caller(world, "olga").post("me/second-factor", {"passphrase": words_of("olga")})
    assert answer.status_code == 201
    assert answer.json()["secret"] in answer.json()["link"]


def test_a_second_factor_outlives_a_reset_that_does_not_say_otherwise(world: World) -> None:
    secret = with_factor(world, "omar")
    link = accounts.offer_reset(world.store, world.seat("olga"), world.who("omar").member)
    accounts.accept(world.store, link.token, login="omar", passphrase=NEW)
    with pytest.raises(CodeNeeded):
        sign_in(world.store, login="omar", passphrase=NEW)
    code = totp.code_at(secret, totp.step_of(world.clock.at))
    assert sign_in(world.store, login="omar", passphrase=NEW, code=code).token
    assert written(world) == []


def test_a_reset_takes_a_second_factor_away_for_a_reason_that_is_an_entry(world: World) -> None:
    with_factor(world, "omar")
    omar, by = world.who("omar").member, caller(world, "olga")
    path = f"pauses/{{pause}}/members/{omar}/reset"
    assert "Say why" in by.post(path, {"end_second_factor": True}).json()["sentence"]
    assert written(world) == []
    said = by.post(path, {"end_second_factor": True, "reason": "telephone lost"})
    assert said.status_code == 201
    assert written(world) == [("second_factor_ended", "telephone lost")]
    assert models.Member.objects.get(pk=omar).totp_on  # until the link is used
    accounts.accept(world.store, said.json()["token"], login="omar", passphrase=NEW)
    assert sign_in(world.store, login="omar", passphrase=NEW).token
    assert not models.RecoveryCode.objects.filter(member_id=omar).exists()


def test_nobody_takes_a_second_factor_away_that_is_not_there_or_of_another_side(
    world: World
) -> None:
    omar = world.who("omar").member
    with pytest.raises(Refusal, match="no second factor"):
        accounts.offer_reset(world.store, world.seat("olga"), omar, end_factor=True, reason="lost")
    with_factor(world, "omar")
    for by in ("alice", "oda", "paul"):
        with pytest.raises((NotAllowed, NotThere)):
            accounts.offer_reset(world.store, world.seat(by), omar, end_factor=True, reason="lost")
    assert written(world) == []


def _everywhere(world: World, who: UUID) -> None:
    accounts.sign_out_everywhere(world.store, who)


def _changed(world: World, who: UUID) -> None:
    accounts.change_passphrase(world.store, world.who("paul"), words_of("paul"), NEW)


def _ended(world: World, who: UUID) -> None:
    accounts.end_member(world.store, world.seat("petra"), who)


def _unseated(world: World, who: UUID) -> None:
    accounts.end_seat(world.store, world.seat("petra"), who)


@pytest.mark.parametrize("act", [_everywhere, _changed, _ended, _unseated])
def test_links_that_a_member_gave_out_end_with_their_sessions_and_their_seat(
    world: World, act: Callable[[World, UUID], None]
) -> None:
    """Whoever had the session made one, too, by which they would come back."""
    link = accounts.invite(world.store, world.seat("paul"), side=world.side("a"), role=Role.PARTY,
                           function="")
    reset = accounts.offer_reset(world.store, world.seat("paul"), world.who("petra").member)
    other = accounts.invite(world.store, world.seat("petra"), side=world.side("a"),
                            role=Role.PARTY, function="")
    act(world, world.who("paul").member)
    with pytest.raises(Refusal, match="ask for another"):
        accounts.accept(world.store, link.token, login="pia", passphrase=NEW)
    with pytest.raises(Refusal, match="ask for another"):
        accounts.accept(world.store, reset.token, login="petra", passphrase=NEW)
    assert accounts.accept(world.store, other.token, login="pia", passphrase=NEW).member


def test_a_link_of_somebody_who_is_no_longer_let_in_opens_nothing_even_where_it_still_stands(
    world: World
) -> None:
    link = accounts.invite(world.store, world.seat("paul"), side=world.side("a"), role=Role.PARTY,
                           function="")
    models.Member.objects.filter(pk=world.who("paul").member).update(active=False)
    with pytest.raises(Refusal, match="ask for another"):
        accounts.accept(world.store, link.token, login="pia", passphrase=NEW)
    assert not models.Invitation.objects.get(pk=link.id).used

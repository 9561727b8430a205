"""Who comes in, how, and what a stolen link, session, reset or disk does not give."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from lull.domain.protocol import Role
from lull.domain.refusal import Refusal
from lull.store import accounts, models, signin, totp
from lull.store.keyring import IDLE_MINUTES
from lull.store.principal import NotAllowed, NotThere
from lull.store.signin import CodeNeeded, NotSignedIn, sign_in, who_asks
from lull.store.throttle import ADDRESS, BOTH, TooMany
from lull.store.vault import change_passphrase, open_vault
from lull.store.veil import Argon, Hardness, WrongSecret, new_code
from tests.store.kit import EASY, SERVER, World, words_of
from tests.store.letters import begun, left, reachable

NEW = "six other words to come in by"


def reads(world: World, name: str, entry: str) -> bool:
    """Whether a person's session opens an entry."""
    view = world.who(name).reading_with(world.store).view(world.pause)
    return view.known[entry].content is not None


def test_an_unknown_login_and_a_wrong_passphrase_are_told_in_the_same_words(world: World) -> None:
    told = set()
    for login in ("olga", "nobody"):
        with pytest.raises(NotSignedIn) as wrong:
            sign_in(world.store, login=login, passphrase="not the right words")
        told.add(str(wrong.value))
    assert len(told) == 1


def test_for_an_unknown_login_a_passphrase_is_hashed_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    fits = Argon.fits
    monkeypatch.setattr(Argon, "fits", lambda self, hashed, words: (
        kept.append(hashed), fits(self, hashed, words))[1])
    for login in ("olga", "nobody"):
        with pytest.raises(NotSignedIn):
            sign_in(world.store, login=login, passphrase="not the right words")
    assert len(kept) == 2
    assert {one.split("$")[3] for one in kept} == {"m=32,t=1,p=4"}


def test_guesses_wait_longer_and_longer_and_others_are_not_locked_out(world: World) -> None:
    def guess(address: str, words: str = "wrong wrong wrong") -> None:
        sign_in(world.store, login="olga", passphrase=words, address=address)

    for _ in range(BOTH.free):
        with pytest.raises(NotSignedIn):
            guess("10.0.0.1")
    waits = []
    for _ in range(6):
        with pytest.raises(TooMany) as told:
            guess("10.0.0.1", words_of("olga"))
        waits.append(told.value.seconds)
        world.clock.forward(seconds=told.value.seconds)
        with pytest.raises(NotSignedIn):
            guess("10.0.0.1")
    assert waits == sorted(set(waits))
    guess("10.0.0.2", words_of("olga"))
    world.clock.forward(hours=2)
    guess("10.0.0.1", words_of("olga"))


def test_one_address_that_tries_many_logins_waits_too(world: World) -> None:
    for i in range(ADDRESS.free):
        with pytest.raises(NotSignedIn):
            sign_in(world.store, login=f"guess {i}", passphrase="x", address="10.0.0.1")
    with pytest.raises(TooMany):
        sign_in(world.store, login="olga", passphrase=words_of("olga"), address="10.0.0.1")


def test_several_failures_are_written_into_the_ledger(world: World) -> None:
    for _ in range(BOTH.free):
        with pytest.raises(NotSignedIn):
            sign_in(world.store, login="olga", passphrase="wrong wrong wrong")
    view = world.store.own.view(world.pause)
    said = [k.content.payload["kind"] for k in view.known.values() if k.content]
    assert said == ["failed_attempt"]


def test_a_second_factor_is_asked_for_and_no_code_counts_twice(world: World) -> None:
    who = world.who("olga")
    secret, link = signin.begin_totp(world.store, who, words_of("olga"))
    assert secret in link
    code = totp.code_at(secret, totp.step_of(world.clock.at))
    paper = signin.confirm_totp(world.store, who, code)
    words = {"login": "olga", "passphrase": words_of("olga")}
    with pytest.raises(CodeNeeded):
        sign_in(world.store, **words)
    with pytest.raises(NotSignedIn):
        sign_in(world.store, **words, code=code)
    world.clock.forward(seconds=60)
    sign_in(world.store, **words, code=totp.code_at(secret, totp.step_of(world.clock.at)))
    sign_in(world.store, **words, code=paper[0].lower())
    with pytest.raises(NotSignedIn):
        sign_in(world.store, **words, code=paper[0])


def test_codes_cannot_be_guessed_by_asking_without_one_in_between(world: World) -> None:
    who = world.who("olga")
    secret, _ = signin.begin_totp(world.store, who, words_of("olga"))
    signin.confirm_totp(world.store, who, totp.code_at(secret, totp.step_of(world.clock.at)))
    words = {"login": "olga", "passphrase": words_of("olga"), "address": "10.0.0.9"}
    with pytest.raises(TooMany):
        for _ in range(BOTH.free + 1):
            with pytest.raises(CodeNeeded):
                sign_in(world.store, **words)
            with pytest.raises(NotSignedIn):
                sign_in(world.store, **words, code="000000")


def test_codes_are_those_of_rfc_6238() -> None:
    """RFC 6238, appendix B, SHA-1: eight digits there, of which these are the last six."""
    import base64

    secret = base64.b32encode(b"12345678901234567890").decode()
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert totp.code_at(secret, seconds // 30) == code


def test_an_invitation_lets_in_once_and_not_for_ever(world: World) -> None:
    link = accounts.invite(world.store, world.seat("olga"), side=world.side("crescent"),
                           role=Role.CLERK, function="gate")
    joined = accounts.accept(world.store, link.token, login="gate", passphrase=NEW)
    assert models.Seat.objects.get(member_id=joined.member).role == "field_clerk"
    with pytest.raises(Refusal, match="has been used"):
        accounts.accept(world.store, link.token, login="gate 2", passphrase=NEW)
    late = accounts.invite(world.store, world.seat("olga"), side=world.side("crescent"),
                           role=Role.CLERK, function="gate")
    world.clock.forward(hours=accounts.INVITATION_HOURS)
    with pytest.raises(Refusal, match="expired"):
        accounts.accept(world.store, late.token, login="gate 2", passphrase=NEW)
    with pytest.raises(Refusal, match="was never given out"):
        accounts.accept(world.store, "x" * 43, login="gate 2", passphrase=NEW)


@pytest.mark.parametrize(("by", "side", "role", "works"), [
    ("alice", "ocha", Role.COORDINATOR, True),
    ("alice", "a", Role.PARTY, False),  # the party has members, and invites its own
    ("paul", "a", Role.PARTY, True),
    ("paul", "b", Role.PARTY, False),
    ("paul", "a", Role.COORDINATOR, False),
    ("olga", "crescent", Role.CLERK, True),
    ("olga", "crescent", Role.COORDINATOR, False),
    ("fred", "crescent", Role.CLERK, False),
])
def test_nobody_invites_to_a_table_that_is_not_theirs(
    world: World, by: str, side: str, role: Role, works: bool
) -> None:
    def invite() -> Any:
        return accounts.invite(world.store, world.seat(by), side=world.side(side), role=role,
                               function="")
    if works:
        assert invite().token
    else:
        with pytest.raises(Refusal):
            invite()


def test_a_coordinator_cannot_reset_a_party_s_passphrase(world: World) -> None:
    paul = world.who("paul").member
    for by in ("alice", "piotr", "olga"):
        with pytest.raises((NotAllowed, NotThere)):
            accounts.offer_reset(world.store, world.seat(by), paul)
    assert accounts.offer_reset(world.store, world.seat("petra"), paul).token


def test_a_reset_opens_nothing_that_was_sealed_before_and_the_printed_code_does(
    world: World
) -> None:
    link = accounts.invite(world.store, world.seat("paul"), side=world.side("a"), role=Role.PARTY,
                           function="")
    first = accounts.accept(world.store, link.token, login="pia", passphrase=words_of("pia"))
    sealed = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",)).hash
    assert reads(world, "pia", sealed)
    old = world.tokens["pia"]
    link = accounts.offer_reset(world.store, world.seat("paul"), first.member)
    with pytest.raises(Refusal, match="another login"):
        accounts.accept(world.store, link.token, login="paul", passphrase=NEW)
    link = accounts.offer_reset(world.store, world.seat("paul"), first.member)
    second = accounts.accept(world.store, link.token, login="pia", passphrase=NEW)
    with pytest.raises(NotSignedIn):
        who_asks(world.store, old)
    with pytest.raises(NotSignedIn):
        sign_in(world.store, login="pia", passphrase=words_of("pia"))
    world.tokens["pia"] = sign_in(world.store, login="pia", passphrase=NEW).token
    assert not reads(world, "pia", sealed)
    later = world.write("olga", "incident.allege", "I2", wall="sealed", to=("a",)).hash
    assert reads(world, "pia", later)
    who = world.who("pia")
    for code in (new_code(), second.code):
        if code != second.code:
            with pytest.raises(Refusal, match="opens none"):
                accounts.recover_keys(world.store, who, NEW, code)
    assert not reads(world, "pia", sealed)
    accounts.recover_keys(world.store, who, NEW, first.code)
    assert signin.unlock(world.store, who, NEW) == 2
    assert reads(world, "pia", sealed)


def test_a_changed_passphrase_keeps_the_keys_and_ends_other_sessions(world: World) -> None:
    sealed = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",)).hash
    other = sign_in(world.store, login="paul", passphrase=words_of("paul")).token
    who = world.who("paul")
    with pytest.raises(Refusal):
        accounts.change_passphrase(world.store, who, "not the present one", NEW)
    accounts.change_passphrase(world.store, who, words_of("paul"), NEW)
    with pytest.raises(NotSignedIn):
        who_asks(world.store, other)
    assert world.who("paul").member == who.member
    world.tokens["paul"] = sign_in(world.store, login="paul", passphrase=NEW).token
    assert reads(world, "paul", sealed)


def test_signing_out_everywhere_ends_sessions_and_tokens_and_forgets_keys(world: World) -> None:
    from lull.store.principal import Scope

    who = world.who("paul")
    _, token = signin.make_token(world.store, who, scopes=frozenset({Scope.READ}), days=1,
                                 label="board")
    assert world.store.keyring.unlocked == 1
    accounts.sign_out_everywhere(world.store, who.member)
    assert world.store.keyring.unlocked == 0
    for one in (world.tokens["paul"], token):
        with pytest.raises(NotSignedIn):
            who_asks(world.store, one)
    assert who.reader is not None
    assert who.reader.secrets == ()


def test_keys_are_dropped_when_nobody_has_asked_for_a_while(world: World) -> None:
    sealed = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",)).hash
    assert reads(world, "paul", sealed)
    world.clock.forward(minutes=IDLE_MINUTES + 1)
    assert world.who("paul").reader is None
    signin.unlock(world.store, world.who("paul"), words_of("paul"))
    assert reads(world, "paul", sealed)


def test_a_session_ends_by_itself(world: World) -> None:
    world.who("paul")
    for _ in range(signin.SESSION_HOURS):
        world.clock.forward(minutes=59)
        world.who("paul")
    world.clock.forward(minutes=30)
    with pytest.raises(NotSignedIn):
        world.who("paul")


def test_who_is_ended_is_out_and_nothing_new_is_sealed_to_them(world: World) -> None:
    petra = world.who("petra").member
    with pytest.raises((NotAllowed, NotThere)):
        accounts.end_member(world.store, world.seat("piotr"), petra)
    accounts.end_member(world.store, world.seat("paul"), petra)
    with pytest.raises(NotSignedIn):
        world.who("petra")
    with pytest.raises(NotSignedIn):
        sign_in(world.store, login="petra", passphrase=words_of("petra"))
    made = world.write("olga", "incident.allege", "I1", wall="sealed", to=("a",))
    assert models.Wrap.objects.filter(entry__hash=made.hash).count() == 2  # paul, and olga
    with pytest.raises(Refusal, match="last keeper"):
        accounts.end_member(world.store, world.seat("adam"), world.who("alice").member)


@pytest.mark.parametrize("words", ["short", "aaaaaaaaaaaaaaaaaaa", "Operations Room", "x" * 2000])
def test_a_weak_passphrase_is_refused(world: World, words: str) -> None:
    link = accounts.invite(world.store, world.seat("olga"), side=world.side("crescent"),
                           role=Role.CLERK, function="")
    with pytest.raises(Refusal):
        accounts.accept(world.store, link.token, login="operations room", passphrase=words)
    accounts.accept(world.store, link.token, login="operations room", passphrase=NEW)


def test_the_server_s_passphrase_opens_the_store_and_can_be_changed(world: World) -> None:
    with pytest.raises(WrongSecret):
        open_vault("another passphrase", EASY)
    change_passphrase(SERVER, NEW, EASY)
    with pytest.raises(WrongSecret):
        open_vault(SERVER, EASY)
    assert open_vault(NEW, EASY).data.secret == world.store.secrets.data.secret


def test_a_wrapped_secret_that_asks_for_too_much_work_is_refused() -> None:
    kept = EASY.wrap("secret", NEW, "x")
    assert EASY.unwrap(kept, NEW, "x") == "secret"
    for damaged in (kept.replace(".32.", ".99999999."), kept[:-4], "x", kept.replace("-1.", "-2.")):
        with pytest.raises(WrongSecret):
            EASY.unwrap(damaged, NEW, "x")
    with pytest.raises(WrongSecret):
        EASY.unwrap(kept, NEW, "y")
    assert Argon(Hardness()).hardness.memory_kib == 65_536


def test_no_name_login_function_token_or_passphrase_stands_in_the_database(world: World) -> None:
    """All columns of all tables, as a thief of the disk would read them."""
    for name in ("olga", "paul"):
        world.who(name)
    link = accounts.invite(world.store, world.seat("olga"), side=world.side("crescent"),
                           role=Role.CLERK, function="keeper of the northern gate")
    world.write("olga", "incident.allege", "bridge-77", wall="restricted", note="canary note")
    reachable(world, "Party A", "email", "gate-keeper@example.org")
    secret = reachable(world, "Party B", "webhook", "https://hook.example.org/in").secret
    begun(world, ("Party A", "file"), purpose="bread for the hill")
    left(world)
    found = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    found += (bytes(cell) if isinstance(cell, bytes | memoryview)
                              else str(cell).encode()) + b"\n"
    secrets = ["olga", "Red Crescent", "Party A", "Aleppo", "on shift", "northern gate",
               "bridge-77", "canary note", link.token, *world.tokens.values(), words_of("olga"),
               "gate-keeper", "hook.example", secret, "box-3", "bread for the hill", "Party B",
               SERVER, "AGE-SECRET", "PRIVATE KEY"]
    assert [s for s in secrets if s.encode().lower() in found.lower()] == []


def test_the_tables_are_those_that_the_migrations_make(world: World) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "store", check=True, dry_run=True, verbosity=0)


def test_who_is_a_member_already_gets_a_seat_in_one_more_pause(world: World) -> None:
    from lull.store.principal import seated

    other = accounts.make_pause(world.store, "Homs", world.who("alice")).id
    there = seated(other, world.who("alice"))
    link = accounts.invite(world.store, there, side=world.side("ocha"), role=Role.COORDINATOR,
                           function="")
    with pytest.raises(Refusal, match="login is taken"):
        accounts.accept(world.store, link.token, login="adam", passphrase="not the right words")
    with pytest.raises(Refusal, match="login is taken"):
        accounts.accept(world.store, link.token, login="paul", passphrase=words_of("paul"))
    for _ in range(BOTH.free - 1):
        with pytest.raises(Refusal, match="login is taken"):
            accounts.accept(world.store, link.token, login="adam", passphrase="one more guess")
    with pytest.raises(TooMany):
        accounts.accept(world.store, link.token, login="adam", passphrase=words_of("adam"))
    world.clock.forward(hours=1, minutes=1)
    with pytest.raises(NotThere):
        seated(other, world.who("adam"))
    joined = accounts.accept(world.store, link.token, login="adam", passphrase=words_of("adam"))
    assert (joined.member, joined.code) == (world.who("adam").member, "")
    assert seated(other, world.who("adam")).role is Role.COORDINATOR


def test_a_seat_is_taken_away_and_the_last_coordinator_stays(world: World) -> None:
    with pytest.raises(NotAllowed):
        accounts.end_seat(world.store, world.seat("piotr"), world.who("paul").member)
    accounts.end_seat(world.store, world.seat("petra"), world.who("paul").member)
    with pytest.raises(NotThere):
        world.seat("paul")
    accounts.end_seat(world.store, world.seat("alice"), world.who("adam").member)
    with pytest.raises(Refusal, match="last coordinator"):
        accounts.end_seat(world.store, world.seat("alice"), world.who("alice").member)


def test_a_side_known_from_another_pause_takes_part_with_its_own_members_alone(
    world: World
) -> None:
    """A coordinator of another pause learns of no side, and cannot slip somebody into one."""
    from lull.store.principal import seated
    from lull.store.write import keys_of

    other = accounts.make_pause(world.store, "Homs", world.who("alice")).id
    there = seated(other, world.who("alice"))
    with pytest.raises(NotThere):
        accounts.invite(world.store, there, side=world.side("a"), role=Role.PARTY, function="")
    with pytest.raises(Refusal, match="not known here"):
        keys_of([world.side("a")], other, and_member=there.member.member)
    side = accounts.make_side(world.store, "party a", other)
    assert side.id == world.side("a")
    link = accounts.invite(world.store, there, side=side.id, role=Role.PARTY, function="")
    with pytest.raises(Refusal, match="member of that side already"):
        accounts.accept(world.store, link.token, login="slipped in", passphrase=NEW)
    accounts.accept(world.store, link.token, login="paul", passphrase=words_of("paul"))
    assert seated(other, world.who("paul")).role is Role.PARTY
    with pytest.raises(Refusal, match="invites its own"):
        accounts.invite(world.store, there, side=side.id, role=Role.PARTY, function="")

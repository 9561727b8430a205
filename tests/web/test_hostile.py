"""What somebody who means harm tries: each was possible once."""

from __future__ import annotations

import json
import logging
import socket
from pathlib import Path
from typing import Any

import pytest

from lull.domain.protocol import Role
from lull.domain.refusal import Refusal
from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.ledger import merge
from lull.ledger.write import next_entry
from lull.store import accounts, models, signin
from lull.store.backup import back_up, restore
from lull.store.keyring import IDLE_MINUTES
from lull.store.ledgers import admit, disclose, export, take_in
from lull.store.principal import seated
from lull.store.signin import NotSignedIn, sign_in, who_asks
from lull.store.throttle import BOTH, TooMany, count_guess
from lull.store.write import Wish, compose, prepare
from lull.web.application import Application
from tests.store.kit import World, record, words_of
from tests.store.test_backup import emptied
from tests.store.test_sealing import Post
from tests.web.kit import Caller, caller

NEW = "another long secret of ours"


def signed(post: Post, world: World, name: str, wish: Wish) -> bytes:
    """A file in which a post elsewhere has signed what a person here could not write."""
    made = prepare(compose(world.store, world.seat(name), wish))
    entry = next_entry(post.held, post.log, key=post.key.public, hour="2016-10-20T09Z",
                       sign=post.key.sign, said=made.said)
    post.held = post.held.plus(entry, clear=made.clear)
    return write_ledger(post.held)


@pytest.mark.parametrize(("wish", "stands"), [
    (Wish("consent.agree", "P1", record("consent.agree", party="Party B"), "public", "Party B"),
     False),
    (Wish("consent.agree", "P1", record("consent.agree", party="Party A"), "public", "Party A"),
     True),
    (Wish("verified_figure", "F1", record("verified_figure"), "public"), False),
    (Wish("claimed_figure", "F1", record("claimed_figure"), "public"), True),
])
def test_a_party_s_own_post_cannot_write_in_a_file_what_the_party_could_not_write_here(
    world: World, wish: Wish, stands: bool
) -> None:
    post = Post()
    admit(world.store, world.seat("alice"), post.log.post, world.side("a"), "party")
    take_in(world.store, world.seat("paul"), signed(post, world, "paul", wish))
    known = [k for k in world.store.own.view(world.pause).known.values()
             if k.content and k.content.kind == wish.kind]
    assert [k.fault is None for k in known] == [stands]
    if not stands:
        assert "The fault lies with Party A" in known[0].fault.sentence


def test_a_post_that_had_seen_whose_a_notification_is_does_not_cancel_another_side_s_in_a_file(
    world: World
) -> None:
    world.write("olga", "notification.draft")
    post = Post()
    admit(world.store, world.seat("alice"), post.log.post, world.side("relief"), "organisation")
    seen = read_ledger(export(world.store, world.seat("oda")), check_signature).ledger
    post.held = merge(post.held, seen)
    cancel = Wish("notification.cancel", "N1", record("notification.cancel"), "public")
    take_in(world.store, world.seat("oda"), signed(post, world, "oda", cancel))
    view = world.store.own.view(world.pause)
    (told,) = [k.fault for k in view.known.values()
               if k.content and k.content.kind == "notification.cancel"]
    assert told is not None
    assert "of another side (Red Crescent)" in told.sentence
    assert [s.state for s in next(iter(view.things.values()))] == ["draft"]
    world.write("olga", "notification.submit")
    world.write("alice", "notification.transmit")
    assert [s.state for s in next(iter(view.catch_up().things.values()))] == ["transmitted"]


def test_heads_are_of_what_one_may_hold_and_tell_nobody_when_others_write(world: World) -> None:
    world.write("olga", "incident.allege", "I1")

    def heads(name: str) -> list[str]:
        answer = caller(world, name).get("pauses/{pause}/ledger/heads")
        assert answer.status_code == 200
        return [one["hash"] for one in answer.json()]

    before = heads("paul")
    mine = world.write("olga", "incident.allege", "I2", wall="sealed", to=("ocha",)).hash
    assert heads("olga") == [mine] == heads("alice")
    assert heads("paul") == before
    file = read_ledger(export(world.store, world.seat("paul")), check_signature).ledger
    assert set(heads("paul")) <= file.entries.keys()
    assert Caller(world).get("pauses/{pause}/ledger/heads").status_code == 401


def test_of_two_links_made_before_a_side_had_members_the_second_lets_nobody_in(
    world: World
) -> None:
    """Else a coordinator keeps one, and is at the table from then on."""
    side = accounts.make_side(world.store, "Party C", world.pause).id
    first, kept = (accounts.invite(world.store, world.seat("alice"), side=side, role=Role.PARTY,
                                   function="") for _ in range(2))
    accounts.accept(world.store, first.token, login="carl", passphrase=NEW)
    with pytest.raises(Refusal, match="invites its own"):
        accounts.accept(world.store, kept.token, login="slipped in", passphrase=NEW)
    assert models.Member.objects.filter(side_id=side).count() == 1


def test_a_coordinator_s_own_observer_does_not_become_coordinator_by_a_reset(world: World) -> None:
    link = accounts.invite(world.store, world.seat("alice"), side=world.side("ocha"),
                           role=Role.OBSERVER, function="")
    accounts.accept(world.store, link.token, login="otto", passphrase=words_of("otto"))
    for name in ("alice", "adam"):
        with pytest.raises(Refusal, match="may do more than you"):
            accounts.offer_reset(world.store, world.seat("otto"), world.who(name).member)
    with pytest.raises(Refusal, match="may do more than you"):  # she keeps the server, he does not
        accounts.offer_reset(world.store, world.seat("adam"), world.who("alice").member)
    assert accounts.offer_reset(world.store, world.seat("alice"), world.who("adam").member).token


def test_a_reset_does_not_open_pauses_in_which_one_does_not_sit(world: World) -> None:
    other = accounts.make_pause(world.store, "Homs", world.who("alice")).id
    accounts.make_side(world.store, "Party A", other)
    models.Seat.objects.create(member_id=world.who("paul").member, pause_id=other, role="party")
    with pytest.raises(Refusal, match="may do more than you"):
        accounts.offer_reset(world.store, world.seat("petra"), world.who("paul").member)


def test_a_coordinator_of_one_pause_does_not_end_another_side_s_member_in_all(
    world: World
) -> None:
    other = accounts.make_pause(world.store, "Homs", world.who("alice")).id
    accounts.make_side(world.store, "Party A", other)
    for name, role in (("paul", Role.PARTY), ("mila", Role.COORDINATOR)):
        models.Seat.objects.create(member_id=world.who(name).member, pause_id=other,
                                   role=role.value)
    paul = world.who("paul").member
    with pytest.raises(Refusal, match="take away their seat"):
        accounts.end_member(world.store, seated(other, world.who("mila")), paul)
    accounts.end_seat(world.store, seated(other, world.who("mila")), paul)
    assert world.seat("paul").role is Role.PARTY


@pytest.mark.parametrize("act", ["change", "recover"])
def test_whoever_has_a_session_does_not_guess_its_passphrase_as_fast_as_they_can(
    world: World, act: str
) -> None:
    paul = caller(world, "paul")
    path, body = {"change": ("me/passphrase", {"old": "wrong", "new": NEW}),
                  "recover": ("me/keys/recover", {"passphrase": "wrong", "code": "A" * 32})}[act]
    codes = [paul.post(path, body).status_code for _ in range(BOTH.free + 1)]
    assert codes == [422] * BOTH.free + [429]


def test_a_link_for_a_new_passphrase_ends_when_another_has_been_set(world: World) -> None:
    paul = world.who("paul").member
    used, kept = (accounts.offer_reset(world.store, world.seat("petra"), paul) for _ in range(2))
    accounts.accept(world.store, used.token, login="paul", passphrase=NEW)
    with pytest.raises(Refusal, match="another"):
        accounts.accept(world.store, kept.token, login="paul", passphrase=NEW + "!")


def test_behind_another_server_one_who_guesses_does_not_lock_out_all_who_come_through_it(
    world: World
) -> None:
    def seen(behind: bool, said: str) -> str:
        environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": said}
        application = Application(world.store, behind_tls=behind)
        application._django = lambda environ, start: [environ["REMOTE_ADDR"].encode()]
        return b"".join(application(environ, lambda *_: None)).decode()

    assert seen(True, "203.0.113.9, 198.51.100.7") == "198.51.100.7"
    assert seen(True, "2001:DB8::1") == "2001:db8::1"
    assert seen(True, "203.0.113.9, <script>") == "127.0.0.1"
    assert seen(True, "") == "127.0.0.1"
    assert seen(False, "198.51.100.7") == "127.0.0.1"  # anybody could say it


def test_a_clock_that_is_put_back_locks_nobody_out_and_lengthens_no_session(world: World) -> None:
    tag = world.store.secrets.veil.tag("paul", "login")
    world.clock.forward(days=300)
    for _ in range(BOTH.free):
        count_guess(world.store, tag, "here")
    with pytest.raises(TooMany):
        count_guess(world.store, tag, "here")
    token = sign_in(world.store, login="petra", passphrase=words_of("petra")).token
    session = who_asks(world.store, token).session
    assert session is not None
    world.clock.forward(seconds=-30)
    with pytest.raises(TooMany) as waits:
        count_guess(world.store, tag, "here")
    assert waits.value.seconds <= 2
    world.clock.forward(days=-300)
    count_guess(world.store, tag, "here")
    assert world.store.keyring.reader(session) is None, IDLE_MINUTES
    with pytest.raises(NotSignedIn):
        who_asks(world.store, token)


def test_a_token_and_a_link_that_were_ended_after_a_backup_do_not_come_back_with_it(
    world: World, tmp_path: Path
) -> None:
    from lull.store.principal import Scope

    _, stolen = signin.make_token(world.store, world.who("paul"), label="lost telephone",
                                  scopes=frozenset({Scope.READ}), days=30)
    link = accounts.invite(world.store, world.seat("paul"), side=world.side("a"), role=Role.PARTY,
                           function="")
    assert who_asks(world.store, stolen)
    back_up(tmp_path / "a.backup")
    accounts.sign_out_everywhere(world.store, world.who("paul").member)
    models.Invitation.objects.update(used=True)
    emptied()
    restore(tmp_path / "a.backup")
    with pytest.raises(NotSignedIn):
        who_asks(world.store, stolen)
    with pytest.raises(Refusal, match="another"):
        accounts.accept(world.store, link.token, login="pia", passphrase=NEW)


def test_a_key_that_stands_twice_is_refused_since_one_of_two_walls_would_be_dropped(
    world: World
) -> None:
    wish = json.dumps({"kind": "statement", "object": "S", "wall": "restricted",
                       "payload": record("statement")})
    for raw in (wish.replace('"wall"', '"wall": "public", "wall"'),
                wish.replace('"record"', '"record": "statement", "record"')):
        answer = caller(world, "alice").ask("POST", "pauses/{pause}/entries", raw=raw.encode(),
                                            idempotency_key="one-wall-only")
        assert answer.status_code == 400
        assert "twice" in answer.json()["sentence"]
    assert not models.Entry.objects.exists()


def test_the_public_cannot_tell_by_the_feed_when_something_sealed_is_written(
    world: World
) -> None:
    def fed(who: Caller, after: int = 0) -> tuple[int, bool]:
        page = who.get(f"pauses/{{pause}}/changes?after={after}&limit=2").json()
        return page["cursor"], page["more"]

    world.write("olga", "incident.allege", "I1")
    world.write("olga", "incident.allege", "I2", wall="sealed", to=("a",))
    before = fed(Caller(world))
    for at in range(3, 6):
        world.write("olga", "incident.allege", f"I{at}", wall="sealed", to=("a",))
        assert fed(Caller(world)) == before
        assert fed(Caller(world), before[0]) == (before[0], False)
    world.write("olga", "incident.allege", "I9")
    assert fed(Caller(world), before[0])[0] > before[0]


def test_what_is_restricted_and_disclosed_can_be_read_by_those_to_whom_it_was(
    world: World
) -> None:
    made = world.write("olga", "incident.allege", "I1", wall="restricted")

    def reads(name: str) -> bool:
        answer: Any = caller(world, name).get(f"pauses/{{pause}}/entries/{made.hash}")
        return answer.status_code == 200 and answer.json()["content"] is not None

    assert not reads("paul")
    disclose(world.store, world.seat("olga"), [made.hash], world.side("a"))
    assert reads("paul")
    assert [name for name in ("piotr", "oda", "mona") if reads(name)] == []


def test_a_function_stands_on_one_line(world: World) -> None:
    with pytest.raises(Refusal, match="one line"):
        accounts.invite(world.store, world.seat("alice"), side=world.side("ocha"),
                        role=Role.OBSERVER, function="on shift\nParty A")


def test_requests_that_stand_still_hold_up_nobody_for_long_and_fill_no_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As many as there are threads; the thread is gunicorn's own, on a socket as it is set up."""
    from types import SimpleNamespace

    from django.http import UnreadablePostError

    from lull.web import patience, server
    from lull.web.api import errors, records

    monkeypatch.setattr(patience, "SILENT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(
            listener.getsockname()):
        accepted = SimpleNamespace(sock=listener.accept()[0])
        monkeypatch.setattr(server.ThreadWorker, "enqueue_req", lambda *_: None)
        server._Worker.enqueue_req(server._Worker.__new__(server._Worker), accepted)
        with accepted.sock as one:
            one.setblocking(True)  # as gunicorn does
            with pytest.raises(TimeoutError) as silent:
                one.recv(1)
            with pytest.raises(OSError, match="silent"):
                one.shutdown(socket.SHUT_WR)
    server._ready(None)
    log = logging.getLogger("gunicorn.error")
    log.error("Socket error", exc_info=silent.value)
    log.error("A fault", exc_info=ValueError())
    assert [r.message for r in caplog.records if r.name == "gunicorn.error"] == ["A fault"]

    def cut(*_: Any) -> None:
        raise UnreadablePostError("silent")

    monkeypatch.setattr(records, "write", cut)
    answer = caller(world, "alice").write("statement", "S")
    assert answer.status_code == 400
    assert answer.json() == errors.Problem(
        error="unreadable", sentence="What was sent cannot be read.").model_dump()


def test_the_server_keeps_no_line_of_a_bad_request_and_believes_no_header_of_a_stranger() -> None:
    """gunicorn's warnings hold addresses and requests; by SCRIPT_NAME it takes another path."""
    from lull.web.server import Serving, _Server, _Worker

    cfg = _Server(lambda: None, Serving("127.0.0.1:8240")).cfg  # type: ignore[arg-type,return-value]
    assert cfg.loglevel == "error"
    assert cfg.accesslog is None
    assert cfg.forwarder_headers == []
    assert cfg.forwarded_allow_ips == []
    assert cfg.umask == 0o077
    assert cfg.worker_class is _Worker

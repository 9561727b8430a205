"""Signing in and out, and who it is that asks with a session or a token."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from attrs import field, frozen

from lull.domain.protocol import Role
from lull.domain.records.account import DisclosureKind
from lull.domain.refusal import Refusal, require
from lull.store import models, plain, totp
from lull.store.accounts import require_name
from lull.store.kept import Store
from lull.store.principal import TOKEN_SCOPES, NotThere, Principal, Scope, Seated
from lull.store.throttle import count_guess
from lull.store.veil import digest_of, new_token
from lull.store.write import note

SESSION_HOURS = 12
IDLE_HOURS = 2
SEEN_EVERY_SECONDS = 60
LONGEST_TOKEN_DAYS = 400
NOBODY_HASH = "$argon2id$v=19$m={0},t={1},p={2}$" + "c29tZXNhbHRzb21lc2FsdA$" + "A" * 43
"""A hash that nothing fits: an unknown login takes as long as a known one."""


class NotSignedIn(Refusal):
    """Whoever asks is not known."""


class CodeNeeded(NotSignedIn):
    """The passphrase is right, and a code of the second factor is needed beside it."""


@frozen
class SignedIn:
    """A session that has begun; its token is shown once."""

    token: str = field(repr=False)
    session: UUID
    expires: datetime
    unlocked: int


def sign_in(store: Store, *, login: str, passphrase: str, code: str = "",
            address: str = "") -> SignedIn:
    """Begin a session and unlock the member's keys in memory.

    Raises NotSignedIn, CodeNeeded, TooMany. An unknown login and a wrong passphrase are told in one
    sentence and take the same time.
    """
    tag = store.secrets.veil.tag(login.strip().casefold(), "login")
    guess = count_guess(store, tag, address)
    member = models.Member.objects.filter(login_tag=tag, active=True).first()
    h = store.argon.hardness
    kept = member.password if member else NOBODY_HASH.format(h.memory_kib, h.passes, h.lanes)
    fits = store.argon.fits(kept, passphrase)
    if member is None or not fits:
        if member is not None and guess.tripped:
            _note_failures(store, member)
        raise NotSignedIn("Login and passphrase do not belong together.")
    if member.totp_on:
        if not code.strip():
            guess.not_over()
            raise CodeNeeded("A code of your second factor is needed.")
        if not totp.accept_code(store, member, code):
            if guess.tripped:
                _note_failures(store, member)
            raise NotSignedIn("The code is not right, or was used before.")
    guess.succeeded()
    return _begin(store, member, passphrase)


def _begin(store: Store, member: models.Member, passphrase: str) -> SignedIn:
    now, token, key = store.now(), new_token(), uuid4()
    expires = now + timedelta(hours=SESSION_HOURS)
    models.Session.objects.filter(expires__lt=now).delete()
    models.Session.objects.create(id=key, digest=digest_of(token), member=member, began=now,
                                  seen=now, expires=expires)
    secrets = _secrets(store, member, passphrase)
    store.keyring.put(key, member.id, store.new_reader(secrets))
    return SignedIn(token, key, expires, len(secrets))


def _secrets(store: Store, member: models.Member, passphrase: str) -> tuple[str, ...]:
    found = []
    for key in member.keys.order_by("-current", "-id"):
        try:
            found.append(store.argon.unwrap(key.wrapped, passphrase,
                                            f"member {member.id} {key.public}"))
        except Refusal:  # from before a reset
            continue
    return tuple(found)


def unlock(store: Store, who: Principal, passphrase: str, address: str = "") -> int:
    """Unlock the keys of a session again; returns how many. Raises NotSignedIn, TooMany."""
    require(who.session is not None, "Only a session that was signed in to can be unlocked.")
    assert who.session is not None
    member = models.Member.objects.get(pk=who.member)
    guess = count_guess(store, member.login_tag, address)
    if not store.argon.fits(member.password, passphrase):
        raise NotSignedIn("The passphrase is another.")
    guess.succeeded()
    secrets = _secrets(store, member, passphrase)
    store.keyring.put(who.session, member.id, store.new_reader(secrets))
    return len(secrets)


def _note_failures(store: Store, member: models.Member) -> None:
    """Write into each pause of a member that somebody tried to come in as them."""
    who = _principal(store, member, frozenset())
    for seat in models.Seat.objects.filter(member=member):
        note(store, Seated(seat.pause_id, who, Role(seat.role)), DisclosureKind.FAILED_ATTEMPT,
             ["sign-in"], reason="Several wrong passphrases or codes, one after the other.")


def _principal(store: Store, member: models.Member, scopes: frozenset[Scope], *,
               session: UUID | None = None, token: models.Token | None = None,
               there: bool = True) -> Principal:
    return Principal(
        member=member.id, side=member.side_id, side_name=store.side_name(member.side_id),
        function=store.function_of(member),
        keeper=member.keeper, scopes=scopes, session=session,
        token=token.id if token else None, only_pause=token.pause_id if token else None,
        reader=store.keyring.reader(session, there=there) if session else None,
    )  # fmt: skip


def who_asks(store: Store, bearer: str, *, there: bool = True) -> Principal:
    """Who holds a session's or program's token; raises NotSignedIn.

    `there`: somebody is there who asks; a page that renews itself keeps no session from idling.
    """
    digest, now = digest_of(bearer), store.now()
    session = plain.one(models.Session, digest=digest)
    if session is not None:
        member = plain.one(models.Member, id=session.member_id)
        assert member is not None  # it goes with its sessions
        # A clock that is put back must not lengthen a session.
        idle = abs(now - session.seen) > timedelta(hours=IDLE_HOURS)
        if session.expires <= now or idle or not member.active:
            sign_out(store, session.id)
            raise NotSignedIn("The session has ended; sign in again.")
        if there and (now - session.seen).total_seconds() > SEEN_EVERY_SECONDS:
            models.Session.objects.filter(pk=session.pk).update(seen=now)
        return _principal(store, member, frozenset(Scope), session=session.id, there=there)
    token = models.Token.objects.select_related("member").filter(
        digest=digest, expires__gt=now, member__active=True).first()
    if token is None:
        raise NotSignedIn("This token is not known, or has ended.")
    scopes = frozenset(Scope(one) for one in token.scopes.split())
    return _principal(store, token.member, scopes, token=token)


def sign_out(store: Store, session: UUID) -> None:
    """End a session and forget its keys."""
    models.Session.objects.filter(pk=session).delete()
    store.keyring.drop(session)


def make_token(store: Store, who: Principal, *, scopes: frozenset[Scope], days: int, label: str,
               pause: UUID | None = None) -> tuple[models.Token, str]:
    """A token for a program, with its text, which is shown once; raises Refusal."""
    who.require(Scope.ACCOUNT)
    require(bool(scopes) and scopes <= set(TOKEN_SCOPES), "A token is for one or more of: "
            f"{', '.join(s.value for s in TOKEN_SCOPES)}.")
    require(1 <= days <= LONGEST_TOKEN_DAYS, f"A token lives 1 to {LONGEST_TOKEN_DAYS} days.")
    seats = models.Seat.objects.filter(member_id=who.member)
    if pause is not None and not seats.filter(pause_id=pause).exists():
        raise NotThere("There is no such pause.")
    text, key = new_token(), uuid4()
    made = models.Token.objects.create(
        id=key, digest=digest_of(text), member_id=who.member, pause_id=pause,
        scopes=" ".join(sorted(scopes)), expires=store.now() + timedelta(days=days),
        label=store.secrets.veil.close(require_name(label, "A label"), f"token {key}"))
    return made, text


def begin_totp(store: Store, who: Principal, passphrase: str,
               address: str = "") -> tuple[str, str]:
    """A new secret for an authenticator and its link; it counts once a code has been given.

    Needs the passphrase: whoever has a session alone would lock its member out with an
    authenticator of their own. Raises Refusal, TooMany.
    """
    who.require(Scope.ACCOUNT)
    member = models.Member.objects.get(pk=who.member)
    require(not member.totp_on, "A second factor is on already; turn it off first.")
    guess = count_guess(store, member.login_tag, address)
    require(store.argon.fits(member.password, passphrase), "The passphrase is another.")
    guess.succeeded()
    secret = totp.new_secret()
    login = store.secrets.veil.open(member.login, f"login {member.id}")
    models.Member.objects.filter(pk=member.pk).update(
        totp=store.secrets.veil.close(secret, f"totp {member.id}"), totp_step=0)
    return secret, totp.link(secret, login)


def confirm_totp(store: Store, who: Principal, code: str, address: str = "") -> tuple[str, ...]:
    """Turn the second factor on with a first code; returns the codes to be printed."""
    who.require(Scope.ACCOUNT)
    member = models.Member.objects.get(pk=who.member)
    require(member.totp is not None and not member.totp_on, "Begin with a new secret first.")
    guess = count_guess(store, member.login_tag, address)
    models.RecoveryCode.objects.filter(member=member).delete()
    require(totp.accept_code(store, member, code), "The code is not right, or was used before; is "
            "the clock of your device right?")
    guess.succeeded()
    models.Member.objects.filter(pk=member.pk).update(totp_on=True)
    return totp.new_paper_codes(member)


def end_totp(store: Store, who: Principal, passphrase: str, code: str, address: str = "") -> None:
    """Turn the second factor off, with passphrase and a last code."""
    who.require(Scope.ACCOUNT)
    member = models.Member.objects.get(pk=who.member)
    guess = count_guess(store, member.login_tag, address)
    known = store.argon.fits(member.password, passphrase)
    require(known and member.totp_on and totp.accept_code(store, member, code),
            "Passphrase and code do not belong together, or no second factor is on.")
    guess.succeeded()
    totp.take_away(member)

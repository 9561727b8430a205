"""One's own account: signing in and out, the passphrase, the second factor, tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from lull.domain.protocol import Role
from lull.store import accounts, models, signin
from lull.store.principal import NotThere, Scope
from lull.web.api.auth import address_of, member, store_of, who
from lull.web.api.errors import NOT_DONE, Problem
from lull.web.api.once import Done, MaybeOnce
from lull.web.api.once import once as done_once
from lull.web.api.records import Given

router = Router(tags=["account"])
Secret = Annotated[str, Field(min_length=1, max_length=1_000)]
Login = Annotated[str, Field(min_length=1, max_length=accounts.LONGEST_NAME)]


class SignInIn(Given):
    """Login and passphrase, and a code where a second factor is on."""

    login: Login
    passphrase: Secret
    code: str = Field("", max_length=60)


class SessionOut(Schema):
    """A session. The token is shown once; `unlocked`: how many of your keys are open in memory."""

    token: str
    expires: datetime
    unlocked: int


class PassphraseIn(Given):
    """The present passphrase once more: a session alone does not do."""

    passphrase: Secret


class UnlockedOut(Schema):
    """How many keys are open now."""

    unlocked: int


class SeatOut(Schema):
    """A pause in which one sits, and as what."""

    pause: UUID
    name: str
    role: Role


class MeOut(Schema):
    """Who one is here."""

    id: UUID
    side: UUID
    side_name: str
    function: str
    keeper: bool
    second_factor: bool
    unlocked: bool
    scopes: list[str]
    seats: list[SeatOut]


class ChangeIn(Given):
    """The present passphrase and the new one."""

    old: Secret
    new: Secret


class RecoverIn(Given):
    """The present passphrase, and the code that was printed with an earlier one."""

    passphrase: Secret
    code: str = Field(min_length=8, max_length=100)


class AcceptIn(Given):
    """A link's token, from behind the # of its address."""

    token: str = Field(min_length=20, max_length=100)
    login: Login
    passphrase: Secret


class JoinedOut(Schema):
    """A member. Print the code and keep it apart: it alone opens your keys without a passphrase.

    It is empty for who was a member already and has got a seat in one more pause.
    """

    member: UUID
    code: str


class SecondFactorOut(Schema):
    """A secret for an authenticator. It counts once a code has been given."""

    secret: str
    link: str


class CodeIn(Given):
    """A code of the authenticator."""

    code: str = Field(min_length=1, max_length=60)


class PaperOut(Schema):
    """Codes to be printed; each stands in once for the authenticator."""

    codes: list[str]


class EndFactorIn(Given):
    """The passphrase and a last code."""

    passphrase: Secret
    code: str = Field(min_length=1, max_length=60)


class TokenIn(Given):
    """What a program may do, in which pause (none: all of yours), for how many days."""

    label: str = Field(min_length=1, max_length=200)
    scopes: list[Scope] = Field(min_length=1, max_length=5)
    days: int = Field(ge=1, le=signin.LONGEST_TOKEN_DAYS)
    pause: UUID | None = None


class TokenOut(Schema):
    """A token; `token` itself is shown once, when it is made."""

    id: UUID
    label: str
    scopes: list[str]
    pause: UUID | None
    expires: datetime
    token: str = ""


@router.post("session", response={201: SessionOut, NOT_DONE: Problem}, operation_id="sign_in")
def sign_in(request: HttpRequest, given: SignInIn) -> Any:
    """Sign in. What is sealed to you can be read in this session until it ends or lies idle."""
    done = signin.sign_in(store_of(request), login=given.login, passphrase=given.passphrase,
                          code=given.code, address=address_of(request))
    return Status(201, SessionOut(token=done.token, expires=done.expires, unlocked=done.unlocked))


@router.delete("session", auth=member, response={204: None, NOT_DONE: Problem},
               operation_id="sign_out")
def sign_out(request: HttpRequest) -> Any:
    """Sign out of this session."""
    asks = who(request)
    asks.require(Scope.ACCOUNT)
    if asks.session is not None:
        signin.sign_out(store_of(request), asks.session)
    return Status(204, None)


@router.delete("sessions", auth=member, response={204: None, NOT_DONE: Problem},
               operation_id="sign_out_everywhere")
def sign_out_everywhere(request: HttpRequest) -> Any:
    """Sign out everywhere: every session and every token of yours ends."""
    asks = who(request)
    asks.require(Scope.ACCOUNT)
    accounts.sign_out_everywhere(store_of(request), asks.member)
    return Status(204, None)


@router.post("session/unlock", auth=member, response={200: UnlockedOut, NOT_DONE: Problem},
             operation_id="unlock")
def unlock(request: HttpRequest, given: PassphraseIn) -> UnlockedOut:
    """Open your keys again after they were dropped for lying idle, or the server was restarted."""
    asks = who(request)
    asks.require(Scope.ACCOUNT)
    return UnlockedOut(unlocked=signin.unlock(store_of(request), asks, given.passphrase,
                                              address_of(request)))


@router.get("me", auth=member, response={200: MeOut, NOT_DONE: Problem}, operation_id="me")
def me(request: HttpRequest) -> MeOut:
    """Who you are here, and where you sit."""
    asks, store = who(request), store_of(request)
    row = models.Member.objects.get(pk=asks.member)
    seats = models.Seat.objects.filter(member=row).select_related("pause")
    return MeOut(
        id=row.id, side=asks.side, side_name=asks.side_name, function=asks.function,
        keeper=asks.keeper, second_factor=row.totp_on, unlocked=asks.reader is not None,
        scopes=sorted(asks.scopes),
        seats=[SeatOut(pause=s.pause_id, role=Role(s.role), name=store.secrets.veil.open(
            s.pause.name, f"pause {s.pause_id}")) for s in seats
            if asks.only_pause in (None, s.pause_id)],
    )  # fmt: skip


@router.post("me/passphrase", auth=member, response={204: None, NOT_DONE: Problem},
             operation_id="change_passphrase")
def change_passphrase(request: HttpRequest, given: ChangeIn) -> Any:
    """Set another passphrase. Your other sessions and all your tokens end."""
    accounts.change_passphrase(store_of(request), who(request), given.old, given.new,
                               address_of(request))
    return Status(204, None)


@router.post("me/keys/recover", auth=member, response={200: UnlockedOut, NOT_DONE: Problem},
             operation_id="recover_keys")
def recover_keys(request: HttpRequest, given: RecoverIn) -> UnlockedOut:
    """Open keys from before a reset, with the code that was printed with them; then unlock."""
    found = accounts.recover_keys(store_of(request), who(request), given.passphrase, given.code,
                                  address_of(request))
    return UnlockedOut(unlocked=found)


@router.post("join", response={201: JoinedOut, NOT_DONE: Problem}, operation_id="join")
def join(request: HttpRequest, given: AcceptIn) -> Any:
    """Become a member by an invitation, or set a new passphrase by a reset link."""
    done = accounts.accept(store_of(request), given.token, login=given.login,
                           passphrase=given.passphrase, address=address_of(request))
    return Status(201, JoinedOut(member=done.member, code=done.code))


@router.post("me/second-factor", auth=member, response={201: SecondFactorOut, NOT_DONE: Problem},
             operation_id="begin_second_factor")
def begin_factor(request: HttpRequest, given: PassphraseIn) -> Any:
    """Begin with a second factor (TOTP), with the passphrase."""
    secret, link = signin.begin_totp(store_of(request), who(request), given.passphrase,
                                     address_of(request))
    return Status(201, SecondFactorOut(secret=secret, link=link))


@router.post("me/second-factor/confirm", auth=member, response={200: PaperOut, NOT_DONE: Problem},
             operation_id="confirm_second_factor")
def confirm_factor(request: HttpRequest, given: CodeIn) -> PaperOut:
    """Turn the second factor on with a first code; the codes for paper are shown once."""
    codes = signin.confirm_totp(store_of(request), who(request), given.code, address_of(request))
    return PaperOut(codes=list(codes))


@router.post("me/second-factor/end", auth=member, response={204: None, NOT_DONE: Problem},
             operation_id="end_second_factor")
def end_factor(request: HttpRequest, given: EndFactorIn) -> Any:
    """Turn the second factor off."""
    signin.end_totp(store_of(request), who(request), given.passphrase, given.code,
                    address_of(request))
    return Status(204, None)


@router.post("tokens", auth=member, response={201: TokenOut, NOT_DONE: Problem},
             operation_id="make_token")
def make_token(request: HttpRequest, given: TokenIn, once: MaybeOnce = "") -> Any:
    """A token for a program. It opens nothing that is sealed."""

    def act() -> TokenOut:
        row, text = signin.make_token(
            store_of(request), who(request), scopes=frozenset(given.scopes), days=given.days,
            label=given.label, pause=given.pause)
        return _token(request, row, text)

    return Status(201, done_once(request, once, given.model_dump(mode="json"), act, TokenOut,
                                 ("token",)))


@router.get("tokens", auth=member, response={200: list[TokenOut], NOT_DONE: Problem},
            operation_id="tokens")
def tokens(request: HttpRequest) -> list[TokenOut]:
    """Your tokens."""
    asks = who(request)
    asks.require(Scope.ACCOUNT)
    return [_token(request, row) for row in models.Token.objects.filter(
        member_id=asks.member).order_by("expires")]


@router.delete("tokens/{uuid:token}", auth=member, response={204: None, NOT_DONE: Problem},
               operation_id="end_token")
def end_token(request: HttpRequest, token: UUID, once: MaybeOnce = "") -> Any:
    """End one of your tokens."""
    asks = who(request)
    asks.require(Scope.ACCOUNT)

    def act() -> Done:
        gone, _ = models.Token.objects.filter(pk=token, member_id=asks.member).delete()
        if not gone:
            raise NotThere("There is no such token of yours.")
        return Done()

    done_once(request, once, {}, act, Done)
    return Status(204, None)


def _token(request: HttpRequest, row: models.Token, text: str = "") -> TokenOut:
    label = store_of(request).secrets.veil.open(row.label, f"token {row.id}")
    return TokenOut(id=row.id, label=label, scopes=row.scopes.split(), pause=row.pause_id,
                    expires=row.expires, token=text)

"""The beginning of a store: its data key, its first side, pause and coordinator."""

from __future__ import annotations

from uuid import uuid4

from attrs import field, frozen
from django.db import transaction

from lull.domain.protocol import Role
from lull.domain.refusal import require
from lull.store import models
from lull.store.accounts import make_member, make_pause, require_name
from lull.store.kept import Store
from lull.store.principal import Principal, Scope
from lull.store.vault import make_vault
from lull.store.veil import Argon, require_passphrase


@frozen
class Beginning:
    """What the first coordinator is made of. The two passphrases are two people's, or two moods':
    the server's starts it, the member's opens what is sealed to them."""

    server_passphrase: str = field(repr=False)
    member_passphrase: str = field(repr=False)
    side: str
    login: str
    pause: str
    function: str = "coordinator"


@frozen
class Founded:
    """A store that was begun; `code` is to be printed and is shown once."""

    store: Store
    pause: models.Pause
    code: str = field(repr=False)
    who: Principal


def found(beginning: Beginning, recovery: str, argon: Argon) -> Founded:
    """Begin a store: all of it or nothing. Raises Refusal where it is begun already.

    `recovery` is the public half of the posts' recovery key.
    """
    require_two(beginning.server_passphrase, beginning.member_passphrase)
    with transaction.atomic():
        secrets = make_vault(beginning.server_passphrase, recovery, argon)
        return first_seat(Store(secrets, argon), beginning)


def require_two(server: str, member: str) -> None:
    """Raise Refusal unless these are two passphrases, each good enough."""
    require_passphrase(server)
    require_passphrase(member)
    require(server != member, "The server's passphrase and yours must be two: whoever starts the "
            "server is not to read what is sealed to you.")


def first_seat(store: Store, beginning: Beginning) -> Founded:
    """A side, a keeper in it, and a pause of which they are coordinator."""
    with transaction.atomic():
        tag = store.secrets.veil.tag(beginning.side.strip().casefold(), "side")
        side = models.Side.objects.filter(name_tag=tag).first()
        if side is None:
            name = require_name(beginning.side, "The name of a side")
            key = uuid4()
            side = models.Side.objects.create(
                id=key, name=store.secrets.veil.close(name, f"side {key}"), name_tag=tag)
        joined = make_member(store, side=side.id, login=beginning.login, keeper=True,
                             function=beginning.function, passphrase=beginning.member_passphrase)
        who = Principal(joined.member, side.id, store.side_name(side.id), beginning.function,
                        keeper=True, scopes=frozenset(Scope))
        known = models.Pause.objects.filter(
            name_tag=store.secrets.veil.tag(beginning.pause.strip().casefold(), "pause")).first()
        if known is None:
            known = make_pause(store, beginning.pause, who)
        else:
            models.SideIn.objects.get_or_create(pause=known, side=side)
            models.Seat.objects.create(pause=known, member_id=who.member,
                                       role=Role.COORDINATOR.value)
        return Founded(store, known, joined.code, who)

"""The data key of a store: made once, opened with the server's passphrase, never written in clear.

Under it stand what is restricted to the own side, the keys of the posts for which the server
writes, and every name.
"""

from __future__ import annotations

from attrs import field, frozen

from lull.domain.refusal import Refusal, require
from lull.exchange.seal import Key
from lull.store.models import Vault
from lull.store.veil import Argon, Veil, WrongSecret, require_passphrase

WHAT = "data key"


@frozen
class Secrets:
    """What a started server holds in memory: the data key, the veil, posts' public recovery key."""

    data: Key = field(repr=False)
    veil: Veil = field(repr=False)
    recovery: str


def make_vault(passphrase: str, recovery: str, argon: Argon) -> Secrets:
    """Make the data key of a new store; raises Refusal where there is one already.

    `recovery` is the public half of the key that brings the server's posts back when its own are
    lost; the private half is kept elsewhere.
    """
    require_passphrase(passphrase)
    require(not Vault.objects.exists(), "This store has its data key already.")
    data = Key.new()
    Vault.objects.create(public=data.public, recovery=recovery,
                         wrapped=argon.wrap(data.secret, passphrase, WHAT))
    return Secrets(data, Veil.of(data.secret), recovery)


def open_vault(passphrase: str, argon: Argon) -> Secrets:
    """The secrets of a store; raises Refusal where there is none, or the passphrase is another."""
    kept = Vault.objects.first()
    if kept is None:
        raise Refusal("There is no store here yet; make one with: lull coordinator")
    try:
        secret = argon.unwrap(kept.wrapped, passphrase, WHAT)
    except WrongSecret:
        raise WrongSecret("This is not the passphrase of this store.") from None
    return Secrets(Key(kept.public, secret), Veil.of(secret), kept.recovery)


def change_passphrase(old: str, new: str, argon: Argon) -> None:
    """Put the data key under another passphrase; raises Refusal."""
    secrets = open_vault(old, argon)
    require_passphrase(new)
    Vault.objects.update(wrapped=argon.wrap(secrets.data.secret, new, WHAT))

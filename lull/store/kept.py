"""A store that has been opened: its secrets, its writer, its readers. One for a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from attrs import define, field
from django.db import connection

from lull.domain.protocol import Role
from lull.exchange.ledger.ed25519 import SigningKey
from lull.exchange.seal import open_bytes, seal_bytes
from lull.exchange.tile_archive import Archive
from lull.ledger.content import Writer
from lull.ledger.entry import Entry
from lull.ledger.write import open_log
from lull.store import models, plain
from lull.store.appender import Appender
from lull.store.keyring import Keyring
from lull.store.past import Pasts
from lull.store.rows import entry_of, heads_of, ledger_of, put_entry, set_heads, whole
from lull.store.vault import Secrets
from lull.store.veil import Argon
from lull.store.view import Reader


def utc_now() -> datetime:
    """The time now, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


@define(eq=False)
class Store:
    """What a started process has at hand of one store. `now` is its clock."""

    secrets: Secrets = field(repr=False)
    argon: Argon = field(factory=Argon)
    now: Callable[[], datetime] = utc_now
    appender: Appender = field(init=False)
    keyring: Keyring = field(init=False)
    own: Reader = field(init=False, repr=False)
    pasts: Pasts = field(factory=Pasts, init=False, repr=False)
    attempts: set[tuple[UUID, str]] = field(factory=set, init=False, repr=False)
    """Members and entries for which it is written down that they asked in vain."""
    refusals: set[tuple[UUID, str]] = field(factory=set, init=False, repr=False)
    """Members and pages of an hour of which it is written down that they were refused."""
    grounds: dict[int, Archive] = field(factory=dict, init=False, repr=False)
    """Streets of folders that were opened, by the row that keeps them (see `streets`)."""
    _signing: dict[UUID, tuple[bytes, SigningKey]] = field(factory=dict, init=False, repr=False)
    _last: dict[UUID, Entry] = field(factory=dict, init=False, repr=False)
    _names: dict[UUID, str] = field(factory=dict, init=False, repr=False)
    _functions: dict[UUID, tuple[bytes, str]] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self.appender = Appender(self._lost)
        self.keyring = Keyring(self.now)
        self.own = Reader((self.secrets.data.secret,), self.admitted, self.pasts)

    def _lost(self) -> None:
        """What was judged on writes that did not come to be is judged anew."""
        self.own.judge_anew()
        self.keyring.drop_judging()

    def forget(self, gone: set[str]) -> None:
        """Drop from memory what was destroyed; only within an act of the appender."""
        self.pasts.forget(gone)
        self.own.fold_anew(gone)
        self.keyring.fold_anew(gone)

    def close(self) -> None:
        """Write what waits, and forget what is held."""
        self.appender.stop()
        self.own.close()

    @property
    def hour(self) -> str:
        """This hour, as it stands in an entry."""
        return f"{self.now():%Y-%m-%dT%HZ}"

    def side_name(self, side: UUID) -> str:
        """The name of a side."""
        if side not in self._names:
            raw = models.Side.objects.values_list("name", flat=True).get(pk=side)
            self._names[side] = self.secrets.veil.open(raw, f"side {side}")
        return self._names[side]

    def function_of(self, member: models.Member) -> str:
        """What a member does, opened once for as long as the row says the same."""
        raw = bytes(member.function)
        held = self._functions.get(member.id)
        if held is None or held[0] != raw:
            opened = self.secrets.veil.open(raw, f"function {member.id}")
            held = self._functions[member.id] = (raw, opened)
        return held[1]

    def admitted(self, pause: UUID) -> Mapping[str, Writer]:
        """As whom each post of a pause may write."""
        return {
            post.name: Writer(Role(post.role), self.side_name(post.side_id))
            for post in models.Post.objects.filter(pause_id=pause)
        }

    def new_reader(self, member_secrets: tuple[str, ...]) -> Reader:
        """A reader with a member's keys, behind whom stand those of the own side.

        What is restricted is judged for everyone alike; who may read it is another matter.
        """
        return Reader(member_secrets, self.admitted, self.pasts, behind=self.own)

    def signing_key(self, post: models.Post) -> SigningKey:
        """The key with which the server signs for a post."""
        sealed = bytes(post.key or b"")
        held = self._signing.get(post.id)
        if held is None or held[0] != sealed:
            pem = open_bytes(sealed, secrets=[self.secrets.data.secret])
            held = self._signing[post.id] = (sealed, SigningKey.from_pem(pem))
        return held[1]

    def seal_key(self, key: SigningKey) -> bytes:
        """A post's key as it is kept: sealed to the data key."""
        return seal_bytes(key.pem(), recipients=[self.secrets.data.public])

    def post_for(self, pause: UUID, side: UUID, role: Role) -> models.Post:
        """The post as which the server writes for a side in a role; opened on first use.

        Only within an act of the appender.
        """
        for post in plain.some(models.Post, pause_id=pause, side_id=side, role=role.value):
            if post.key is not None:
                return post
        key = SigningKey.new()
        ends = heads_of(pause)
        of = ledger_of(whole(pause, hash__in=ends))
        entry = open_log(of, key=key.public, recovery=self.secrets.recovery, hour=self.hour,
                         sign=key.sign)
        put_entry(entry, pause)
        set_heads(pause, {entry.hash})
        made: models.Post = models.Post.objects.create(
            pause_id=pause, side_id=side, role=role.value, name=entry.log.post, tip=entry.hash,
            key=self.seal_key(key))
        renew(pause)
        return made

    def last_entry(self, post: models.Post) -> Entry:
        """The last entry of a post's log."""
        held = self._last.get(post.id)
        if held is not None and held.hash == post.tip:
            return held
        return entry_of(models.Entry.objects.get(pause_id=post.pause_id, hash=post.tip))

    def remember(self, post: models.Post, entry: Entry) -> None:
        """Keep the entry that a post has just written; its next one follows on it."""
        self._last[post.id] = entry


def renew(pause: UUID) -> None:
    """Have every view of a pause folded anew: its past has changed."""
    from django.db.models import F  # noqa: PLC0415 - the name is taken for sets elsewhere

    models.Pause.objects.filter(pk=pause).update(generation=F("generation") + 1)


def scrub() -> None:
    """Have what was deleted gone from SQLite's log as well; another reader may put it off."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

"""Members' keys while they are signed in: in memory only, by session, for a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from attrs import define, field

from lull.store.view import Reader

IDLE_MINUTES = 30
"""After so long without a request a member's keys are dropped; signing in opens them again."""


@define
class _Held:
    member: UUID
    reader: Reader = field(repr=False)
    used: datetime


@define(eq=False)
class Keyring:
    """The readers of unlocked sessions, by the session's id. What is dropped cannot be had back."""

    now: Callable[[], datetime]
    _held: dict[UUID, _Held] = field(factory=dict, repr=False)
    _lock: Lock = field(factory=Lock, repr=False)

    def put(self, session: UUID, member: UUID, reader: Reader) -> None:
        """Hold a member's reader for a session."""
        with self._lock:
            self._held[session] = _Held(member, reader, self.now())

    def reader(self, session: UUID, *, there: bool = True) -> Reader | None:
        """The reader of a session, if it is unlocked; what has been idle is dropped first.

        `there`: somebody is there who asks, and it is not a page that renews itself.
        """
        now = self.now()
        with self._lock:
            idle = [s for s, held in self._held.items()
                    if abs(now - held.used) > timedelta(minutes=IDLE_MINUTES)]
            for one in idle:
                self._held.pop(one).reader.close()
            held = self._held.get(session)
            if held is None:
                return None
            if there:
                held.used = now
            return held.reader

    def drop(self, session: UUID) -> None:
        """Forget a session's keys."""
        with self._lock:
            held = self._held.pop(session, None)
        if held:
            held.reader.close()

    def drop_member(self, member: UUID) -> None:
        """Forget the keys of all sessions of a member."""
        with self._lock:
            gone = [s for s, held in self._held.items() if held.member == member]
            readers = [self._held.pop(session).reader for session in gone]
        for reader in readers:
            reader.close()

    def drop_judging(self) -> None:
        """Drop what the appender took for written and was not."""
        with self._lock:
            readers = [held.reader for held in self._held.values()]
        for reader in readers:
            reader.judge_anew()

    def fold_anew(self, gone: set[str]) -> None:
        """Drop entries that were destroyed from what is held for sessions."""
        with self._lock:
            readers = [held.reader for held in self._held.values()]
        for reader in readers:
            reader.fold_anew(gone)

    @property
    def unlocked(self) -> int:
        """How many sessions have keys here."""
        return len(self._held)

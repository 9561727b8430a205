"""Statements that are built once say the same as those that Django builds each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lull.store import models, plain
from lull.store.appender import Appender
from tests.store.kit import World


def test_rows_are_found_by_exact_values_as_django_finds_them(world: World) -> None:
    world.write("olga", "incident.allege", "I1", wall="restricted")
    member = models.Member.objects.get(pk=world.who("paul").member)
    assert plain.one(models.Member, id=member.id) == member
    found = plain.one(models.Seat, pause_id=world.pause, member_id=member.id)
    assert found == models.Seat.objects.get(member=member)
    assert plain.some(models.Seat, pause_id=world.pause) == list(
        models.Seat.objects.filter(pause_id=world.pause).order_by("pk"))
    session = models.Session.objects.get(member=member)
    assert vars(plain.one(models.Session, digest=session.digest)).items() >= {
        k: v for k, v in vars(session).items() if k != "_state"}.items()
    assert plain.one(models.Member, id=uuid4()) is None
    last = models.Entry.objects.latest("seq").seq
    entries = models.Entry.objects.filter(pause_id=world.pause).order_by("seq")
    assert plain.newer(models.Entry, "hash", 0, pause_id=world.pause) == list(
        entries.values_list("seq", "hash"))
    assert len(plain.newer(models.Entry, "hash", last - 1, pause_id=world.pause)) == 1
    assert plain.newer(models.Entry, "hash", last, pause_id=world.pause) == []


def test_a_row_is_put_and_changed_as_it_was_meant(world: World) -> None:
    key = plain.put(models.Said, entry_id=_entry(world), sealed=b"\x00\xff'--")
    row = models.Said.objects.get(pk=key)
    assert (bytes(row.sealed), row.clear, row.salt) == (b"\x00\xff'--", None, None)
    post = models.Post.objects.filter(pause_id=world.pause).first()
    assert post is not None
    others = list(models.Post.objects.exclude(pk=post.pk).values_list("tip", flat=True))
    plain.change(models.Post, {"id": post.id}, tip="f" * 64)
    assert plain.texts(models.Post, "tip", id=post.id) == ["f" * 64]
    assert list(models.Post.objects.exclude(pk=post.pk).values_list("tip", flat=True)) == others


def _entry(world: World) -> int:
    """An entry that says nothing yet: the opening of a log."""
    world.write("olga", "incident.allege", "I1")
    return int(models.Entry.objects.order_by("seq")[0].seq)


def test_a_write_asks_the_database_little(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the time of a write most went into building statements; a few more would double it."""
    for about in ("I1", "I2"):
        world.write("olga", "incident.allege", about)
    counted: list[int] = []
    said: list[str] = []
    do, ask = Appender.do, plain.ask

    def telling(statement: str, params: Any = ()) -> list[Any]:
        said.append(statement)
        return ask(statement, params)

    monkeypatch.setattr(plain, "ask", telling)

    def counting(self: Appender, act: Callable[[], Any], **how: float) -> Any:
        def counted_act() -> Any:
            with CaptureQueriesContext(connection) as asked:
                before = len(said)
                made = act()
            counted.append(len(asked) + len(said) - before)
            return made
        return do(self, counted_act, **how)

    monkeypatch.setattr(Appender, "do", counting)
    world.write("olga", "incident.allege", "I3", once="the same key")
    assert len(counted) == 1
    assert 5 <= counted[0] <= 11

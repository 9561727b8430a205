"""What was asked with an idempotency key is done once, and answered each time.

The key, a keyed hash of what was asked and the answer are kept in the transaction of the act. What
is shown once, such as the token of a link, is not kept: who asks again gets all but that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from lull.domain.refusal import Refusal
from lull.ledger.canonical import canonical
from lull.store import models
from lull.store.kept import Store
from lull.store.principal import Principal

Answer = dict[str, Any]
USED = "This idempotency key was used for something else; take a new one."


class UsedKey(Refusal):
    """An idempotency key came back with another wish."""


def once_tags(store: Store, who: Principal, once: str, asked: Any) -> tuple[str, str] | None:
    """The tags of an idempotency key and of what was asked with it."""
    if not once:
        return None
    veil = store.secrets.veil
    return (veil.tag(f"{who.member} {once}", "once"),
            veil.tag(canonical(asked).decode(), "asked"))


def done_once(store: Store, who: Principal, once: str, asked: Any, act: Callable[[], Answer],
              shown_once: Collection[str] = (), *, seconds: float = 30.0) -> Answer:
    """What an act answers, after doing it, or what it answered when it was done with this key.

    The fields `shown_once` are empty where it had been done before. Without a key it is simply
    done. Raises UsedKey, Busy, and what the act raises; then nothing is kept.
    """
    tags = once_tags(store, who, once, asked)
    if tags is None:
        return act()

    def first() -> Answer:
        before = _before(store, tags)
        if before is not None:
            return before
        made = act()
        kept = {**made, **dict.fromkeys(made.keys() & set(shown_once), "")}
        models.Once.objects.create(
            tag=tags[0], asked=tags[1], on=store.now().date(),
            answer=store.secrets.veil.close(json.dumps(kept), f"once {tags[0]}"))
        return made

    before = _before(store, tags)
    return store.appender.do(first, seconds=seconds) if before is None else before


def _before(store: Store, tags: tuple[str, str]) -> Answer | None:
    kept = models.Once.objects.filter(tag=tags[0]).first()
    if kept is None:
        return None
    if kept.asked != tags[1] or kept.answer is None:
        raise UsedKey(USED)
    found: Answer = json.loads(store.secrets.veil.open(kept.answer, f"once {tags[0]}"))
    return found

"""Idempotency keys: what is asked twice with one key is done once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from ninja import Header, Schema

from lull.store.once import done_once
from lull.web.api.auth import store_of, who

S = TypeVar("S", bound=Schema)
RULE: dict[str, Any] = {"alias": "Idempotency-Key", "min_length": 8, "max_length": 200,
                        "pattern": r"^[!-~]+$"}
SAYS = "made anew for each act, and the same when it is asked again: it is then done once"

Once = Annotated[str, Header(**RULE, description=SAYS)]
"""Must be given: it is an entry of the ledger."""

MaybeOnce = Annotated[str, Header(**RULE, description=SAYS + "; a secret that is shown once is "
                                  "then left out")]
"""May be given."""


class Done(Schema):
    """That it was done."""


def once(request: HttpRequest, key: str, asked: dict[str, Any], act: Callable[[], S],
         made: type[S], shown_once: Collection[str] = ()) -> S:
    """What an act answers, done once for a key; `asked` tells it from other acts."""
    given = {"method": request.method, "path": request.path, **asked}
    answer = done_once(store_of(request), who(request), key, given,
                       lambda: act().model_dump(mode="json"), shown_once)
    return made(**answer)

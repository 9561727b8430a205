"""Asking the API as a person of the test's world does."""

from __future__ import annotations

import json
from typing import Any

from attrs import define

from lull.web.application import STORE
from tests.store.kit import World, record


@define
class Caller:
    """Somebody who asks; without a token it is the public."""

    world: World
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None,
            **headers: str) -> Any:
        """The answer; `path` is below /api/, with {pause} filled in."""
        from django.test import Client

        told = {"HTTP_" + name.upper(): value for name, value in headers.items()}
        if self.token:
            told["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        client = Client(raise_request_exception=True, **{STORE: self.world.store})
        kind = "application/octet-stream" if raw is not None else "application/json"
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return client.generic(method, "/api/" + path.format(pause=self.world.pause), data, kind,
                              **told)

    def get(self, path: str) -> Any:
        """The answer to a GET."""
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a POST."""
        return self.ask("POST", path, body, **headers)

    def write(self, kind: str, about: str = "N1", *, key: str = "", wall: str = "public",
              part: str = "", to: tuple[str, ...] = (), **changes: Any) -> Any:
        """The answer to a write of a record filled in."""
        return self.post("pauses/{pause}/entries", {
            "kind": kind, "object": about, "part": part, "wall": wall,
            "to": [str(self.world.side(side)) for side in to],
            "payload": record(kind, **changes)}, idempotency_key=key or f"key {about} {kind}"
            .replace(" ", "-"))


def caller(world: World, name: str) -> Caller:
    """A person, signed in."""
    world.who(name)
    return Caller(world, world.tokens[name])

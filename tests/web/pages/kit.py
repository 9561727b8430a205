"""Pages as a person of the test's world sees them in a browser."""

from __future__ import annotations

import re
from typing import Any

from attrs import define, field

from lull.web.application import STORE
from tests.store.kit import World, words_of

SEAL = re.compile(r'name="seal" value="([0-9a-f]*)"')
ONCE = re.compile(r'name="once" value="([0-9a-f]+)"')


@define
class Browser:
    """A browser in which somebody has signed in; nobody: the public."""

    world: World
    name: str = ""
    language: str = "en"
    client: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        from django.test import Client

        self.client = Client(raise_request_exception=True, **{STORE: self.world.store})
        self.client.cookies["lull-language"] = self.language
        if self.name:
            answer = self.client.post("/sign-in", {"login": self.name,
                                                   "passphrase": words_of(self.name)})
            assert answer.status_code == 303, answer.content.decode()

    def address(self, path: str) -> str:
        """A path, with @ for the pause."""
        return path.replace("@", f"/p/{self.world.pause}/")

    def get(self, path: str, **headers: str) -> Any:
        """A page."""
        return self.client.get(self.address(path), **headers)

    def text(self, path: str, status: int = 200) -> str:
        """What a page holds."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return str(answer.content.decode())

    def send(self, path: str, fields: dict[str, Any] | None = None, *, form: str = "",
             **headers: str) -> Any:
        """What comes of a form; its seal and key are those of the page at `form`, or of itself."""
        page = self.client.get(self.address(form or path)).content.decode()
        given = dict(fields or {})
        for name, mark in (("seal", SEAL), ("once", ONCE)):
            found = mark.search(page)
            if found and name not in given:
                given[name] = found[1]
        return self.client.post(self.address(path), given, **headers)

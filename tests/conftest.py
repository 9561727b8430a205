"""What every test stands on: the repository's folder, and no leave to reach the outside."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONG = ("house/test_readme.py", "faults/test_postgres.py", "browser/test_notification_story.py",
        "browser/test_room_access.py", "cli/test_cluster.py", "web/test_slow.py",
        "cli/test_store_verbs.py", "cli/test_room.py", "faults/test_kills.py")
"""What takes longest, longest first; relative to this folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that of several processes none works alone in the end."""
    turn = {ROOT / "tests" / path: n for n, path in enumerate(LONG)}
    items.sort(key=lambda item: turn.get(item.path, len(turn)))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def travel_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where travel tables are kept, outside the repository: one place for all processes that test,
    so that those of a city are worked out once."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "travel"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine: lull works cut off, and so do its tests."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test tried to reach {address!r}.")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", refuse)

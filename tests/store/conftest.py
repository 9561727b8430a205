"""Each test gets a store of its own, with people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.kit import World, address, fresh

address()  # Django must be told where the store is before a test can import its tables

@pytest.fixture
def world() -> Iterator[World]:
    """A store with people in it."""
    made = fresh()
    yield made
    made.store.close()

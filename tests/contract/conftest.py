"""Servers with the users of the recordings, as a Studio elsewhere would have them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fake_studio import FakeStudio
from fake_studio.core.model import User


@pytest.fixture
def deployed_studio(users: dict[str, User]) -> Iterator[FakeStudio]:
    with FakeStudio(dialect="deployed", users=users.values()) as fake:
        yield fake


@pytest.fixture
def documented_studio(users: dict[str, User]) -> Iterator[FakeStudio]:
    with FakeStudio(users=users.values()) as fake:
        yield fake

"""A Studio on a socket, and a chef's client for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fake_studio import FakeStudio
from support.caller import Caller


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, FakeStudio]]:
    made = {dialect: FakeStudio(dialect=dialect, seed=1).start() for dialect in ("documented", "deployed")}
    yield made
    for server in made.values():
        server.stop()


@pytest.fixture
def fake(servers: dict[str, FakeStudio], request: pytest.FixtureRequest) -> FakeStudio:
    """The documented dialect, unless the test is parametrized with another."""
    server = servers[getattr(request, "param", "documented")]
    server.reset()
    return server


@pytest.fixture
def caller(fake: FakeStudio) -> Iterator[Caller]:
    made = Caller(fake)
    yield made
    made.session.close()

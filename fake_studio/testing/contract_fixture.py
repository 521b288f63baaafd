"""Contract scenarios as tests: against our own servers, or against the Studio at --fake-studio-url."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from fake_studio.contract import PACKAGED, Player, Scenario, Suite, connect, load_users
from fake_studio.server import FakeStudio
from fake_studio.views import dicts


class ContractChecker(Protocol):
    """What the fixture ``fake_studio_contract`` is."""

    def check(self, scenario: Scenario, dialect: str = "deployed") -> None:
        """Play a scenario of a dialect: fails where an answer differs, skips what cannot be played."""

    def stop(self) -> None:
        """Stop what was started."""


class LocalContractChecker:
    """Plays against fake Studios of this process, one for each dialect, reset before each scenario."""

    def __init__(self) -> None:
        self._users = load_users(PACKAGED / "users.json")
        self._servers: dict[str, FakeStudio] = {}

    def check(self, scenario: Scenario, dialect: str = "deployed") -> None:
        """See ContractChecker."""
        fake = self.server(dialect)
        fake.reset()
        _expect(Player(fake.url, self._users).play(scenario))

    def server(self, dialect: str) -> FakeStudio:
        """The server of a dialect, which is started when it is first asked for."""
        if dialect not in self._servers:
            users = [dicts.user_from_dict(user, number) for number, user in enumerate(self._users.values(), start=1)]
            self._servers[dialect] = FakeStudio(dialect=dialect, users=users).start()
        return self._servers[dialect]

    def stop(self) -> None:
        """Stop the servers."""
        for server in self._servers.values():
            server.stop()


class RemoteContractChecker:
    """Plays against a Studio that may be in use. ``dialect`` is what it is held to; by default what it says."""

    def __init__(self, url: str, users: str, dialect: str | None) -> None:
        """Raises OSError and ValueError for the file of users, TargetUnusable for the Studio."""
        self._suite = Suite(connect(url, load_users(users)))
        self._dialect = dialect or self._suite.target.dialect or "deployed"

    def check(self, scenario: Scenario, dialect: str = "deployed") -> None:
        """See ContractChecker."""
        if dialect != self._dialect:
            pytest.skip(f"{self._suite.target.url} is held to the dialect {self._dialect}")
        outcome = self._suite.play(scenario)
        if outcome.result is None:
            pytest.skip(outcome.obstacle)
        _expect(outcome.result)

    def stop(self) -> None:
        """Nothing was started."""


def _expect(result: Any) -> None:
    if not result.ok:
        pytest.fail(str(result), pytrace=False)

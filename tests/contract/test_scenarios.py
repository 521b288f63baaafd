"""Every recorded conversation and every promise of the page, played against a FakeStudio on a socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from fake_studio import FakeStudio, account
from fake_studio.contract import Player, Scenario, load_scenarios, load_users

CONTRACT = Path(__file__).parents[2] / "fixtures" / "contract"
ROLES = load_users(CONTRACT / "users.json")
USERS = [account.user_from(user, number) for number, user in enumerate(ROLES.values(), start=1)]


def scenarios(dialect: str) -> list[ParameterSet]:
    return [pytest.param(each, id=each.name) for each in load_scenarios(CONTRACT / dialect)]


@pytest.fixture(scope="module")
def documented_server() -> Iterator[FakeStudio]:
    with FakeStudio(dialect="documented", users=USERS) as fake:
        yield fake


@pytest.fixture(scope="module")
def deployed_server() -> Iterator[FakeStudio]:
    with FakeStudio(dialect="deployed", users=USERS) as fake:
        yield fake


def check(fake: FakeStudio, scenario: Scenario) -> None:
    fake.reset()
    result = Player(fake.url, ROLES).play(scenario)
    assert result.ok, str(result)


@pytest.mark.parametrize("scenario", scenarios("documented"))
def test_page(documented_server: FakeStudio, scenario: Scenario) -> None:
    check(documented_server, scenario)


@pytest.mark.parametrize("scenario", scenarios("deployed"))
def test_recording(deployed_server: FakeStudio, scenario: Scenario) -> None:
    check(deployed_server, scenario)

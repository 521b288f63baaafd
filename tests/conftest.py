"""The users of the recordings, a Studio without HTTP, and a chef that speaks to one over Flask's test client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chefs_driver import Chef
from hypothesis import settings

from fake_studio import Studio, create_app
from fake_studio.contract import load_users
from fake_studio.core.model import User
from fake_studio.views import dicts

# The same examples each time, so that no run of CI fails by chance. For others: pytest --hypothesis-profile=default
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

CONTRACT = Path(__file__).parents[1] / "fixtures" / "contract"
DIALECTS = ("documented", "deployed")


@pytest.fixture(scope="session")
def users() -> dict[str, User]:
    """The accounts of fixtures/contract/users.json, by role."""
    roles = load_users(CONTRACT / "users.json")
    return {role: dicts.user_from_dict(told, number) for number, (role, told) in enumerate(roles.items(), start=1)}


@pytest.fixture
def studio(users: dict[str, User]) -> Iterator[Studio]:
    """A Studio with those accounts and nothing else."""
    made = Studio(users.values())
    yield made
    made.close()


@pytest.fixture
def documented(studio: Studio, users: dict[str, User]) -> Chef:
    """The chef's user, talking to a Studio that speaks as the page says."""
    return chef_of(studio, users, "documented")


@pytest.fixture
def deployed(studio: Studio, users: dict[str, User]) -> Chef:
    """The chef's user, talking to a Studio that speaks as the running server does."""
    return chef_of(studio, users, "deployed")


@pytest.fixture(params=DIALECTS)
def chef(request: pytest.FixtureRequest, studio: Studio, users: dict[str, User]) -> Chef:
    """Both of them, one after the other."""
    return chef_of(studio, users, request.param)


def chef_of(studio: Studio, users: dict[str, User], dialect: str) -> Chef:
    app = create_app(studio, dialect=dialect)
    return Chef(app.test_client(), studio, users, users["chef"].token, dialect)

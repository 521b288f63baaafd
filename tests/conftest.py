"""The users of the recordings, a Studio without HTTP, and a chef that speaks to one over Flask's test client."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Optional

import pytest
from flask import Flask
from hypothesis import settings

from fake_studio import Studio, create_app
from fake_studio.contract import PACKAGED, load_users
from fake_studio.core.model import User
from fake_studio.views import dicts
from support.chefs_driver import Chef
from support.chromium import QUICKEST, launched
from support.compiling import look_for_compiled, wait_for_compiled
from support.made_up import make_up_less
from support.warm_python import share_warm_python

# The same examples each time, so that no run of CI fails by chance. For others: pytest --hypothesis-profile=default
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

TESTS = Path(__file__).parent
DIALECTS = ("documented", "deployed")
HELD = pytest.StashKey[Optional[IO[bytes]]]()  # by the worker that imports the tests before the others do


# Folders whose tests take longest, the longest first, so that no worker ends on a page of a minute, or on a large file.
SLOW = [
    *("docs", "plugin", "kolibri", "faults", "chefs", "pages", "contract", "http", "state", "content", "findings"),
    *("test_benchmarks.py", "robust", "http_server", "install"),
]


# What needs a browser or a Kolibri, and what follows the docs: a third of the time.
FIXTURES_THAT_TAKE_TIME = {"playwright", "kolibri"}
TESTS_THAT_TAKE_TIME = {"test_a_page_is_followed"}


def pytest_configure(config: pytest.Config) -> None:
    # To look for garbage through all that thousands of tests are made of, and leave, took a tenth of the time.
    gc.set_threshold(20_000, 10, 50)
    if config.getoption("quick"):
        make_up_less()
    if hasattr(config, "workerinput"):
        config.stash[HELD] = wait_for_compiled()
    elif getattr(config.option, "numprocesses", None) and sys.platform != "win32":  # where nothing forks
        share_warm_python()
        look_for_compiled()


def pytest_addoption(parser: pytest.Parser) -> None:
    less = "no browser, no Kolibri, no page of the docs followed, half as much made up"
    parser.addoption("--quick", action="store_true", help=less)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests first, or without the slowest."""
    if config.getoption("quick"):
        left_out = [item for item in items if takes_time(item)]
        items[:] = [item for item in items if not takes_time(item)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: SLOW.index(folder_of(item)) if folder_of(item) in SLOW else len(SLOW))


def takes_time(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & FIXTURES_THAT_TAKE_TIME) or getattr(item, "originalname", "") in TESTS_THAT_TAKE_TIME


def pytest_collection_finish(session: pytest.Session) -> None:
    held = session.config.stash.get(HELD, None)
    if held:
        held.close()


def folder_of(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Chefs keep what they fetched in the user's cache folder: not in that of whoever runs the tests.

    And pytest keeps the files of three runs: those that tests start would push out the one that failed.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("PYTEST_DEBUG_TEMPROOT", str(tmp_path_factory.mktemp("inner")))
        yield


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """What drives browsers: one for each worker, since it cannot be started twice."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Any]:
    """Chromium, without a window."""
    with launched(playwright, QUICKEST) as started:
        yield started


@pytest.fixture(scope="session")
def users() -> dict[str, User]:
    """The accounts that the contract scenarios were recorded with, by role."""
    roles = load_users(PACKAGED / "users.json")
    return {role: dicts.user_from_dict(told, number) for number, (role, told) in enumerate(roles.items(), start=1)}


@pytest.fixture
def studio(users: dict[str, User]) -> Iterator[Studio]:
    """A Studio with those accounts and nothing else."""
    made = Studio(users.values())
    yield made
    made.close()


@pytest.fixture(scope="session")
def app_of() -> Iterator[Callable[[Studio, str], Flask]]:
    """The app of a dialect, which is made once (10 ms) and serves the Studio of one test after the other."""
    nobodys = Studio()
    apps = {dialect: create_app(nobodys, dialect=dialect) for dialect in DIALECTS}
    at_start = {dialect: dict(app.config) for dialect, app in apps.items()}

    def serving(studio: Studio, dialect: str) -> Flask:
        app = apps[dialect]
        app.config.update(at_start[dialect])
        app.extensions["fake_studio"] = studio
        return app

    yield serving
    nobodys.close()


@pytest.fixture
def chef_of(app_of: Callable[[Studio, str], Flask], studio: Studio, users: dict[str, User]) -> Callable[[str], Chef]:
    """The chef's user, talking to the Studio in a dialect."""
    return lambda dialect: Chef(app_of(studio, dialect).test_client(), studio, users, users["chef"].token, dialect)


@pytest.fixture
def documented(chef_of: Callable[[str], Chef]) -> Chef:
    """The chef's user, talking to a Studio that speaks as the page says."""
    return chef_of("documented")


@pytest.fixture
def deployed(chef_of: Callable[[str], Chef]) -> Chef:
    """The chef's user, talking to a Studio that speaks as the running server does."""
    return chef_of("deployed")


@pytest.fixture(params=DIALECTS)
def chef(request: pytest.FixtureRequest, chef_of: Callable[[str], Chef]) -> Chef:
    """Both of them, one after the other."""
    return chef_of(request.param)

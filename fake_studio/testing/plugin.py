"""The pytest plugin: fixtures fake_studio and fake_studio_factory, the marker, the options.

Imports nothing heavy: pytest loads this module at every start, also for suites that never use it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import pytest

if TYPE_CHECKING:
    from fake_studio.core.exchange import Exchange
    from fake_studio.server import FakeStudio
    from fake_studio.testing.contract_fixture import ContractChecker

MARKER = "fake_studio(dialect=..., seed=..., users=..., snapshot=..., allow=...): how a test's fake Studio behaves"
DIALECTS = ("documented", "deployed")
TAIL = 15  # requests that the report of a failing test shows
_FAKES = pytest.StashKey[list["FakeStudio"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """--fake-studio-dialect, and the same as an ini value."""
    group = parser.getgroup("fake_studio", "a fake Kolibri Studio")
    text = "the dialect of the fixture fake_studio: documented or deployed"
    group.addoption("--fake-studio-dialect", choices=DIALECTS, help=text)
    group.addoption("--fake-studio-url", metavar="URL", help="run the tests against a Studio elsewhere")
    group.addoption("--fake-studio-token", metavar="TOKEN", help="the token for the Studio at --fake-studio-url")
    group.addoption("--fake-studio-users", metavar="FILE", help="tokens by role there, to play contract scenarios")
    parser.addini("fake_studio_dialect", text, default="documented")
    parser.addini("fake_studio_allow", "rejections and findings that fail no test", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known to --strict-markers, and keep our folders out of ricecooker's."""
    config.addinivalue_line("markers", MARKER)
    # ricecooker, when it is imported, moves a tempfile that nobody asked yet into a folder in the working folder, and
    # deletes that folder when any other process that imported it there starts or ends: with xdist, under our feet.
    tempfile.gettempdir()


@pytest.fixture(scope="session")
def _fake_studio_servers() -> Iterator[dict[Any, FakeStudio]]:
    """The servers that run already, by their options: a test that asks for the same ones gets the same server."""
    servers: dict[Any, FakeStudio] = {}
    yield servers
    for server in servers.values():
        server.stop()


@pytest.fixture
def fake_studio_users() -> list[dict[str, Any]]:
    """The accounts of the fixture fake_studio, as in a file of --users. Override it to have others."""
    return []


@pytest.fixture
def fake_studio(
    request: pytest.FixtureRequest, _fake_studio_servers: dict[Any, FakeStudio], fake_studio_users: list[dict[str, Any]]
) -> Iterator[FakeStudio]:
    """A fake Studio, empty at the start of each test.

    What it refused fails the test at its end, unless the marker's ``allow`` names the endpoint, the kind of refusal,
    its status, or "*".
    """
    if request.config.getoption("--fake-studio-url"):
        yield _elsewhere(request)
        return
    options = _options(request)
    allow = _collect_allowed(request, options.pop("allow", ()))
    snapshot = options.pop("snapshot", None)
    users = options.pop("users", None) or fake_studio_users
    # One server for all tests with the same options, as a start costs more than a reset.
    key = repr((sorted(options.items()), users))
    if key not in _fake_studio_servers:
        _fake_studio_servers[key] = _start_studio({**options, "users": users})
    fake = _fake_studio_servers[key]
    fake.reset()
    if snapshot is not None:
        _load(request, fake, snapshot)
    _remember(request, fake)
    yield fake
    _fail_for_refusals(fake, allow)


@pytest.fixture
def fake_studio_factory(request: pytest.FixtureRequest) -> Iterator[Callable[..., FakeStudio]]:
    """Makes further fake Studios: ``fake_studio_factory(dialect="deployed", seed=1, users=[...])``.

    What they refused fails the test at its end too.
    """
    made: list[FakeStudio] = []

    def make(**options: Any) -> FakeStudio:
        fake = _start_studio({"dialect": _dialect(request.config), **options})
        made.append(fake)
        _remember(request, fake)
        return fake

    yield make
    for fake in made:
        fake.stop()
    allow = _collect_allowed(request, _options(request).get("allow", ()))
    for fake in made:
        _fail_for_refusals(fake, allow)


@pytest.fixture
def fake_studio_ricecooker(fake_studio: FakeStudio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeStudio]:
    """The fixture ``fake_studio``, with the imported ricecooker pointed at it until the test ends."""
    from fake_studio.cooking.ricecooker_config import ricecooker_at

    with ricecooker_at(fake_studio.url, tmp_path_factory.mktemp("ricecooker"), fake_studio.token):
        yield fake_studio


@pytest.fixture(scope="session")
def fake_studio_contract(request: pytest.FixtureRequest) -> Iterator[ContractChecker]:
    """Plays contract scenarios: ``fake_studio_contract.check(scenario, dialect)``.

    Against servers of this process, or with --fake-studio-url and --fake-studio-users against a Studio elsewhere.
    """
    from fake_studio.testing.contract_fixture import LocalContractChecker

    url = request.config.getoption("--fake-studio-url")
    checker = _checker_elsewhere(request.config, url) if url else LocalContractChecker()
    yield checker
    checker.stop()


def _checker_elsewhere(config: pytest.Config, url: str) -> ContractChecker:
    from fake_studio.contract import TargetUnusable
    from fake_studio.testing.contract_fixture import RemoteContractChecker

    users = config.getoption("--fake-studio-users")
    if not users:
        raise pytest.UsageError("contract scenarios at --fake-studio-url need --fake-studio-users")
    try:
        return RemoteContractChecker(url, users, config.getoption("--fake-studio-dialect"))
    except (OSError, ValueError, TargetUnusable) as problem:
        raise pytest.UsageError(str(problem)) from problem


def _elsewhere(request: pytest.FixtureRequest) -> Any:
    from fake_studio.testing.remote import RemoteStudio

    config = request.config
    url, token = config.getoption("--fake-studio-url"), config.getoption("--fake-studio-token")
    if not token:
        raise pytest.UsageError("--fake-studio-url needs --fake-studio-token: the token of an account there")
    return RemoteStudio(url, token, _folders(request))


def _start_studio(options: dict[str, Any]) -> FakeStudio:
    from fake_studio.server import FakeStudio
    from fake_studio.views import dicts

    users = [
        dicts.user_from_dict(options_of_user, number)
        for number, options_of_user in enumerate(options.pop("users", ()), 1)
    ]
    return FakeStudio(users=users, **options).start()


def _load(request: pytest.FixtureRequest, fake: FakeStudio, snapshot: Any) -> None:
    """Begin with a snapshot file. Raises FileNotFoundError."""
    from fake_studio.core.paths import get_existing_file
    from fake_studio.snapshot import load_file

    load_file(fake.studio, get_existing_file(snapshot, _folders(request)))


def _folders(request: pytest.FixtureRequest) -> list[Path]:
    """From where a path is meant: beside the test, from pytest's root folder, from where pytest was started."""
    return [request.path.parent, request.config.rootpath, request.config.invocation_params.dir]


def _dialect(config: pytest.Config) -> str:
    dialect = str(config.getoption("--fake-studio-dialect") or config.getini("fake_studio_dialect"))
    if dialect not in DIALECTS:
        raise pytest.UsageError(f"fake_studio_dialect is {dialect!r}, and must be one of {', '.join(DIALECTS)}")
    return dialect


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The marker's arguments, the closest marker first for each."""
    options: dict[str, Any] = {"dialect": _dialect(request.config)}
    for marker in reversed(list(request.node.iter_markers("fake_studio"))):
        if marker.args:
            raise pytest.UsageError(f"write {MARKER.partition(':')[0]}: {marker.args[0]!r} has no name")
        options.update(marker.kwargs)
    return options


def _collect_allowed(request: pytest.FixtureRequest, given: Any) -> tuple[str, ...]:
    given = (given,) if isinstance(given, (str, int)) else given
    return tuple(map(str, (*request.config.getini("fake_studio_allow"), *given)))


def _remember(request: pytest.FixtureRequest, fake: FakeStudio) -> None:
    """Keep in mind whose requests to show."""
    request.node.stash.setdefault(_FAKES, []).append(fake)
    fake.chef_folders = _folders(request)


def _fail_for_refusals(fake: FakeStudio, allow: tuple[str, ...]) -> None:
    from fake_studio.core.words import count_of
    from fake_studio.reports.report import refused_exchanges
    from fake_studio.reports.text import Colours, refusal_lines

    # What a fault did is what the test asked for.
    left = [
        refused for refused in refused_exchanges(fake.studio) if not refused.fault and not _is_allowed(refused, allow)
    ]
    if left:
        said = "\n".join(line for exchange in left for line in refusal_lines(exchange, Colours(False)))
        allowing = f"If this is expected: @pytest.mark.fake_studio(allow={left[0].endpoint or left[0].status!r})"
        pytest.fail(f"The fake Studio rejected {count_of(len(left), 'request')}:\n{said}\n{allowing}", pytrace=False)
    unused = fake.studio.faults.unused_lines()
    if unused:
        pytest.fail("\n".join(unused), pytrace=False)


def _is_allowed(exchange: Exchange, allow: tuple[str, ...]) -> bool:
    kind = (exchange.refusal or {}).get("kind")
    return bool({"*", exchange.endpoint, kind, str(exchange.status)}.intersection(allow))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Show the last requests, and the last lines of chefs, in the report of a failing test."""
    report = yield
    if report.failed:
        for fake in item.stash.get(_FAKES, []):
            report.sections.append((f"fake Studio {fake.url}: last requests", _tail(fake)))
            report.sections.extend(_chefs(fake))
    return report


def _chefs(fake: FakeStudio) -> Iterator[tuple[str, str]]:
    from fake_studio.core.visible_text import harmless

    for run in fake.studio.chef_runs:
        shown = [*run.traceback, "", *run.log_tail] if run.traceback else run.log_tail
        parts = "traceback and last lines" if run.traceback else "last lines"
        title = f"chef in {run.folder}, exit code {run.exit_code}: {parts}"
        yield title, "\n".join(harmless(part) for line in shown for part in line.split("\n"))


def _tail(fake: FakeStudio) -> str:
    said = [_line(exchange) for exchange in fake.requests.entries()[-TAIL:]]
    return "\n".join(said) or "none"


def _line(exchange: Exchange) -> str:
    from fake_studio.core.visible_text import harmless
    from fake_studio.reports.text import format_cause

    cause = f"  {format_cause(exchange)}" if exchange.refusal else ""
    line = f"{exchange.number:>4} {exchange.status} {exchange.method} {exchange.path.partition('?')[0]}{cause}"
    return harmless(line)

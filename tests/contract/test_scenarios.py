"""Every recorded conversation and every promise of the page, played against a FakeStudio on a socket.

Our own answers are held to the description of the API too. With --fake-studio-url and --fake-studio-users the scenarios
are played against a Studio elsewhere.
"""

from __future__ import annotations

from operator import attrgetter

import pytest

from fake_studio.contract import PACKAGED, Scenario, load_scenarios
from fake_studio.testing.contract_fixture import ContractChecker, LocalContractChecker
from fake_studio.web.dialects import DIALECTS
from support.openapi_driver import Watch

Watches = dict[str, Watch]


@pytest.fixture(scope="module")
def watches(fake_studio_contract: ContractChecker) -> Watches:
    """What compares the answers of each dialect with its description; nothing for a Studio elsewhere."""
    if not isinstance(fake_studio_contract, LocalContractChecker):
        return {}
    return {dialect: Watch(fake_studio_contract.server(dialect).app, dialect) for dialect in DIALECTS}


@pytest.mark.parametrize("scenario", load_scenarios(PACKAGED / "documented"), ids=attrgetter("name"))
def test_page(fake_studio_contract: ContractChecker, watches: Watches, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "documented")
    assert_is_as_described(watches, "documented")


@pytest.mark.parametrize("scenario", load_scenarios(PACKAGED / "deployed"), ids=attrgetter("name"))
def test_recording(fake_studio_contract: ContractChecker, watches: Watches, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "deployed")
    assert_is_as_described(watches, "deployed")


def assert_is_as_described(watches: Watches, dialect: str) -> None:
    if watches:
        wrong = watches[dialect].wrong.copy()
        watches[dialect].wrong.clear()
        assert wrong == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_answers_are_compared_with_their_description(
    fake_studio_contract: ContractChecker, watches: Watches, dialect: str
) -> None:
    """Those of many operations and statuses: by the tests before, or here where this one runs alone."""
    if not watches:
        pytest.skip("the description is of our own answers")
    met, enough = watches[dialect].met, {"documented": 35, "deployed": 65}[dialect]
    for scenario in load_scenarios(PACKAGED / dialect):
        if len(met) < enough:
            fake_studio_contract.check(scenario, dialect)
    assert len(met) >= enough

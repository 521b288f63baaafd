"""Every recorded conversation and every promise of the page, played against a FakeStudio on a socket.

With --fake-studio-url and --fake-studio-users, against a Studio elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from fake_studio.contract import Scenario, load_scenarios

CONTRACT = Path(__file__).parents[2] / "fixtures" / "contract"


def scenarios(dialect: str) -> list[ParameterSet]:
    return [pytest.param(each, id=each.name) for each in load_scenarios(CONTRACT / dialect)]


@pytest.mark.parametrize("scenario", scenarios("documented"))
def test_page(fake_studio_contract: Any, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "documented")


@pytest.mark.parametrize("scenario", scenarios("deployed"))
def test_recording(fake_studio_contract: Any, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "deployed")

"""Every recorded conversation and every promise of the page, played against a FakeStudio on a socket.

With --fake-studio-url and --fake-studio-users, against a Studio elsewhere.
"""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from fake_studio.contract import Scenario, load_scenarios

CONTRACT = Path(__file__).parents[2] / "fixtures" / "contract"


@pytest.mark.parametrize("scenario", load_scenarios(CONTRACT / "documented"), ids=attrgetter("name"))
def test_page(fake_studio_contract: Any, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "documented")


@pytest.mark.parametrize("scenario", load_scenarios(CONTRACT / "deployed"), ids=attrgetter("name"))
def test_recording(fake_studio_contract: Any, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "deployed")

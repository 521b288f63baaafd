"""Every recorded conversation and every promise of the page, played against a FakeStudio on a socket.

With --fake-studio-url and --fake-studio-users, against a Studio elsewhere.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest

from fake_studio.contract import PACKAGED, Scenario, load_scenarios


@pytest.mark.parametrize("scenario", load_scenarios(PACKAGED / "documented"), ids=attrgetter("name"))
def test_page(fake_studio_contract: Any, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "documented")


@pytest.mark.parametrize("scenario", load_scenarios(PACKAGED / "deployed"), ids=attrgetter("name"))
def test_recording(fake_studio_contract: Any, scenario: Scenario) -> None:
    fake_studio_contract.check(scenario, "deployed")

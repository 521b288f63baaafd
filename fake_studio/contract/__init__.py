"""Play the contract scenarios, recorded HTTP conversations, against any Studio."""

from __future__ import annotations

from fake_studio.contract.normalise import Answer
from fake_studio.contract.player import Exchange, Player, Result, StepFailed
from fake_studio.contract.scenario import Scenario, load_scenarios, load_users

__all__ = [
    "Answer",
    "Exchange",
    "Player",
    "Result",
    "Scenario",
    "StepFailed",
    "load_scenarios",
    "load_users",
]

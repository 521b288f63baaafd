"""Play the contract scenarios, recorded HTTP conversations, against any Studio."""

from __future__ import annotations

from fake_studio.contract.isolation import Run
from fake_studio.contract.normalise import Answer
from fake_studio.contract.player import Exchange, Player, Result, StepFailed
from fake_studio.contract.scenario import PACKAGED, Scenario, load_scenarios, load_users
from fake_studio.contract.suite import Outcome, Suite
from fake_studio.contract.target import Target, TargetUnusable, meet

__all__ = [
    "PACKAGED",
    "Answer",
    "Exchange",
    "Outcome",
    "Player",
    "Result",
    "Run",
    "Scenario",
    "StepFailed",
    "Suite",
    "Target",
    "TargetUnusable",
    "load_scenarios",
    "load_users",
    "meet",
]

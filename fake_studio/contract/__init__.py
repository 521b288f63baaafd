"""Play the contract scenarios, recorded HTTP conversations, against any Studio."""

from __future__ import annotations

from fake_studio.contract.isolation import RunContext
from fake_studio.contract.normalise import HttpAnswer
from fake_studio.contract.player import PlayedStep, Player, Result, StepFailed
from fake_studio.contract.scenario import PACKAGED, Scenario, load_scenarios, load_users
from fake_studio.contract.suite import Outcome, Suite
from fake_studio.contract.target import Target, TargetUnusable, connect

__all__ = [
    "PACKAGED",
    "HttpAnswer",
    "Outcome",
    "PlayedStep",
    "Player",
    "Result",
    "RunContext",
    "Scenario",
    "StepFailed",
    "Suite",
    "Target",
    "TargetUnusable",
    "connect",
    "load_scenarios",
    "load_users",
]

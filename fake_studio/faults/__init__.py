"""Faults on demand: rules that make Studio misbehave where a test wants it. Knows nothing of HTTP.

A fault is conditions (which requests), a turn (which of those), an effect (what happens), and counters.
web/faults makes it happen.
"""

from __future__ import annotations

from fake_studio.faults.conditions import Call, Conditions
from fake_studio.faults.effects import Effect
from fake_studio.faults.fault import Fault
from fake_studio.faults.presets import PRESETS, Preset
from fake_studio.faults.registry import FaultRegistry

__all__ = ["PRESETS", "Call", "Conditions", "Effect", "Fault", "FaultRegistry", "Preset"]

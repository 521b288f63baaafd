"""Faults on demand: rules that make Studio misbehave where a test wants it. Knows nothing of HTTP.

A fault is conditions (which requests), a turn (which of those), an effect (what happens), and counters.
web/faults makes it happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_studio.core.lazy_names import make_getattr

if TYPE_CHECKING:
    from fake_studio.faults.conditions import Call, Conditions
    from fake_studio.faults.effects import Effect
    from fake_studio.faults.fault import Fault
    from fake_studio.faults.presets import PRESETS, Preset
    from fake_studio.faults.registry import FaultRegistry

__all__ = ["PRESETS", "Call", "Conditions", "Effect", "Fault", "FaultRegistry", "Preset"]

_HOMES = {
    "Call": "conditions",
    "Conditions": "conditions",
    "Effect": "effects",
    "Fault": "fault",
    "FaultRegistry": "registry",
    "PRESETS": "presets",
    "Preset": "presets",
}
__getattr__ = make_getattr(__name__, _HOMES)

"""The faults of a Studio."""

from __future__ import annotations

import builtins
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fake_studio.core.model import Json
from fake_studio.core.refusals import FaultNotFound

if TYPE_CHECKING:
    from fake_studio.faults.conditions import Call
    from fake_studio.faults.fault import Fault


class FaultRegistry:
    """The faults of a Studio, in the order in which they were added. Thread-safe."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed
        self.rules: list[Fault] = []
        self._from_start: list[Fault] = []
        self._last_id = 0
        self._lock = threading.Lock()

    def add(self, **rule: Any) -> Fault:
        """Add a fault; its keys are those of the JSON (docs/faults.md). Raises FaultInvalid, which names them."""
        return self.add_all([rule])[0]

    def add_preset(self, name: str, /, **changes: Any) -> Fault:
        """Add one of PRESETS, some of its keys changed. Raises FaultInvalid."""
        return self.add(preset=name, **changes)

    def add_all(self, rules: Iterable[Json]) -> builtins.list[Fault]:
        """Add faults, all or none. Raises FaultInvalid."""
        made = [_parse_fault(rule) for rule in rules]
        with self._lock:
            for fault in made:
                self._last_id += 1
                fault.register(self._last_id, self.seed)
            self.rules = [*self.rules, *made]
        return made

    def start_with(self, rules: Iterable[Json]) -> None:
        """Add faults that a reset keeps. Raises FaultInvalid."""
        self._from_start += self.add_all(rules)

    def list(self) -> builtins.list[Fault]:
        """All of them."""
        return [*self.rules]

    def unused(self) -> builtins.list[Fault]:
        """Those that befell no request; where chance decided, only those whose conditions no request met."""
        return [fault for fault in self.rules if not (fault.fired or (fault.is_chancy and fault.seen))]

    def unused_lines(self) -> builtins.list[str]:
        """A sentence for each unused fault."""
        return [f"{fault} never fired; {fault.seen} requests met its conditions" for fault in self.unused()]

    def remove(self, fault_id: int) -> None:
        """Remove one. Raises FaultNotFound."""
        with self._lock:
            left = [fault for fault in self.rules if fault.id != fault_id]
            if len(left) == len(self.rules):
                raise FaultNotFound(f"Fault not found: {fault_id}.", allowed=[str(fault.id) for fault in left])
            self.rules = left

    def clear(self) -> None:
        """Remove all of them."""
        with self._lock:
            self.rules = []

    def reset(self) -> None:
        """Back to the start: the faults that were there then, and no counts."""
        with self._lock:
            self.rules = [*self._from_start]
            self._last_id = max((fault.id for fault in self.rules), default=0)
            for fault in self.rules:
                fault.restart()

    def next_fault(self, call: Call) -> Fault | None:
        """The fault that befalls this request: the first whose turn it is. All whose conditions it meets count it."""
        # Outside of the lock, because conditions may have to wait for the request's body.
        met = [fault for fault in self.rules if fault.conditions.matches(call)]
        due: Fault | None = None
        with self._lock:
            for fault in met:
                if fault.count(may_fire=due is None):
                    due = fault
        return due


def _parse_fault(rule: Json) -> Fault:
    from fake_studio.faults.parse import fault_from  # with all presets, which most Studios never see

    return fault_from(rule)

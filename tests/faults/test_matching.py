"""Which requests a fault is about, and which of them it befalls. No HTTP: a call is plain data here."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from fake_studio.core.refusals import FaultNotFound
from fake_studio.faults import Fault, FaultRegistry
from fake_studio.faults.conditions import ENDPOINTS
from fake_studio.web.app import create_app

NODES = [{"title": "Rivers", "node_id": "a1", "kind": "document"}, {"title": "Seas", "kind": "video"}]


@dataclass
class PlainCall:
    endpoint: str | None = "add_nodes"
    method: str = "POST"
    size: int = 1000
    username: str | None = "chef@example.org"
    body: Any = field(default_factory=lambda: {"root_id": 7, "content_data": NODES})
    channels: tuple[str, ...] = ("c" * 32, "Water")
    files: tuple[str, ...] = ("0123.pdf", "rivers.pdf")


@pytest.fixture
def faults() -> FaultRegistry:
    return FaultRegistry(seed=1)


def befallen(faults: FaultRegistry, count: int) -> list[int]:
    """Which of so many equal calls, counted from 1, are befallen."""
    return [number for number in range(1, count + 1) if faults.next_fault(PlainCall())]


MET = {
    "nothing asked": {},
    "endpoint": {"endpoint": "add_nodes"},
    "one of the endpoints": {"endpoint": ["finish_channel", "add_nodes"]},
    "a group of endpoints": {"endpoint": "internal"},
    "method in any case": {"method": "post"},
    "user": {"user": "chef@example.org"},
    "channel's id": {"channel": "c" * 32},
    "channel's name": {"channel": "Water"},
    "size": {"min_bytes": 1000},
    "part of the body": {"body": {"root_id": 7}},
    "node's title": {"node": {"title": "Rivers"}},
    "node's node_id": {"node": {"node_id": "a1"}},
    "two keys of one node": {"node": {"title": "Seas", "kind": "video"}},
    "file": {"file": "rivers.pdf"},
    "file by a wildcard": {"file": "*.pdf"},
    "all of them": {"endpoint": "add_nodes", "method": "POST", "node": {"kind": "video"}, "file": "0123.*"},
    "null is left out": {"endpoint": None, "user": None},
}
NOT_MET = {
    "endpoint": {"endpoint": "finish_channel"},
    "a group of endpoints": {"endpoint": ["uploads", "storage", "public"]},
    "method": {"method": "PUT"},
    "user": {"user": "other@example.org"},
    "channel": {"channel": "Fire"},
    "size": {"min_bytes": 1001},
    "body": {"body": {"root_id": 8}},
    "node": {"node": {"title": "Lakes"}},
    "keys of two nodes": {"node": {"title": "Rivers", "kind": "video"}},
    "file": {"file": "*.mp4"},
    "one of several": {"endpoint": "add_nodes", "file": "*.mp4"},
}


@pytest.mark.parametrize("conditions", MET.values(), ids=MET)
def test_conditions_met(faults: FaultRegistry, conditions: dict[str, Any]) -> None:
    fault = faults.add(status=500, **conditions)
    assert faults.next_fault(PlainCall()) is fault
    assert (fault.seen, fault.fired) == (1, 1)


@pytest.mark.parametrize("conditions", NOT_MET.values(), ids=NOT_MET)
def test_conditions_not_met(faults: FaultRegistry, conditions: dict[str, Any]) -> None:
    fault = faults.add(status=500, **conditions)
    assert faults.next_fault(PlainCall()) is None
    assert (fault.seen, fault.fired) == (0, 0)


def test_a_body_is_read_only_if_the_line_fits(faults: FaultRegistry) -> None:
    class Untouchable(PlainCall):
        @property
        def body(self) -> Any:
            raise AssertionError("the body was read")

        @body.setter
        def body(self, _: Any) -> None: ...

    faults.add(endpoint="finish_channel", node={"title": "Rivers"}, status=500)
    faults.add(endpoint="add_nodes", user="somebody else", body={"root_id": 7}, status=500)
    assert faults.next_fault(Untouchable()) is None


def test_a_body_that_is_no_object_has_no_nodes(faults: FaultRegistry) -> None:
    faults.add(node={"title": "Rivers"}, status=500)
    for body in (None, [], "text", {"content_data": "text"}, {"content_data": [None, 1]}):
        assert faults.next_fault(PlainCall(body=body)) is None


TURNS = {
    "always": ({}, [1, 2, 3, 4, 5, 6]),
    "the nth": ({"nth": 3}, [3]),
    "every nth": ({"every": 2}, [2, 4, 6]),
    "the first": ({"first": 2}, [1, 2]),
    "after": ({"after": 4}, [5, 6]),
    "so often at most": ({"times": 2}, [1, 2]),
    "every second, after the second, once": ({"every": 2, "after": 2, "times": 1}, [4]),
    "surely": ({"probability": 1}, [1, 2, 3, 4, 5, 6]),
    "never": ({"probability": 0}, []),
}


@pytest.mark.parametrize(("turn", "expected"), TURNS.values(), ids=TURNS)
def test_turns(faults: FaultRegistry, turn: dict[str, Any], expected: list[int]) -> None:
    fault = faults.add(status=500, **turn)
    assert befallen(faults, 6) == expected
    assert (fault.seen, fault.fired) == (6, len(expected))


def test_only_requests_that_meet_the_conditions_are_counted(faults: FaultRegistry) -> None:
    fault = faults.add(endpoint="add_nodes", nth=2, status=500)
    endpoints = ("add_nodes", "finish_channel", "finish_channel", "add_nodes")
    assert [bool(faults.next_fault(PlainCall(endpoint=name))) for name in endpoints] == [False, False, False, True]
    assert fault.seen == 2


def test_the_first_whose_turn_it_is_acts_and_all_count(faults: FaultRegistry) -> None:
    one, other = faults.add(nth=2, status=500), faults.add(status=503)
    assert [faults.next_fault(PlainCall()) for _ in range(3)] == [other, one, other]
    assert [(fault.seen, fault.fired) for fault in (one, other)] == [(3, 1), (3, 2)]


def test_a_seed_makes_chance_repeatable() -> None:
    def chances(seed: int | None) -> list[int]:
        faults = FaultRegistry(seed)
        faults.add(status=500, probability=0.5)
        return befallen(faults, 64)

    assert chances(1) == chances(1)
    assert len({tuple(chances(seed)) for seed in (1, 2, None)}) == 3
    assert 16 < len(chances(3)) < 48


def test_a_reset_repeats_the_chances() -> None:
    faults = FaultRegistry(seed=5)
    faults.start_with([{"status": 500, "probability": 0.5}])
    before = befallen(faults, 32)
    faults.reset()
    assert befallen(faults, 32) == before


def test_one_fault_does_not_change_the_chances_of_another() -> None:
    def chances(other_is_there: bool) -> list[int]:
        faults = FaultRegistry(seed=1)
        fault = faults.add(status=500, probability=0.5)
        if other_is_there:
            faults.add(status=503, probability=0.5)
        return [number for number in range(32) if faults.next_fault(PlainCall()) is fault]

    assert chances(True) == chances(False)


def test_list_remove_clear(faults: FaultRegistry) -> None:
    one, other = faults.add(status=500), faults.add(name="mine", status=503)
    assert [(fault.id, fault.name) for fault in faults.list()] == [(1, "fault-1"), (2, "mine")]
    faults.remove(one.id)
    assert faults.list() == [other]
    with pytest.raises(FaultNotFound, match=r"Fault not found: 1\. Allowed: 2\."):
        faults.remove(one.id)
    faults.clear()
    assert faults.list() == []
    assert faults.next_fault(PlainCall()) is None


def test_reset_goes_back_to_the_faults_of_the_start(faults: FaultRegistry) -> None:
    faults.start_with([{"name": "from the start", "status": 500}])
    (first,) = faults.list()
    added = faults.add(status=503)
    faults.next_fault(PlainCall())
    faults.clear()
    faults.reset()
    assert faults.list() == [first]
    assert (first.seen, first.fired) == (0, 0)
    assert faults.add(status=503).id == added.id


def test_unused(faults: FaultRegistry) -> None:
    used, late, chance = faults.add(status=500), faults.add(nth=9, status=500), faults.add(probability=0, status=500)
    elsewhere = faults.add(endpoint="finish_channel", status=500, probability=0.5)
    faults.next_fault(PlainCall())
    assert used.fired
    assert faults.unused() == [late, elsewhere]
    assert chance not in faults.unused()
    assert faults.unused_lines() == [
        "the fault 'fault-2' (nth=9, status=500) never fired; 1 requests met its conditions",
        "the fault 'fault-4' (endpoint='finish_channel', status=500, probability=0.5) never fired; "
        "0 requests met its conditions",
    ]


def test_told(faults: FaultRegistry) -> None:
    fault = faults.add(endpoint="add_nodes", nth=1, status=500)
    faults.next_fault(PlainCall())
    rule = {"endpoint": "add_nodes", "nth": 1, "status": 500}
    assert fault.to_dict() == {"id": 1, **rule, "name": "fault-1", "seen": 1, "fired": 1}


def test_threads_lose_no_count(faults: FaultRegistry) -> None:
    fault = faults.add(status=500, every=2)
    threads = [threading.Thread(target=befallen, args=(faults, 250)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (fault.seen, fault.fired) == (2000, 1000)


def test_noise_is_repeatable() -> None:
    def noise(seed: int) -> bytes:
        fault: Fault = FaultRegistry(seed).add(status=500)
        return fault.random_bytes(64)

    assert noise(1) == noise(1) != noise(2)


def test_endpoints_are_those_of_the_app() -> None:
    there: dict[str, set[str]] = {group: set() for group in ENDPOINTS}
    for rule in create_app().url_map.iter_rules():
        blueprint, _, name = rule.endpoint.rpartition(".")
        if blueprint in there:
            there[blueprint].add(name)
    assert {group: set(names) for group, names in ENDPOINTS.items()} == there

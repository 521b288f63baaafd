"""A fault from JSON: what is refused, and what is said then."""

from __future__ import annotations

from typing import Any

import pytest

from fake_studio.core.refusals import FaultInvalid
from fake_studio.faults import PRESETS, FaultRegistry

MISTAKES: dict[str, tuple[Any, str]] = {
    "no object": ([], "a fault: must be an object"),
    "unknown key": ({"statsu": 500}, "A fault has no key 'statsu'. Allowed: preset, name, endpoint"),
    "no effect": ({"endpoint": "add_nodes"}, "A fault needs an effect. Allowed: status, answer, headers, fault"),
    "applied alone": ({"applied": True}, "applied: needs a status, or one of EMPTY_RESPONSE"),
    "applied to what is not refused": ({"applied": True, "fault": "FILE_FORGOTTEN"}, "applied: needs a status"),
    "two effects": ({"status": 500, "fault": "EMPTY_RESPONSE"}, "fault: cannot be had together with status."),
    "unknown endpoint": (
        {"endpoint": "add_node", "status": 500},
        "endpoint: 'add_node' is not an endpoint. Allowed: int",
    ),
    "endpoint of another type": ({"endpoint": [5], "status": 500}, "endpoint: 5 is not an endpoint."),
    "unknown fault": ({"fault": "SMOKE"}, "fault: 'SMOKE' is not a fault. Allowed: EMPTY_RESPONSE"),
    "fault of another type": ({"fault": ["EMPTY_RESPONSE"]}, "fault: ['EMPTY_RESPONSE'] is not a fault."),
    "fault that cannot happen there": (
        {"fault": "TRUNCATED_UPLOAD", "endpoint": "add_nodes"},
        "endpoint: TRUNCATED_UPLOAD does not happen at every one of them. Allowed: put_file, file_upload.",
    ),
    "slow nothing": (
        {"fault": "EMPTY_RESPONSE", "chunkedDribbleDelay": {"numberOfChunks": 1, "totalDuration": 1}},
        "chunkedDribbleDelay: EMPTY_RESPONSE leaves no answer to slow down.",
    ),
    "half a dribble": (
        {"chunkedDribbleDelay": {"numberOfChunks": 1}},
        "chunkedDribbleDelay: needs these two keys and has no others. Allowed: numberOfChunks, totalDuration.",
    ),
    "no chunks": (
        {"chunkedDribbleDelay": {"numberOfChunks": 0, "totalDuration": 1}},
        "chunkedDribbleDelay.numberOfChunks: must be a whole number from 1, not 0.",
    ),
    "negative delay": ({"fixedDelayMilliseconds": -1}, "fixedDelayMilliseconds: must be a number from 0, not -1."),
    "status out of range": ({"status": 99}, "status: must be from 200 to 599, not 99."),
    "status as a text": ({"status": "500"}, "status: must be a whole number from 1, not '500'."),
    "nth from 0": ({"status": 500, "nth": 0}, "nth: must be a whole number from 1, not 0."),
    "times as a boolean": ({"status": 500, "times": True}, "times: must be a whole number from 1, not True."),
    "probability over 1": ({"status": 500, "probability": 1.5}, "probability: must be from 0 to 1, not 1.5."),
    "user of another type": ({"status": 500, "user": 5}, "user: must be a text"),
    "node as a text": ({"status": 500, "node": "Rivers"}, "node: must be an object"),
    "header that breaks lines": ({"headers": {"X": "a\r\nb"}}, "headers.X: must be one line of ASCII."),
    "applied as a number": ({"status": 500, "applied": 1}, "applied: must be true or false, not 1."),
    "unknown preset": ({"preset": "smoke"}, "preset: 'smoke' is not a preset. Allowed: studio-unavailable"),
    "preset of another type": ({"preset": ["x"]}, "preset: ['x'] is not a preset."),
}


@pytest.fixture
def faults() -> FaultRegistry:
    return FaultRegistry()


@pytest.mark.parametrize(("rule", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(faults: FaultRegistry, rule: Any, message: str) -> None:
    with pytest.raises(FaultInvalid) as caught:
        faults.add_all([rule])
    assert str(caught.value).startswith(message)
    assert faults.list() == []


def test_all_or_none(faults: FaultRegistry) -> None:
    with pytest.raises(FaultInvalid):
        faults.add_all([{"status": 500}, {"status": 5}])
    with pytest.raises(FaultInvalid):
        faults.start_with([{"status": 500}, {"status": 5}])
    faults.reset()
    assert faults.list() == []


def test_a_fault_happens_where_it_can_if_no_endpoint_is_named(faults: FaultRegistry) -> None:
    assert faults.add(fault="PUBLISH_FAILED").conditions.endpoints == ("publish_channel",)
    assert "upload_url" in faults.add(fault="TOKEN_REVOKED").conditions.endpoints
    assert faults.add(fault="EMPTY_RESPONSE").conditions.endpoints == ()


def test_durations_are_milliseconds(faults: FaultRegistry) -> None:
    dribble = {"numberOfChunks": 3, "totalDuration": 500}
    effect = faults.add(fixedDelayMilliseconds=250, chunkedDribbleDelay=dribble).effect
    assert effect.delay == 0.25
    assert effect.dribble is not None
    assert (effect.dribble.pieces, effect.dribble.seconds) == (3, 0.5)


def test_an_answer_without_a_status_is_a_200(faults: FaultRegistry) -> None:
    assert faults.add(answer={}).effect.status == 200


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid(faults: FaultRegistry, name: str) -> None:
    fault = faults.add_preset(name)
    assert fault.name == name
    assert (fault.rule["name"], faults.add(preset=name).rule) == (name, fault.rule)


def test_presets_can_be_changed(faults: FaultRegistry) -> None:
    fault = faults.add_preset("add-nodes-500-once", nth=7, name="mine", node={"title": "Rivers"})
    assert (fault.name, fault.turn.nth, fault.conditions.node) == ("mine", 7, {"title": "Rivers"})
    always = faults.add_preset("add-nodes-500-once", nth=None)
    assert always.turn.nth is None
    assert PRESETS["add-nodes-500-once"].rule["nth"] == 2

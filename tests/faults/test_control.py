"""Faults through /_fake/faults."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from fake_studio import FakeStudio
from support.caller import Caller


def control(fake: FakeStudio, method: str, path: str = "", body: Any = None, **headers: str) -> requests.Response:
    return requests.request(method, f"{fake.url}/_fake/faults{path}", json=body, headers=headers, timeout=10)


def test_add_one(caller: Caller, fake: FakeStudio) -> None:
    rule = {"name": "mine", "endpoint": "add_nodes", "nth": 1, "status": 500}
    assert control(fake, "POST", body=rule).json() == {"id": 1, **rule, "seen": 0, "fired": 0}
    assert caller.add(1, "a").status_code == 500
    assert control(fake, "GET").json() == [{"id": 1, **rule, "seen": 1, "fired": 1}]


def test_add_several(fake: FakeStudio) -> None:
    made = control(fake, "POST", body=[{"status": 500}, {"preset": "slow-studio"}]).json()
    assert [(fault["id"], fault["name"]) for fault in made] == [(1, "fault-1"), (2, "slow-studio")]
    assert made[1]["fixedDelayMilliseconds"] == 500


def test_remove(fake: FakeStudio) -> None:
    control(fake, "POST", body=[{"status": 500}, {"status": 503}])
    assert control(fake, "DELETE", "/1").json() == {"status": "ok"}
    assert [fault["id"] for fault in control(fake, "GET").json()] == [2]
    gone = control(fake, "DELETE", "/1")
    assert (gone.status_code, gone.json()) == (404, {"error": "Fault not found: 1. Allowed: 2."})


def test_clear(fake: FakeStudio) -> None:
    control(fake, "POST", body=[{"status": 500}, {"status": 503}])
    assert control(fake, "DELETE").json() == {"status": "ok"}
    assert control(fake, "GET").json() == []


@pytest.mark.parametrize("fake", ["documented", "deployed"], indirect=True)
def test_mistakes_are_answered(fake: FakeStudio) -> None:
    answer = control(fake, "POST", body=[{"status": 500}, {"statsu": 500}])
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("A fault has no key 'statsu'. Allowed: preset, name,")
    assert control(fake, "GET").json() == []


def test_no_fault_befalls_the_control_routes(fake: FakeStudio) -> None:
    control(fake, "POST", body={"status": 500})
    assert control(fake, "GET").ok
    assert control(fake, "DELETE").ok


def test_pages_of_other_origins_are_refused(fake: FakeStudio) -> None:
    assert control(fake, "POST", body={"status": 500}, Origin="https://example.org").status_code == 403


def test_reset(caller: Caller, fake: FakeStudio) -> None:
    control(fake, "POST", body={"status": 500})
    assert caller.login().status_code == 500
    requests.post(f"{fake.url}/_fake/reset", timeout=10)
    assert control(fake, "GET").json() == []
    assert caller.login().ok


def test_the_journal_can_be_asked_for_a_fault(caller: Caller, fake: FakeStudio) -> None:
    control(fake, "POST", body={"name": "mine", "endpoint": "check_version", "status": 500})
    caller.login()
    caller.post("check_version", {"version": "0.8.0"})
    found = requests.post(f"{fake.url}/_fake/requests/find", json={"fault": "mine"}, timeout=10).json()["requests"]
    assert [(each["endpoint"], each["fault"]) for each in found] == [("check_version", "mine")]

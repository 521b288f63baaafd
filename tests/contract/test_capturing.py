"""A chef's run as a scenario: it plays against another Studio, and has nothing of the chef's machine in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fake_studio import FakeStudio
from fake_studio.contract import PACKAGED, Suite, connect, load_scenarios, load_users
from fake_studio.contract.capture import Captured, capture
from fake_studio.contract.record import text_of
from fake_studio.contract.suite import HOLDS
from support.warm_python import warm_python

CHEFS = Path(__file__).parents[2] / "fixtures" / "chefs"
USERS = load_users(PACKAGED / "users.json")


@pytest.fixture(scope="module", params=["deployed", "documented"])
def captured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Captured:
    """What fixtures/chefs/every_kind.py asks of a Studio."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("chef"))
        return capture(
            "mine/every-kind",
            [warm_python(), str(CHEFS / "every_kind.py")],
            request.param,
            lambda line: None,
        )


def test_it_plays_elsewhere_again_and_again(captured: Captured, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    dialect = request.node.callspec.params["captured"]
    fake: FakeStudio = request.getfixturevalue(f"{dialect}_studio")
    (tmp_path / "mine.json").write_text(text_of([captured.scenario]))
    [scenario] = load_scenarios(tmp_path / "mine.json")
    for _ in range(2):
        outcome = Suite(connect(fake.url, USERS)).play(scenario)
        assert outcome.verdict == HOLDS, str(outcome.result)
    first, second = fake.studio.state.channels.values()
    assert first.name == second.name == "Water: one of every kind"
    assert sum(1 for _ in first.trees["staging"].descendants()) == 33


def test_it_tells_all_of_the_run_and_nothing_of_the_machine(captured: Captured) -> None:
    text = text_of([captured.scenario])
    assert (captured.exit_code, captured.strays) == (0, [])
    assert captured.requests == len(captured.scenario.steps) > 90
    asked = json.dumps([{**step, "expect": None} for step in captured.scenario.steps])
    assert re.findall(r"[0-9a-f]{32}", asked) == []
    assert captured.scenario.why == f"captured: {Path(warm_python()).name} every_kind.py"
    assert "127.0.0.1" not in text
    assert not [user["token"] for user in USERS.values() if user["token"] in text]
    assert {step["as"] for step in captured.scenario.steps} == {"chef", "anonymous"}


def test_old_chefs_forms_and_other_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chef = tmp_path / "old.py"
    chef.write_text(
        "import os, hashlib, requests\n"
        "url, token = os.environ['STUDIO_URL'], os.environ['STUDIO_TOKEN']\n"
        "def post(endpoint, **more):\n"
        "    headers = {'Authorization': 'Token ' + more.pop('token', token)}\n"
        "    return requests.post(url + '/api/internal/' + endpoint, headers=headers, **more)\n"
        "name = hashlib.md5(b'abc').hexdigest() + '.txt'\n"
        "post('file_diff', json=[name, 'd41d8cd98f00b204e9800998ecf8427e.txt'])\n"
        "post('file_upload', files={'file': (name, b'abc')})\n"
        "post('check_version', json={'version': '0.7.3'}, token='nobodys')\n"
        "requests.get(url + '/_fake/health')\n"
        "raise SystemExit(3)\n"
    )
    monkeypatch.chdir(tmp_path)
    told = capture("mine/old", [warm_python(), str(chef)], "deployed", lambda line: None)
    assert (told.exit_code, told.strays) == (3, [])
    asked = [{key: value for key, value in step.items() if key != "expect"} for step in told.scenario.steps]
    common = {"as": "chef", "method": "POST"}
    form = {"file": {"filename": "{{md5:file-1.txt}}.txt", "file": "file-1.txt"}}
    assert asked == [
        {
            **common,
            "path": "/api/internal/file_diff",
            "json": ["{{md5:file-1.txt}}.txt", "{{md5:empty:file-2.txt}}.txt"],
        },
        {**common, "path": "/api/internal/file_upload", "multipart": form},
        {**common, "as": "bad", "path": "/api/internal/check_version", "json": {"version": "0.7.3"}},
    ]
    assert [step["expect"]["status"] for step in told.scenario.steps] == [200, 200, 401]

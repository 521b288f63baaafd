"""Scenarios against a Studio that is in use: nothing that was there is touched, two runs do not meet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from fake_studio import FakeStudio
from fake_studio.contract import (
    PACKAGED,
    Outcome,
    Player,
    RunContext,
    Scenario,
    Suite,
    TargetUnusable,
    connect,
    load_scenarios,
    load_users,
)
from fake_studio.contract.isolation import RunIds
from fake_studio.contract.preflight import channels_of
from fake_studio.contract.suite import DIFFERS, HOLDS, SKIPPED
from fake_studio.core import refusals
from fake_studio.core.model import User
from fake_studio.rules import nodes as node_rules
from fake_studio.views import dicts
from fake_studio.web.dialects import DIALECTS

USERS = load_users(PACKAGED / "users.json")
NEEDS_AN_UNUSED_QUOTA = "upload_url/size-500MB"
NAMELESS = "create/id-empty"  # its channel has no id that a run could make its own


def play_all(fake: FakeStudio, dialect: str, **options: Any) -> list[Outcome]:
    return Suite(connect(fake.url, USERS), **options).play_all(load_scenarios(PACKAGED / dialect), lambda _: None)


def differing(outcomes: list[Outcome]) -> dict[str, list[int]]:
    told = [outcome.to_dict() for outcome in outcomes if outcome.verdict == DIFFERS]
    return {each["scenario"]: [step["step"] for step in each["differences"]] for each in told}


def skipped(outcomes: list[Outcome]) -> list[str]:
    return [outcome.scenario.name for outcome in outcomes if outcome.verdict == SKIPPED]


def a_step(path: str, body: Any, **more: Any) -> dict[str, Any]:
    return {"as": "chef", "method": "POST", "path": f"/api/internal/{path}", "json": body, **more}


def test_every_promise_holds_again_and_again_on_one_server(documented_studio: FakeStudio) -> None:
    for _ in range(2):
        outcomes = play_all(documented_studio, "documented")
        assert (differing(outcomes), skipped(outcomes)) == ({}, [])


def test_what_is_broken_is_named_and_once_it_is_mended_every_promise_holds(deployed_studio: FakeStudio) -> None:
    """On one server, where the first run must not be in the way of the second."""
    with pytest.MonkeyPatch.context() as patch:
        broken = break_two_rules(patch)
        assert differing(play_all(deployed_studio, "deployed")) == broken
    outcomes = play_all(deployed_studio, "deployed")
    assert (differing(outcomes), skipped(outcomes)) == ({}, [NAMELESS, NEEDS_AN_UNUSED_QUOTA])
    assert [each.id for each in deployed_studio.studio.state.channels.values() if not each.deleted] == []


def break_two_rules(patch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """An inactive user is answered as an unknown one, and a tag may be too long: the steps that differ then."""
    answers: Any = DIALECTS["deployed"].answers
    patch.setitem(answers, refusals.UserInactive, answers[refusals.TokenUnknown])
    patch.setattr(node_rules, "TAG_LIMIT", 31)
    endpoints = ("authenticate_user_internal", "check_user_is_editor", "create_channel", "file_upload")
    return {
        "add/tags-31": [2],
        "ordering/language-then-tag": [2],
        "remote/with-tags": [10, 11],
        **{f"auth/{name}/inactive-user": [1] for name in (*endpoints, "finish_channel", "get_tree_data")},
    }


def test_what_leaves_a_trace_is_played_when_that_is_asked_for(deployed_studio: FakeStudio) -> None:
    scenarios = [each for each in load_scenarios(PACKAGED / "deployed") if each.name == NAMELESS]
    (outcome,) = Suite(connect(deployed_studio.url, USERS)).play_all(scenarios, lambda _: None)
    assert outcome.obstacle == "it leaves the channel '' on the server for good: --leave-traces plays it"
    (outcome,) = Suite(connect(deployed_studio.url, USERS), leave_traces=True).play_all(scenarios, lambda _: None)
    assert outcome.verdict == HOLDS
    assert list(deployed_studio.studio.state.channels) == [""]


def test_with_reset_nothing_is_skipped(deployed_studio: FakeStudio) -> None:
    names = (NAMELESS, NEEDS_AN_UNUSED_QUOTA, "deploy/second-run")
    scenarios = [each for each in load_scenarios(PACKAGED / "deployed") if each.name in names]
    for _ in range(2):
        suite = Suite(connect(deployed_studio.url, USERS), reset=True)
        assert [outcome.verdict for outcome in suite.play_all(scenarios, lambda _: None)] == [HOLDS] * 3


def test_tokens_are_enough(users: dict[str, User]) -> None:
    told = [{"username": f"{role}@x.test", "token": role * 8, "first_name": "Test"} for role in ("other", "chef")]
    with FakeStudio(
        dialect="deployed", users=[dicts.user_from_dict(each, 70 + n) for n, each in enumerate(told)]
    ) as fake:
        target = connect(
            fake.url, {"chef": {"token": "chef" * 8}, "admin": {"token": "other" * 8}, "tiny": {"token": "x"}}
        )
        files = ("auth", "body", "diff", "upload_url", "publish")
        scenarios = [each for name in files for each in load_scenarios(PACKAGED / "deployed" / f"{name}.json")]
        outcomes = Suite(target).play_all(scenarios, lambda _: None)
    assert differing(outcomes) == {}
    reasons = {outcome.obstacle for outcome in outcomes if outcome.verdict == SKIPPED}
    assert "there is no user with the role other" in reasons
    assert "the role admin: the user is not an admin" in reasons
    assert any(reason.startswith("the role tiny: the token is rejected: 401") for reason in reasons)
    assert sum(outcome.verdict == HOLDS for outcome in outcomes) > 100


@pytest.fixture
def theirs(deployed_studio: FakeStudio, users: dict[str, User]) -> Iterator[str]:
    """A channel of the chef's that no run made; it must be as it was at the end of the test."""
    channel, studio = "6199dde695db4ee4ab392222d5af1e5c", deployed_studio.studio
    data = {"id": channel, "name": "Theirs", "description": "", "thumbnail": "", "language": "en"}
    body = {"channel_data": {**data, "source_id": "a", "source_domain": "b", "extra_fields": "{}", "files": []}}
    headers = {"Authorization": f"Token {USERS['chef']['token']}"}
    made = requests.post(f"{deployed_studio.url}/api/internal/create_channel", json=body, headers=headers, timeout=5)
    assert made.ok, made.text
    before = studio.channel(channel).to_dict()
    yield channel
    assert studio.channel(channel).to_dict() == before


def test_a_channel_that_is_written_out_becomes_one_of_the_runs_own(deployed_studio: FakeStudio, theirs: str) -> None:
    create = a_step(
        "create_channel", {"channel_data": {"id": theirs, "name": "Mine", "description": "", "thumbnail": ""}}
    )
    steps = [
        create,
        a_step("finish_channel", {"channel_id": theirs}),
        a_step("publish_channel", {"channel_id": theirs}),
    ]
    outcome = Suite(connect(deployed_studio.url, USERS)).play(Scenario("mine/one", "", steps))
    assert outcome.verdict == HOLDS
    assert len(deployed_studio.studio.state.channels) == 2


def test_a_channel_that_an_answer_told_of_is_not_touched(deployed_studio: FakeStudio, theirs: str) -> None:
    steps = [
        a_step("get_tree_data", {"channel_id": theirs, "tree": "main"}, save={"theirs": ["tree", 0]}),
        a_step("publish_channel", {"channel_id": "{{theirs}}"}),
    ]
    outcome = Suite(connect(deployed_studio.url, USERS)).play(Scenario("mine/one", "", steps))
    assert outcome.obstacle == "step 2 would change {{theirs}}, which the scenario did not make"


def test_a_run_that_was_there_already_is_not_touched(deployed_studio: FakeStudio) -> None:
    [scenario] = load_scenarios(PACKAGED / "deployed" / "put.json")
    created = next(each for each in load_scenarios(PACKAGED / "deployed" / "status.json") if each.name == "status/new")
    target = connect(deployed_studio.url, USERS)
    for expected in (HOLDS, SKIPPED):
        outcome = Suite(target, name="the same").play(created)
        assert outcome.verdict == expected
    assert "which is on this server already" in outcome.obstacle
    assert Suite(target, name="another").play(created).verdict == HOLDS
    assert channels_of(scenario, Suite(target).run) == []


def test_a_scenario_cannot_use_the_control_api(deployed_studio: FakeStudio, theirs: str) -> None:
    step = {"as": "anonymous", "method": "POST", "path": "/_fake/reset"}
    outcome = Suite(connect(deployed_studio.url, USERS)).play(Scenario("mine/one", "", [step]))
    assert outcome.obstacle == "a scenario must not use the control API"


def test_a_node_that_is_written_out_as_a_number_is_not_touched(documented_studio: FakeStudio) -> None:
    step = a_step("add_nodes", {"root_id": 1, "content_data": []})
    suite = Suite(connect(documented_studio.url, USERS))
    assert suite.play(Scenario("mine/one", "", [step])).verdict == HOLDS
    [created] = [each for each in load_scenarios(PACKAGED / "documented") if each.name == "page/create-channel"]
    assert suite.play(created).verdict == HOLDS
    assert "node 1" in suite.play(Scenario("mine/one", "", [step])).obstacle


def test_without_a_control_api_nothing_is_deployed_or_deleted(
    deployed_studio: FakeStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = connect(deployed_studio.url, USERS)
    target.dialect = None
    suite = Suite(target)
    outcomes = suite.play_all(
        [
            *load_scenarios(PACKAGED / "deployed" / "deploy.json"),
            *load_scenarios(PACKAGED / "deployed" / "editor.json"),
        ],
        lambda _: None,
    )
    assert {outcome.obstacle.partition(" ")[0] for outcome in outcomes if outcome.verdict == SKIPPED} == {"deploy"}
    assert [outcome.verdict for outcome in outcomes if outcome.scenario.name.startswith("editor/")] == [HOLDS] * 4
    there = [channel.id for channel in deployed_studio.studio.state.channels.values() if not channel.deleted]
    assert sorted(suite.left) == sorted(there)
    with pytest.raises(TargetUnusable, match="cannot be reset"):
        Suite(target, reset=True).play(outcomes[0].scenario)


def test_other_peoples_public_channels_are_not_looked_at(deployed_studio: FakeStudio) -> None:
    [listing] = [each for each in load_scenarios(PACKAGED / "deployed" / "public.json") if "list-has" in each.name]
    assert Player(deployed_studio.url, USERS, run=RunContext("kept")).play(listing).ok
    [channel] = deployed_studio.studio.state.channels.values()
    channel.public = True
    assert len(requests.get(f"{deployed_studio.url}/api/public/v1/channels", timeout=5).json()) == 1
    assert Suite(connect(deployed_studio.url, USERS)).play(listing).verdict == HOLDS
    assert Player(deployed_studio.url, USERS, run=RunContext("kept")).play(listing).exchanges[-1].mismatch, (
        "its own is told"
    )


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(TargetUnusable, match="does not answer"):
        connect("http://127.0.0.1:9", USERS)


def test_a_server_that_knows_nobody_is_told(deployed_studio: FakeStudio) -> None:
    with pytest.raises(TargetUnusable, match="takes none of the users"):
        connect(deployed_studio.url, {"chef": {"token": "nobody's"}})


def test_users_by_role_alone(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text(json.dumps({"chef": "abc"}))
    assert load_users(tmp_path / "users.json") == {"chef": {"role": "chef", "token": "abc"}}
    for wrong in ("3", '{"chef": 3}', "[3]", '[{"role": "chef"}]'):
        (tmp_path / "users.json").write_text(wrong)
        with pytest.raises(ValueError, match="a role and a token"):
            load_users(tmp_path / "users.json")


@pytest.mark.parametrize(
    "written",
    ["6199dde695db4ee4ab392222d5af1e5c", "6199DDE695DB4EE4AB392222D5AF1E5C", "abc", "naïve id"],
)
def test_an_id_that_is_written_out_is_sent_otherwise_and_read_as_it_was(written: str) -> None:
    step = a_step("finish_channel", {"channel_id": written, "note": "about abcd"})
    names = RunIds(Scenario("mine/one", "", [step]), RunContext("monday"))
    sent = names.with_run_ids(step)["json"]
    assert (sent["channel_id"] != written, len(sent["channel_id"]), sent["note"]) == (True, len(written), "about abcd")
    assert names.as_recorded({"channel": sent["channel_id"]}) == {"channel": written}
    assert names.with_run_ids(step) != RunIds(Scenario("mine/one", "", [step]), RunContext("tuesday")).with_run_ids(
        step
    )

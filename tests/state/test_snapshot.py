"""Snapshots: all that a Studio holds comes back, and the same state gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from fake_studio import FakeStudio, Studio
from fake_studio.contract import PACKAGED, Player, load_scenarios, load_users
from fake_studio.core.model import TREES
from fake_studio.core.values import KINDS
from fake_studio.snapshot import dump, load, parse, read, save, text
from fake_studio.views import dicts
from support.chefs_driver import CHANNEL, LENIENT, an_id, exercise_data, question_data, state_of
from support.growth import LINEAR, growth
from support.snapshots_driver import cook, finish, publish

FIXTURES = Path(__file__).parents[2] / "fixtures"
EXAMPLES = sorted((FIXTURES / "channels").glob("*.json"))
RECORDINGS = sorted((PACKAGED / "deployed").glob("*.json"))
FEW = 400  # exercises: each is written, read and made anew a dozen times


def test_the_state_to_be_saved_has_everything(rich: Studio) -> None:
    channel = rich.state.channels[CHANNEL]
    assert all(channel.trees[name] for name in TREES)
    assert {node.kind for node in rich.state.nodes.values()} == set(KINDS)
    assert channel.run is not None
    assert channel.run.skipped
    assert [channel.version, len(channel.published_versions)] == [2, 2]
    assert rich.state.announced


def test_the_same_state_gives_the_same_bytes(rich: Studio, other: Studio) -> None:
    before = text(rich.snapshot())
    assert text(rich.snapshot()) == before
    load(other, parse(before))
    assert text(other.snapshot()) == before


def test_everything_comes_back(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    mine, theirs = state_of(rich), state_of(other)
    for told in (mine, theirs):
        for channel in told["channels"].values():
            (channel["publishing"] or {}).pop("done", None)
            for edition in channel["published_versions"].values():
                edition["database"] = Path(edition["database"]).read_bytes()
    assert theirs == mine


def test_ids_that_a_client_holds_stay_valid(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    for number, node in rich.state.numbered.items():
        assert other.state.node(number, by_number=True).id == node.id
        assert other.state.node(node.id, by_number=False).number == number


def test_a_loaded_studio_goes_on_as_any_other(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    load(rich, rich.snapshot())
    for studio in (rich, other):
        finish(studio, CHANNEL, stage=True)
        studio.deploy_channel(CHANNEL)
        publish(studio, CHANNEL)
    assert text(other.snapshot()) == text(rich.snapshot())


def test_no_id_is_given_out_twice(rich: Studio) -> None:
    load(rich, rich.snapshot())
    before = set(rich.state.nodes)
    cook(rich, "a" * 32, [])
    assert len(rich.state.nodes) == len(before) + 4  # of main, trash and chef tree, and a topic


def test_what_was_published_is_still_served(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    for mine, theirs in zip(*(studio.state.channels[CHANNEL].published_versions.values() for studio in (rich, other))):
        assert Path(theirs["database"]).read_bytes() == Path(mine["database"]).read_bytes()
    assert other.channel(CHANNEL).to_dict()["tokens"] == rich.channel(CHANNEL).to_dict()["tokens"]


def test_the_run_and_its_findings_are_kept(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    codes = [finding.code for finding in rich.channel(CHANNEL).findings]
    assert {"node-skipped", "run-unfinished"} <= set(codes)
    assert [finding.code for finding in other.channel(CHANNEL).findings] == codes


def test_a_publish_under_way_is_told_as_ended(rich: Studio) -> None:
    job = rich.state.channels[CHANNEL].publishing
    rich.state.channels[CHANNEL].publishing = replace(job, state="running")
    [told, _] = rich.snapshot()["channels"]
    assert told["publishing"]["state"] == "failed"
    assert rich.state.channels[CHANNEL].publishing.state == "running"
    rich.state.channels[CHANNEL].publishing = job


def test_a_snapshot_shares_nothing_with_what_comes_later(rich: Studio) -> None:
    data = rich.snapshot()
    before = text(data)
    finish(rich, CHANNEL, stage=True)
    rich.deploy_channel(CHANNEL)
    publish(rich, CHANNEL)
    assert text(data) == before


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_what_the_recordings_leave_behind_comes_back(recording: Path) -> None:
    roles = load_users(PACKAGED / "users.json")
    users = [dicts.user_from_dict(user, number) for number, user in enumerate(roles.values(), start=1)]
    with FakeStudio(dialect="deployed", users=users) as fake:
        for scenario in load_scenarios(recording):
            fake.reset()
            assert Player(fake.url, roles).play(scenario).ok
            before = text(fake.studio.snapshot())
            load(fake.studio, parse(before))
            assert text(fake.studio.snapshot()) == before


def test_it_reads_line_by_line(rich: Studio) -> None:
    lines = text(rich.snapshot()).splitlines()
    assert ' "format": 1,' in lines
    assert lines.count('      "title": "Node document"') >= 3
    assert json.loads(text(rich.snapshot())) == json.loads(json.dumps(rich.snapshot()))


def test_what_nests_deeply_is_kept(rich: Studio, other: Studio) -> None:
    nested: Any = 0
    for _ in range(800):
        nested = [nested]
    rich.state.channels[CHANNEL].sent["nested"] = nested
    load(other, parse(text(rich.snapshot())))
    assert other.state.channels[CHANNEL].sent["nested"] == nested


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_load_and_stay_the_same(example: Path, tmp_path: Path) -> None:
    studio = Studio()
    studio.start_with(example)
    save(studio, tmp_path / example.name)
    assert (tmp_path / example.name).read_bytes() == example.read_bytes()
    studio.reset()
    assert studio.channel(studio.channels[0].id).name == "A small channel"
    studio.close()


def test_there_are_examples() -> None:
    assert [path.stem for path in EXAMPLES] == ["small_published", "small_staged"]


def test_over_http() -> None:
    with FakeStudio(seed=1) as one, FakeStudio(seed=1) as other:
        one.studio.start_with(EXAMPLES[0])
        told = requests.get(f"{one.url}/_fake/snapshot").content
        assert requests.put(f"{other.url}/_fake/snapshot", data=told).json() == {"status": "ok"}
        assert requests.get(f"{other.url}/_fake/snapshot").content == told
        answer = requests.put(f"{other.url}/_fake/snapshot", data="{}")
        assert (answer.status_code, "format" in answer.json()["error"]) == (400, True)


def test_three_times_the_nodes_take_three_times_as_long(other: Studio, tmp_path: Path) -> None:
    small, large = studio_of(FEW), studio_of(3 * FEW)
    steps: list[Callable[[Studio], object]] = [
        lambda studio: studio.mark("cooked"),
        lambda studio: studio.restore("cooked"),
        dump,
        lambda studio: save(studio, path_of(studio)),
        lambda studio: load(other, *read(path_of(studio))),
    ]

    def path_of(studio: Studio) -> Path:
        return tmp_path / f"{len(studio.state.nodes)}.json"

    for step in steps:
        assert growth(partial(step, small), partial(step, large)) < LINEAR
    assert len(other.state.nodes) == len(small.state.nodes) > FEW
    for studio in (small, large):
        studio.close()


def studio_of(count: int) -> Studio:
    """A Studio with so many exercises."""
    nodes = [exercise_data(question_data(), node_id=an_id(str(number))) for number in range(count)]
    studio = Studio(seed=3)
    cook(studio, CHANNEL, [])
    studio.add_nodes(studio.users[0], 4, nodes, strictness=LENIENT, by_number=True)
    return studio

"""The command ``fake-studio diff``, on files as they come from a chef and from the control API."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from fake_studio import FakeStudio
from fake_studio.cli import main
from fake_studio.snapshot import save
from support.warm_python import warm_python

FIXTURES = Path(__file__).parents[2] / "fixtures"

TREE: dict[str, Any] = {
    "node_id": "channel",
    "title": "Channel",
    "children": [{"node_id": "a", "content_id": "ca", "title": "A", "kind": "topic", "children": []}],
}


def written(path: Path, told: Any) -> str:
    path.write_text(json.dumps(told), encoding="utf-8")
    return str(path)


def test_the_same_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = written(tmp_path / "old.json", TREE), written(tmp_path / "new.json", {**TREE, "node_id": "other"})
    assert main(["diff", old, new]) == 0
    assert "No difference" in capsys.readouterr().out


def test_a_changed_title(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = copy.deepcopy(TREE)
    changed["children"][0]["title"] = "B"
    old, new = written(tmp_path / "old.json", TREE), written(tmp_path / "new.json", changed)
    assert main(["diff", old, new]) == 1
    assert 'title: "A" -> "B"' in capsys.readouterr().out
    assert main(["diff", old, new, "--json"]) == 1
    [told] = json.loads(capsys.readouterr().out).values()
    assert told["changed"][0]["fields"] == {"title": {"old": "A", "new": "B"}}


def test_snapshots_are_compared_channel_by_channel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def snapshot(*ids: str) -> dict[str, Any]:
        return {"channels": [{"id": each, "trees": {"main": {**TREE, "node_id": each}}} for each in ids]}

    old, new = written(tmp_path / "old.json", snapshot("x", "y")), written(tmp_path / "new.json", snapshot("x", "z"))
    assert main(["diff", old, new]) == 1
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith("Channel")] == ["Channel x", "Channel y", "Channel z"]


def test_a_snapshot_holds_the_tree_that_the_studio_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeStudio() as fake:
        assert fake.cook(FIXTURES / "chefs" / "small.py", python=warm_python()).exit_code == 0
        save(fake.studio, tmp_path / "saved.json")
        told = fake.channels[0].tree()
    saved = str(tmp_path / "saved.json")
    assert main(["diff", saved, written(tmp_path / "told.json", told)]) == 0
    told["children"][0]["title"] = "Another title"
    capsys.readouterr()
    assert main(["diff", saved, written(tmp_path / "told.json", told)]) == 1
    assert '-> "Another title"' in capsys.readouterr().out


@pytest.mark.parametrize("path", sorted((FIXTURES / "channels").glob("*.json")), ids=lambda path: path.stem)
def test_an_example_snapshot_equals_itself(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(path), str(path)]) == 0
    assert re.search(r"No difference in [1-9]\d* nodes", capsys.readouterr().out)


def test_a_file_that_holds_no_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = written(tmp_path / "old.json", TREE), written(tmp_path / "new.json", [])
    assert main(["diff", old, new]) == 2
    assert "new.json holds no tree" in capsys.readouterr().err

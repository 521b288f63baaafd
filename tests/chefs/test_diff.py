"""The command ``fake-studio diff``, on files as they come from a chef and from the control API."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from fake_studio.cli import main

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


def test_a_file_that_holds_no_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = written(tmp_path / "old.json", TREE), written(tmp_path / "new.json", [])
    assert main(["diff", old, new]) == 2
    assert "new.json holds no tree" in capsys.readouterr().err

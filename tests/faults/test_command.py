"""Faults from the command line: ``--faults FILE`` and ``cook --try-faults``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fake_studio.cli import main
from fake_studio.faults.presets import PRESETS
from support.warm_python import warm_python

CHEF = str(Path(__file__).parents[2] / "fixtures" / "chefs" / "small.py")


def test_a_file_of_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{"name": "broken", "endpoint": "finish_channel", "status": 500}]))
    assert main(["cook", CHEF, f"--python={warm_python()}", "--faults", str(faults)]) == 1
    said = capsys.readouterr().out
    assert "500 finish_channel" in said
    assert "'broken'" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [("{", "Expecting"), ("{}", "must hold a list of faults"), ('[{"endpint": "x"}]', "endpint"), ("[1]", "object")],
)
def test_a_bad_file_of_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, says: str) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text(content)
    with pytest.raises(SystemExit) as end:
        main(["cook", CHEF, "--faults", str(faults)])
    assert end.value.code == 2
    assert says in capsys.readouterr().err


def test_which_losses_a_chef_does_not_notice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cook", CHEF, f"--python={warm_python()}", "--try-faults"]) == 1
    rows = dict(re.findall(r"^([\w-]+|\(no fault\)) {2,}(nothing lost|failed|only logged|UNNOTICED|not met)",
                           capsys.readouterr().out, re.M))  # fmt: skip
    assert set(rows) == {"(no fault)", *PRESETS}
    assert rows["(no fault)"] == "nothing lost"
    assert rows["add-nodes-500-once"] == "only logged"
    assert rows["truncated-upload"] == "UNNOTICED"
    assert rows["create-channel-500"] == "failed"

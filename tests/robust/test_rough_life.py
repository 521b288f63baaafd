"""A few seconds of a life in which everything happens at once; rough_life.py does it for as long as one likes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the script reads its memory from /proc")
def test_nothing_is_lost_or_left_and_nothing_fails(tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(Path(__file__).with_name("rough_life.py")), "4"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    outcome = json.loads(ended.stdout)
    assert outcome["requests"]["200"] > 50
    assert (outcome["undefined_5xx"], outcome["lost_bytes"], outcome["left"]) == (0, 0, [])
    assert len(outcome["deeds"]) == 7
    assert list(tmp_path.iterdir()) == []

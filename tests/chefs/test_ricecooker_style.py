"""ricecooker's own situation: fixtures/suites/test_channel_manager.py, in a pytest that has not imported it yet."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from support.cook_command import CHEFS
from support.warm_python import warm_python

SUITES = CHEFS.parent / "suites"


@pytest.mark.parametrize("dialect", ["documented", "deployed"])
def test_channel_manager_against_the_fixture(dialect: str) -> None:
    options = ["-W", "error", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={SUITES}", "--strict-markers"]
    python = sys.executable if dialect == "documented" else warm_python()
    command = [python, "-m", "pytest", *options, f"--fake-studio-dialect={dialect}", "test_channel_manager.py"]
    done = subprocess.run(command, cwd=SUITES, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout

"""ricecooker's own situation: the suites of fixtures/suites that speak to its ChannelManager."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.cook_command import CHEFS
from support.inner import suite_command
from support.warm_python import warm_python

SUITES = CHEFS.parent / "suites"
# What ricecooker's own dependencies warn of when they are imported is not what these tests are about.
STRICT = ("-W", "error", "-W", "ignore::DeprecationWarning", "--strict-markers")


def run(suite: str, dialect: str) -> str:
    python = sys.executable if dialect == "documented" else warm_python()
    command = [*suite_command(python, SUITES), *STRICT, f"--fake-studio-dialect={dialect}", suite]
    return subprocess.run(command, cwd=SUITES, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("dialect", ["documented", "deployed"])
def test_ricecooker_that_no_test_has_imported(dialect: str) -> None:
    printed = run("test_channel_manager.py", dialect)
    assert "2 passed" in printed, printed


@pytest.mark.parametrize("dialect", ["documented", "deployed"])
def test_ricecooker_that_is_imported_already(dialect: str) -> None:
    printed = run("test_without_mocks.py", dialect)
    assert "7 passed" in printed, printed

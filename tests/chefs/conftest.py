"""Fixtures that run the command fake-studio in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable

import pytest

from support.cook_command import CHEFS, Cook, Outcome, command


@pytest.fixture
def cook(tmp_path: Path) -> Cook:
    """Cook one of the fixture chefs with the command."""

    def cooked(chef: str, *options: str, python: str = "") -> Outcome:
        own, separator, rest = _divided(options)
        reports = [f"--json={tmp_path / 'report.json'}", f"--junit={tmp_path / 'report.xml'}"]
        arguments = ["cook", str(CHEFS / chef), *reports, *own, *separator, *rest]
        done = subprocess.run(
            command(*arguments, python=python), capture_output=True, text=True, check=False, timeout=60
        )
        report = json.loads((tmp_path / "report.json").read_text())
        return Outcome(done.returncode, done.stdout, done.stderr, report, ET.parse(tmp_path / "report.xml").getroot())

    return cooked


def _divided(options: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    given = list(options)
    place = given.index("--") if "--" in given else len(given)
    return given[:place], given[place : place + 1], given[place + 1 :]


@pytest.fixture
def background(tmp_path: Path) -> Callable[..., Any]:
    """Run the command in the background, and end it when the test ends."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # who is killed leaves what was there

    @contextmanager
    def started(*arguments: str, python: str = "") -> Iterator[subprocess.Popen[str]]:
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command(*arguments, python=python), env=environment, **pipes) as process:
            try:
                yield process
            finally:
                process.kill()

    return started

"""A pytest run inside of a test: what the writer of a chef's tests would see."""

from __future__ import annotations

import importlib.metadata
import os
import textwrap
from pathlib import Path

import pytest

from support.warm_python import warm_python

ASK = """
import pytest, requests

def ask(fake, token=None, **body):
    headers = {"Authorization": f"Token {token or fake.token}"}
    return requests.post(f"{fake.url}/api/internal/create_channel", json=body, headers=headers)
"""


PLUGINS = {
    entry.name
    for distribution in importlib.metadata.distributions()
    for entry in distribution.entry_points
    if entry.group == "pytest11"
}
OF_USERS = {"fake_studio", "xdist", "xdist.looponfail"}
# Those that only our own tests need would take a second of each start, and of each worker's.
AS_USERS = ("-p", "no:cacheprovider", *(f"-pno:{name}" for name in sorted(PLUGINS - OF_USERS)))
STRICT = (*AS_USERS, "-W", "error", "--strict-markers")


def pytest_command(python: str) -> list[str]:
    """pytest with the plugins that users have."""
    return [python, "-m", "pytest", *AS_USERS]


def suite_command(python: str, folder: Path) -> list[str]:
    """pytest for tests of a folder that knows nothing of what is above it, such as our settings."""
    return [*pytest_command(python), "-c", os.devnull, f"--rootdir={folder}", f"--confcutdir={folder}"]


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """A run in this process."""
    pytester.makepyfile(ASK + textwrap.dedent(source))
    return pytester.runpytest_inprocess(*STRICT, *options)


def run_with_workers(pytester: pytest.Pytester, source: str, python: str | None = None) -> pytest.RunResult:
    """A run in a process of its own, with two more for the tests."""
    pytester.makepyfile(ASK + textwrap.dedent(source))
    return pytester.run(python or warm_python(), "-m", "pytest", "-n2", *STRICT)

"""A pytest run inside of a test: what the writer of a chef's tests would see."""

from __future__ import annotations

import textwrap

import pytest

from support.warm_python import warm_python

ASK = """
import pytest, requests

def ask(fake, token=None, **body):
    headers = {"Authorization": f"Token {token or fake.token}"}
    return requests.post(f"{fake.url}/api/internal/create_channel", json=body, headers=headers)
"""


STRICT = ("-W", "error", "--strict-markers", "-p", "no:cacheprovider")


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """A run in this process."""
    pytester.makepyfile(ASK + textwrap.dedent(source))
    return pytester.runpytest_inprocess(*STRICT, *options)


def run_with_workers(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    """A run in a process of its own, with two more for the tests."""
    pytester.makepyfile(ASK + textwrap.dedent(source))
    return pytester.run(warm_python(), "-m", "pytest", "-n2", *STRICT)

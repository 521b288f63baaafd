"""A pytest run inside of a test: what the writer of a chef's tests would see."""

from __future__ import annotations

import textwrap

import pytest

ASK = """
import pytest, requests

def ask(fake, token=None, **body):
    headers = {"Authorization": f"Token {token or fake.token}"}
    return requests.post(f"{fake.url}/api/internal/create_channel", json=body, headers=headers)
"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(ASK + textwrap.dedent(source))
    return pytester.runpytest_inprocess("-W", "error", "--strict-markers", "-p", "no:cacheprovider", *options)

"""The benchmarks still run. What they measure here means nothing, and is not looked at."""

from __future__ import annotations

import gc
import json
import sys

import pytest

from benchmarks import cooking, growing, inspecting, requesting, starting, telling, uploading
from benchmarks.measuring import Row
from benchmarks.sizes import TINY
from support.warm_python import warm_python


@pytest.mark.parametrize(
    "subject", [requesting, uploading, growing, cooking, inspecting], ids=lambda subject: subject.__name__
)
def test_every_subject_runs(subject: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "collect", lambda: 0)  # it would look each time at all that the tests before have left
    monkeypatch.setattr(sys, "executable", warm_python())
    rows = list(subject.rows(TINY))  # type: ignore[attr-defined]
    assert rows
    assert all(row.value > 0 or "memory" in row.measure for row in rows)


def test_starting_runs_where_its_yardsticks_are_installed() -> None:
    pytest.importorskip("moto")
    pytest.importorskip("pytest_httpserver")
    assert {row.yardstick for row in starting.rows(TINY)} >= {"bare Flask", "moto_server", "pytest-httpserver"}


def test_a_rate_is_compared_the_other_way_round() -> None:
    assert Row("s", "m", 100.0, "requests/s", "bare", 200.0).ratio == 2.0
    assert Row("s", "m", 200.0, "ms", "bare", 100.0).ratio == 2.0
    assert Row("s", "m", 2.0, "ms", aim=1.0).met is False


def test_the_table_is_that_of_the_kept_run() -> None:
    kept = json.loads(telling.RESULTS.read_text(encoding="utf-8"))
    assert telling.account(kept) in telling.README.read_text(encoding="utf-8")

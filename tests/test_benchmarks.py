"""The benchmarks still run. What they measure here means nothing, and is not looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import cooking, growing, requesting, starting, telling, uploading
from benchmarks.measuring import Row
from benchmarks.sizes import TINY

FOLDER = Path(telling.__file__).parent


@pytest.mark.parametrize("subject", [requesting, uploading, growing, cooking], ids=lambda subject: subject.__name__)
def test_every_subject_runs(subject: object) -> None:
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
    kept = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
    rows = [Row(**{key: value for key, value in row.items() if key not in ("ratio", "met")}) for row in kept["rows"]]
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert kept["about"] in readme
    assert telling.table(rows) in readme

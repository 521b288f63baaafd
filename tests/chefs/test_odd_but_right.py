"""The chef whose contents look odd and are right: a report that accuses one of them is worth nothing."""

from __future__ import annotations

import shutil

import pytest

from support.cook_command import Cook


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ricecooker measures films with ffmpeg")
def test_nothing_is_found(cook: Cook) -> None:
    outcome = cook("odd_but_right.py", "--strict")
    assert (outcome.code, outcome.codes, outcome.json["ok"]) == (0, set(), True)

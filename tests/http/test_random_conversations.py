"""Whatever is sent, Studio's statuses come back, and all that there is to look at still answers."""

from __future__ import annotations

import pytest

from support.conversations import converse


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_sent(seed: int) -> None:
    assert converse(seed, 120, look_every=120) == []

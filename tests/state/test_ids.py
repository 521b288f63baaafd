"""Ids."""

from __future__ import annotations

import uuid

from fake_studio.core.ids import IdGenerator


def test_a_hex_id_is_a_random_uuid_without_its_dashes() -> None:
    made, bits = IdGenerator(5), IdGenerator(5).random
    for _ in range(200):
        assert made.hex() == uuid.UUID(int=bits.getrandbits(128), version=4).hex

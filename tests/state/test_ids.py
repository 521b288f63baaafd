"""Ids."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

import pytest

from fake_studio.core.ids import IdGenerator


def test_a_hex_id_is_a_random_uuid_without_its_dashes() -> None:
    made, bits = IdGenerator(5), IdGenerator(5).random
    for _ in range(200):
        assert made.hex() == uuid.UUID(int=bits.getrandbits(128), version=4).hex


FORKING = """
import os
from fake_studio.core.ids import IdGenerator
ids = IdGenerator({seed})
reader, writer = os.pipe()
if not os.fork():
    os.write(writer, ids.hex().encode())
    os._exit(0)
print(os.read(reader, 32).decode() == ids.hex())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
@pytest.mark.parametrize(("seed", "repeats"), [(None, "False"), (7, "True")])
def test_a_forked_child_has_ids_of_its_own(seed: int | None, repeats: str) -> None:
    """Unless a seed says which."""
    code = FORKING.format(seed=seed)
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == repeats
